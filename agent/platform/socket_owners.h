#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/ipv4.h"

namespace rsip::agent {

/// A socket of this host, by the addresses of the packets that it sends. Of ICMP the port is the
/// identifier of the query.
struct HostSocket {
  std::uint8_t protocol = 0;
  Ipv4Address local;
  std::uint16_t port = 0;
  Ipv4Address remote;
  std::uint16_t remote_port = 0;
  bool operator==(const HostSocket&) const = default;
};

struct SocketOwner {
  std::uint32_t user = 0;
  std::string user_name;      ///< Its number if it has none.
  std::uint32_t process = 0;  ///< 0: not to be found out.
  std::string program;        ///< Of the process, printable; empty: not to be found out.
  bool operator==(const SocketOwner&) const = default;
};

/// Knows whose the sockets of this host are.
class SocketOwners {
 public:
  virtual ~SocketOwners() = default;

  /// Takes some milliseconds, on a host with very many processes some tenths of a second.
  ///
  /// only_user   leave out the sockets of all others; nothing: of nobody
  /// returns     one for each socket, in their order; nothing for a socket that is left out or
  ///             gone, or whose owner the system does not tell
  virtual std::vector<std::optional<SocketOwner>> find(
      std::span<const HostSocket> sockets,
      std::optional<std::uint32_t> only_user = std::nullopt) = 0;
};

}  // namespace rsip::agent
