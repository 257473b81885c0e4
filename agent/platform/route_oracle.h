#pragma once

#include <cstdint>
#include <string>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// A packet that this host might send.
struct RouteQuestion {
  Ipv4Address destination;
  std::uint16_t port = 0;  ///< Of TCP; 0: not given.
  std::uint32_t user = 0;  ///< Whose socket sends it: rules may ask for that.
};

enum class RouteKind : std::uint8_t { kUnicast, kLocal, kBroadcast, kMulticast, kNone };

/// Where the kernel would send it.
struct RouteAnswer {
  RouteKind kind = RouteKind::kNone;
  std::string why_none;  ///< With kNone: the kernel's word, "Network is unreachable".
  std::string device;
  Ipv4Address router;  ///< Unspecified: the destination is on the link.
  Ipv4Address source;
  Ipv4Prefix prefix;                ///< Of the route.
  std::string table;                ///< Where the route is: name, or number.
  std::uint32_t rule_priority = 0;  ///< Of the rule that led to it.
  std::string rule;                 ///< As `ip rule` prints it; empty: not found.
  bool operator==(const RouteAnswer&) const = default;
};

/// Asks the kernel which way a packet would take.
class RouteOracle {
 public:
  virtual ~RouteOracle() = default;

  /// errors   kOther if the kernel does not say
  virtual Result<RouteAnswer> explain(const RouteQuestion& question) = 0;
};

}  // namespace rsip::agent
