#include <charconv>

#include "agent/discovery/lease_file.h"
#include "agent/discovery/lease_option.h"
#include "common/slp/text.h"

namespace rsip::agent {
namespace {

constexpr std::string_view kScopeKey = "slp_service_scope";

template <class T>
std::optional<T> read_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> option_code(std::string_view key) {
  if (key == "ROUTER" || key == "routers") return kRouterOption;
  if (key == "slp_directory_agent") return kDirectoryAgentOption;
  if (key == kScopeKey) return kServiceScopeOption;
  for (const std::string_view prefix : {"OPTION_", "private_", "unknown_"}) {
    if (key.starts_with(prefix)) return read_number<unsigned>(key.substr(prefix.size()));
  }
  return std::nullopt;
}

/// The value as on the wire: from hex, from what dhclient prints, or the text itself.
std::string value_bytes(std::string_view key, std::string_view value) {
  if (key == kScopeKey) {
    const std::size_t flag = value.starts_with("true ") ? 5 : value.starts_with("false ") ? 6 : 0;
    return '\0' + std::string(value.substr(flag));
  }
  if (const auto bytes = hex_bytes(value)) return *bytes;
  const std::string bytes = option_bytes(value);
  if (key == "slp_directory_agent" && bytes.size() % 4 == 0) return '\0' + bytes;
  return bytes.empty() ? std::string(value) : bytes;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = slp::trim(text.substr(0, end));
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return line;
}

}  // namespace

std::optional<LeaseHints> read_key_value_lease(std::string_view text, unsigned option,
                                               std::int64_t now) {
  LeaseHints hints;
  bool relevant = true;  // until a section begins that is not the lease's
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.starts_with('[')) relevant = line == "[dhcp4]";
    const auto equals = line.find('=');
    if (!relevant || line.starts_with('#') || equals == std::string_view::npos) continue;
    const auto key = slp::trim(line.substr(0, equals));
    const auto value = slp::trim(line.substr(equals + 1));
    if (key == "expiry") hints.expires = read_number<std::int64_t>(value);
    if (const auto code = option_code(key)) {
      take_option(hints, *code, value_bytes(key, value), option);
    }
  }
  const bool expired = hints.expires && *hints.expires <= now;
  if (expired || !says_something(hints)) return std::nullopt;
  return hints;
}

}  // namespace rsip::agent
