#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/ipsec/vici_message.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"

namespace rsip::agent {

/// A connection that the agent loads into charon, with a pre-shared key. Others are the user's own.
struct IkeConnection {
  std::string name;
  Ipv4Address remote;
  std::uint16_t remote_port = 500;
  std::string local_id;  ///< Names, not addresses: others share ours (RFC 3104 section 3).
  std::string remote_id;
  std::string secret_file;
  std::string secret{};  ///< What is in it.
  bool transport = false;
  std::vector<Ipv4Prefix> networks;  ///< Behind the peer; tunnel mode alone, at least one.
  Ipv4Address inner;                 ///< This host's address inside the tunnel, same.
  bool start = true;                 ///< At once, and again whenever it ends.
  bool operator==(const IkeConnection&) const = default;
};

/// Where connections begin.
struct IkeEnd {
  Ipv4Address local;             ///< Leased.
  std::vector<PortRange> ports;  ///< Leased with the SPIs, for transport mode.
  bool on_500 = false;           ///< The gateway knows this host by its cookies.
  bool operator==(const IkeEnd&) const = default;
};

/// So that a user sees whose it is, and no connection of his own is replaced.
std::string charon_name(const IkeConnection& connection);

// Bodies of VICI commands.
vici::Section load_shared(const IkeConnection& connection);
vici::Section load_conn(const IkeConnection& connection, const IkeEnd& end);
vici::Section unload_conn(const IkeConnection& connection);
vici::Section initiate(const IkeConnection& connection);

}  // namespace rsip::agent
