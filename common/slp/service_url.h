#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace rsip::slp {

inline constexpr std::string_view kRsipService = "service:rsip";
inline constexpr std::string_view kDirectoryAgentService = "service:directory-agent";
inline constexpr std::string_view kServiceAgentService = "service:service-agent";
/// Where an RSIP gateway listens whose URL names no port (RFC 3103 section 12). A port in the URL
/// wins: RFC 3105's own example has 4455.
inline constexpr std::uint16_t kDefaultRsipPort = 4555;

/// "service:rsip://gateway.mydomain:4455" (RFC 2609 section 2.1, RFC 3105 section 7).
struct ServiceUrl {
  std::string type;  ///< In lower case: "service:rsip".
  std::string host;  ///< IPv4 address or name.
  std::optional<std::uint16_t> port;

  /// A user part, a path and attributes behind the host are read over.
  ///
  /// errors   kProtocol: no service URL, no host, an IPv6 address (the private network of RSIP is
  ///          IPv4), a port that is none
  static Result<ServiceUrl> parse(std::string_view text);
  [[nodiscard]] std::string print() const;
  bool operator==(const ServiceUrl&) const = default;
};

}  // namespace rsip::slp
