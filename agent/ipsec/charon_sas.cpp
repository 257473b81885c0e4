#include "agent/ipsec/charon_sas.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace rsip::agent {
namespace {

template <class Number>
Number number(std::string_view text, int base) {
  Number value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && stop == text.data() + text.size() ? value : Number{0};
}

/// A name as it can be shown on any terminal and sent as JSON.
std::string printable(std::string name) {
  std::ranges::replace_if(name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

CharonChild read_child(const vici::Section& section) {
  return {std::string(section.text("uniqueid")), number<std::uint32_t>(section.text("spi-in"), 16),
          number<std::uint32_t>(section.text("spi-out"), 16), section.text("encap") == "yes"};
}

CharonSa read_sa(const std::string& name, const vici::Section& section) {
  CharonSa sa{printable(name),
              std::string(section.text("uniqueid")),
              Ipv4Address::parse(section.text("local-host")).value_or(Ipv4Address{}),
              number<std::uint16_t>(section.text("local-port"), 10),
              {}};
  const vici::Section* const children = section.section("child-sas");
  if (children == nullptr) return sa;
  for (const vici::Entry& entry : children->entries) {
    const auto* const child = std::get_if<vici::Section>(&entry.value);
    if (child != nullptr) sa.children.push_back(read_child(*child));
  }
  return sa;
}

vici::Section termination(const char* key, const std::string& id, bool force) {
  vici::Section message;
  message.set(key, id);
  if (force) message.set("force", std::string("yes"));
  message.set("timeout", std::string("-1"));
  return message;
}

}  // namespace

std::vector<CharonSa> read_charon_sas(const vici::Section& event) {
  std::vector<CharonSa> sas;
  for (const vici::Entry& entry : event.entries) {
    const auto* const section = std::get_if<vici::Section>(&entry.value);
    if (section != nullptr) sas.push_back(read_sa(entry.name, *section));
  }
  return sas;
}

std::vector<vici::Section> terminations(const std::vector<CharonSa>& sas,
                                        const std::set<std::uint32_t>& spis, bool force) {
  std::vector<vici::Section> messages;
  for (const CharonSa& sa : sas) {
    const auto ends = [&](const CharonChild& child) { return spis.contains(child.spi_in); };
    if (sa.children.empty()) continue;
    if (std::ranges::all_of(sa.children, ends)) {
      messages.push_back(termination("ike-id", sa.id, force));
      continue;
    }
    for (const CharonChild& child : sa.children) {
      if (ends(child)) messages.push_back(termination("child-id", child.id, force));
    }
  }
  return messages;
}

std::vector<vici::Section> terminations_at(const std::vector<CharonSa>& sas,
                                           const std::set<Ipv4Address>& local, bool force) {
  std::vector<vici::Section> messages;
  for (const CharonSa& sa : sas) {
    if (local.contains(sa.local)) messages.push_back(termination("ike-id", sa.id, force));
  }
  return messages;
}

}  // namespace rsip::agent
