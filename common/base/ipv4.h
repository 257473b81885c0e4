#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace rsip {

/// An IPv4 address, kept in host byte order.
struct Ipv4Address {
  std::uint32_t value = 0;

  /// Dotted quad to address; errors kConfigInvalid naming the text.
  static Result<Ipv4Address> parse(std::string_view text);

  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] bool is_unspecified() const { return value == 0; }
  [[nodiscard]] bool is_loopback() const { return value >> 24 == 127; }
  [[nodiscard]] bool is_multicast() const { return value >> 28 == 0xE; }
  [[nodiscard]] bool is_broadcast() const { return value == 0xFFFFFFFF; }
  /// True if a host may use it as the source of a packet to another host.
  [[nodiscard]] bool is_usable_source() const;

  auto operator<=>(const Ipv4Address&) const = default;
};

/// An IPv4 network: address with the host bits cleared, and prefix length 0..32.
struct Ipv4Prefix {
  Ipv4Address address;
  std::uint8_t length = 0;

  /// "10.0.0.0/8", or an address alone meaning /32; errors kConfigInvalid, also if host bits are
  /// set.
  static Result<Ipv4Prefix> parse(std::string_view text);

  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::uint32_t mask() const { return length == 0 ? 0 : ~0U << (32 - length); }
  [[nodiscard]] bool contains(Ipv4Address a) const { return (a.value & mask()) == address.value; }

  auto operator<=>(const Ipv4Prefix&) const = default;
};

}  // namespace rsip

template <>
struct std::hash<rsip::Ipv4Address> {
  std::size_t operator()(rsip::Ipv4Address a) const noexcept { return a.value; }
};
