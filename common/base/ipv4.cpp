#include "common/base/ipv4.h"

#include <charconv>

namespace rsip {
namespace {

/// Reads one decimal number of at most max off the front of text; -1 if there is none.
int take_number(std::string_view& text, int max) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > max || text.front() == '-') return -1;
  if (end - text.data() > 1 && text.front() == '0') return -1;  // "010" is octal to some readers
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

Result<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  const auto malformed = [&] {
    return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' is not an IPv4 address",
                "expected four numbers of 0-255, for example 10.1.0.1");
  };
  std::string_view rest = text;
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (rest.empty() || rest.front() != '.') return malformed();
      rest.remove_prefix(1);
    }
    const int octet = rest.empty() ? -1 : take_number(rest, 255);
    if (octet < 0) return malformed();
    value = value << 8 | static_cast<std::uint32_t>(octet);
  }
  if (!rest.empty()) return malformed();
  return Ipv4Address{value};
}

std::string Ipv4Address::to_string() const {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(value >> shift & 0xFF);
    if (shift > 0) text += '.';
  }
  return text;
}

bool Ipv4Address::is_usable_source() const {
  return value >> 24 != 0 && !is_loopback() && !is_multicast() && value >> 28 != 0xF;
}

Result<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto address = Ipv4Address::parse(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  int length = 32;
  if (slash != std::string_view::npos) {
    std::string_view rest = text.substr(slash + 1);
    length = rest.empty() ? -1 : take_number(rest, 32);
    if (length < 0 || !rest.empty()) {
      return fail(ErrorKind::kConfigInvalid,
                  "'" + std::string(text) + "' has no prefix length of 0-32 after the slash");
    }
  }
  const Ipv4Prefix prefix{*address, static_cast<std::uint8_t>(length)};
  if (!prefix.contains(*address)) {
    const Ipv4Prefix network{{address->value & prefix.mask()}, prefix.length};
    return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' has host bits set",
                "did you mean " + network.to_string() + "?");
  }
  return prefix;
}

std::string Ipv4Prefix::to_string() const {
  return address.to_string() + "/" + std::to_string(length);
}

}  // namespace rsip
