#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ipv4.h"
#include "common/slp/message.h"
#include "common/slp/service_url.h"

namespace rsip::gateway {

/// What the gateway says about itself by SLP, and where.
struct SlpAgentSettings {
  Ipv4Address address;          ///< Of the interface towards the hosts.
  Ipv4Address service_address;  ///< Of the gateway, as hosts shall use it.
  std::uint16_t service_port = slp::kDefaultRsipPort;
  std::vector<std::string> scopes = {"DEFAULT"};
  std::vector<std::string> tunnel_types = {"IP-IP"};  ///< IP-IP, GRE, L2TP, NONE.
  std::vector<std::string> transports = {"TCP"};      ///< TCP, UDP.
  std::optional<bool> ipsec_support;                  ///< None: nothing is said about it.
  std::optional<bool> ike_support;
  std::uint16_t lifetime_s = 3600;  ///< Of the advertisement; renewed after three quarters.
  std::optional<Ipv4Address> directory_agent;  ///< None: those that make themselves heard.
  /// A change of load is told to directory agents at most this often.
  std::chrono::milliseconds load_interval = std::chrono::seconds(15);
  /// Waits for an acknowledgement behind each sending of a registration (RFC 2608 section 13,
  /// CONFIG_RETRY), and the pause before all of that begins anew.
  std::vector<std::chrono::milliseconds> retries = {
      std::chrono::seconds(2), std::chrono::seconds(4), std::chrono::seconds(8)};
  std::chrono::milliseconds pause = std::chrono::seconds(60);
  std::uint16_t port = slp::kPort;
  Ipv4Address group = slp::kMulticastGroup;
  std::size_t max_datagram = slp::kMaxDatagramBytes;
};

}  // namespace rsip::gateway
