#include "agent/discovery/lease_option.h"

#include <algorithm>
#include <charconv>

#include "common/base/bytes.h"
#include "common/slp/text.h"

namespace rsip::agent {
namespace {

constexpr std::size_t kMaxAddresses = 16;
constexpr std::size_t kMaxText = 1024;  // an option has 255 bytes, a long one (RFC 3396) few more
constexpr std::string_view kSeparators = " \t,";

std::optional<unsigned> read_number(std::string_view text, int base) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string bytes_of(Ipv4Address address) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(address.value >> shift & 0xFF);
  }
  return bytes;
}

/// Takes the quoted text off the front: \" \\ and octal \012 as dhclient writes them.
std::string take_quoted(std::string_view& text) {
  std::string out;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const bool escaped = text.front() == '\\' && text.size() > 1;
    const auto octal =
        escaped && text.size() >= 4 ? read_number(text.substr(1, 3), 8) : std::optional<unsigned>();
    out += octal ? static_cast<char>(*octal) : text[escaped ? 1 : 0];
    text.remove_prefix(octal ? 4 : escaped ? 2 : 1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return out;
}

std::string word_bytes(std::string_view word) {
  if (word == "true") return std::string(1, '\1');
  if (word == "false") return std::string(1, '\0');
  if (const auto address = Ipv4Address::parse(word)) return bytes_of(*address);
  std::string bytes;
  while (!word.empty()) {
    const auto colon = word.find(':');
    const auto digits = word.substr(0, colon);
    const auto byte = digits.size() <= 2 ? read_number(digits, 16) : std::optional<unsigned>();
    if (!byte) return {};
    bytes += static_cast<char>(*byte);
    word = colon == std::string_view::npos ? std::string_view() : word.substr(colon + 1);
  }
  return bytes;
}

std::vector<Ipv4Address> read_addresses(std::string_view bytes) {
  std::vector<Ipv4Address> addresses;
  ByteReader in({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  while (in.remaining() >= 4 && addresses.size() < kMaxAddresses) {
    const Ipv4Address address{in.u32()};
    if (address.is_usable_source()) addresses.push_back(address);
  }
  return addresses;
}

std::optional<NamedGateway> read_named(std::string_view text) {
  const auto colon = text.find(':');
  const auto address = Ipv4Address::parse(text.substr(0, colon));
  if (!address || !address->is_usable_source()) return std::nullopt;
  if (colon == std::string_view::npos) return NamedGateway{*address, std::nullopt};
  const auto port = read_number(text.substr(colon + 1), 10);
  if (!port || *port == 0 || *port > 65535) return std::nullopt;
  return NamedGateway{*address, static_cast<std::uint16_t>(*port)};
}

/// Four bytes are an address even if they happen to be printable. More than that are text if a
/// text of addresses or names could be written with them.
bool is_text(std::string_view bytes) {
  return bytes.size() > 4 && std::all_of(bytes.begin(), bytes.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  std::string_view(".-:, \t\r\n").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::string option_bytes(std::string_view printed) {
  std::string bytes;
  while (!printed.empty() && bytes.size() < kMaxText) {
    if (printed.front() == '"') {
      bytes += take_quoted(printed);
    } else if (kSeparators.find(printed.front()) != std::string_view::npos) {
      printed.remove_prefix(1);
    } else {
      const auto end = std::min(printed.find_first_of(" \t,\""), printed.size());
      bytes += word_bytes(printed.substr(0, end));
      printed.remove_prefix(end);
    }
  }
  return bytes;
}

std::optional<std::string> hex_bytes(std::string_view text) {
  std::string bytes;
  while (!text.empty() && bytes.size() < kMaxText) {
    const auto byte =
        text.size() < 2 ? std::optional<unsigned>() : read_number(text.substr(0, 2), 16);
    if (!byte) return std::nullopt;
    bytes += static_cast<char>(*byte);
    text.remove_prefix(2);
    if (text.starts_with(':')) text.remove_prefix(1);
  }
  return bytes;
}

std::vector<NamedGateway> read_gateway_option(std::string_view bytes) {
  std::vector<NamedGateway> gateways;
  if (!is_text(bytes)) {
    for (const Ipv4Address address : read_addresses(bytes.size() % 4 == 0 ? bytes : "")) {
      gateways.push_back({address, std::nullopt});
    }
    return gateways;
  }
  while (!bytes.empty() && gateways.size() < kMaxAddresses) {
    const auto end = std::min(bytes.find_first_of(", \t\r\n"), bytes.size());
    if (const auto named = read_named(bytes.substr(0, end))) gateways.push_back(*named);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return gateways;
}

// Options 78 and 79 begin with an octet that says whether the administrator insists; they are all
// there is to go by here in any case.
void take_option(LeaseHints& hints, unsigned code, std::string_view bytes, unsigned option) {
  const std::string_view behind_flag = bytes.substr(std::min<std::size_t>(1, bytes.size()));
  if (option != 0 && code == option) hints.gateways = read_gateway_option(bytes);
  if (code == kDirectoryAgentOption) hints.directory_agents = read_addresses(behind_flag);
  if (code == kServiceScopeOption) {
    hints.scopes.clear();
    for (const auto scope : slp::split_list(behind_flag)) {
      if (auto plain = slp::unescape(scope)) hints.scopes.push_back(std::move(*plain));
    }
  }
  if (code != kRouterOption) return;
  const auto routers = read_addresses(bytes);
  if (!routers.empty()) hints.router = routers.front();
}

bool says_something(const LeaseHints& hints) {
  return !hints.gateways.empty() || !hints.directory_agents.empty() || !hints.scopes.empty() ||
         hints.router.has_value();
}

}  // namespace rsip::agent
