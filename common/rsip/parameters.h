#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/rsip/registry.h"

namespace rsip::msg {

/// "Any will do": length-1 address (RFC 3103 section 8.1).
struct DontCare {
  bool operator==(const DontCare&) const = default;
};

struct Ipv4Netmask {
  std::uint32_t value = 0;
  bool operator==(const Ipv4Netmask&) const = default;
};

struct Ipv6Address {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Ipv6Address&) const = default;
};

struct Fqdn {
  std::string name;  ///< ASCII, 1..255 characters, no terminator.
  bool operator==(const Fqdn&) const = default;
};

/// Address parameter. The type octet that came with a don't-care is not kept; we send IPv4's.
using Address = std::variant<DontCare, Ipv4Address, Ipv4Netmask, Ipv6Address, Fqdn>;

/// The IPv4 address in it, or nothing for every other kind.
std::optional<Ipv4Address> ipv4_of(const Address& address);

/// What a ports or SPI parameter says about its numbers.
enum class Form : std::uint8_t {
  kDontNeed,    ///< length 0; only in RSIPSEC messages (RFC 3104 section 6.2)
  kDontCare,    ///< a count, no numbers
  kContiguous,  ///< a count and the first number
  kListed,      ///< a count and as many numbers
};

/// Ports parameter (RFC 3103 section 8.2). One port is always kContiguous with count 1.
struct Ports {
  Form form = Form::kDontCare;
  std::uint8_t count = 1;              ///< 1..255; 0 only with kDontNeed
  std::vector<std::uint16_t> numbers;  ///< kContiguous: one; kListed: count; else none

  static Ports dont_need() { return {Form::kDontNeed, 0, {}}; }
  static Ports dont_care(std::uint8_t count) { return {Form::kDontCare, count, {}}; }
  static Ports contiguous(PortRange range);               ///< range.count 1..255
  static Ports listed(std::vector<std::uint16_t> ports);  ///< 1..255 ports; one becomes kContiguous

  /// Sorted ranges of the ports named; empty for don't care and don't need.
  [[nodiscard]] std::vector<PortRange> ranges() const;

  bool operator==(const Ports&) const = default;
};

/// SPI parameter (RFC 3104 section 6.2). One SPI is always kContiguous with count 1.
struct Spis {
  Form form = Form::kDontCare;  ///< never kDontNeed
  std::uint16_t count = 1;
  std::vector<std::uint32_t> numbers;

  static Spis dont_care(std::uint16_t count) { return {Form::kDontCare, count, {}}; }
  static Spis contiguous(std::uint32_t first, std::uint16_t count) {
    return {Form::kContiguous, count, {first}};
  }
  static Spis listed(std::vector<std::uint32_t> spis);

  bool operator==(const Spis&) const = default;
};

struct FlowPolicy {
  LocalFlowPolicy local = LocalFlowPolicy::kMacro;
  RemoteFlowPolicy remote = RemoteFlowPolicy::kNone;
  bool operator==(const FlowPolicy&) const = default;
};

/// Lease time parameter: whole seconds, 0 .. 2^32-1 (RFC 3103 section 8.3).
using LeaseTime = std::chrono::duration<std::uint32_t>;

/// Vendor specific parameter, kept as it came (RFC 3103 section 8.12).
struct VendorSpecific {
  std::uint16_t vendor = 0;
  std::uint16_t subtype = 0;
  std::vector<std::uint8_t> value;
  bool operator==(const VendorSpecific&) const = default;
};

/// A parameter of the private-use types 241-255, kept as it came (RFC 3103 section 12).
struct PrivateUse {
  std::uint8_t type = 241;
  std::vector<std::uint8_t> value;
  bool operator==(const PrivateUse&) const = default;
};

}  // namespace rsip::msg
