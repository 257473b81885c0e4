#include "agent/cli/bugreport/redactor.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <functional>
#include <netinet/in.h>

#include "agent/cli/doctor/networks.h"

namespace rsip::cli::bugreport {
namespace {

constexpr std::size_t kShortestName = 3;  // "a" as a host's name would spoil every text

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
/// Of addresses of every family.
bool is_address_part(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':';
}

/// Addresses that say the same everywhere: masks, multicast, "any", and those of no network.
bool says_nothing(Ipv4Address address) {
  return address.is_unspecified() || address.is_multicast() || address.is_broadcast() ||
         address.value >= 0xF0000000 || address.value >> 24 == 0 || doctor::is_private(address);
}

bool is_mac(const std::string& word) {
  if (word.size() != 17) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool colon = i % 3 == 2;
    if (colon != (word[i] == ':') || (!colon && word[i] == '.')) return false;
  }
  return word != "00:00:00:00:00:00" && word != "ff:ff:ff:ff:ff:ff";
}

/// Of the world or of a site, or of a link: these have the link-layer address in them.
bool is_telling_ipv6(const std::string& word) {
  in6_addr address{};
  if (std::ranges::count(word, ':') < 2 || inet_pton(AF_INET6, word.c_str(), &address) != 1) {
    return false;
  }
  const std::uint8_t first = address.s6_addr[0];
  const bool link_local = first == 0xFE && (address.s6_addr[1] & 0xC0) == 0x80;
  const bool whole_link = link_local && word == "fe80::";
  return (first & 0xE0) == 0x20 || (first & 0xFE) == 0xFC || (link_local && !whole_link);
}

/// Replacing these would spoil more than it hides.
bool is_ordinary(const std::string& name) {
  constexpr std::array kOrdinary = {"agent",  "auto",   "debian",  "gateway", "host",
                                    "lease",  "linux",  "local",   "name",    "network",
                                    "router", "rsip",   "rsipctl", "rsipd",   "status",
                                    "tunnel", "ubuntu", "user",    "address", "localhost"};
  return std::ranges::find(kOrdinary, name) != kOrdinary.end();
}

}  // namespace

void Redactor::learn(const std::string& name, const std::string& kind) {
  const bool known = std::ranges::any_of(names_, [&](const auto& n) { return n.first == name; });
  if (name.size() < kShortestName || is_ordinary(name) || known) return;
  names_.emplace_back(name, kind);
  std::ranges::stable_sort(names_, std::greater<>{}, [](const auto& n) { return n.first.size(); });
}

std::string Redactor::redact(const std::string& text) {
  return redact_addresses(redact_names(text));
}

std::map<std::string, std::size_t> Redactor::counts() const {
  return last_number_;
}

std::string Redactor::alias(const std::string& original, const std::string& kind) {
  const auto [place, is_new] = aliases_.try_emplace(original);
  if (is_new) place->second = kind + "-" + std::to_string(++last_number_[kind]);
  return place->second;
}

std::string Redactor::redact_names(std::string text) {
  for (const auto& [name, kind] : names_) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      const std::size_t end = at + name.size();
      const bool alone =
          (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
      const std::string stand_in = alone ? alias(name, kind) : name;
      text.replace(at, name.size(), stand_in);
      at += stand_in.size();
    }
  }
  return text;
}

std::string Redactor::redact_addresses(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = is_address_part(text[at]) && (at == 0 || !is_word(text[at - 1]));
    if (!begins) {
      result += text[at++];
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_address_part(text[end])) ++end;
    const std::string word = text.substr(at, end - at);
    const bool alone = end == text.size() || !is_word(text[end]);
    result += alone ? redact_word(word) : word;
    at = end;
  }
  return result;
}

// A colon or a full stop may follow that belongs to the sentence, or a port.
std::string Redactor::redact_word(const std::string& word) {
  if (is_mac(word)) return alias(word, "mac");
  if (is_telling_ipv6(word)) return alias(word, "address");
  const std::size_t colon = std::min(word.find(':'), word.size());
  std::string front = word.substr(0, colon);
  std::string rest = word.substr(colon);
  if (front.ends_with('.')) {
    front.pop_back();
    rest.insert(0, ".");
  }
  const auto address = Ipv4Address::parse(front);
  if (address && !says_nothing(*address)) return alias(front, "address") + rest;
  if (rest == ":" || colon == word.size()) return word;
  if (word.ends_with(':')) return redact_word(word.substr(0, word.size() - 1)) + ":";
  // "::ffff:203.0.113.10" and "1:203.0.113.10" have one at their end.
  return word.substr(0, colon + 1) + redact_word(word.substr(colon + 1));
}

}  // namespace rsip::cli::bugreport
