#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace rsip::gateway {

/// What the tunnel counts. Drops are counted by reason.
enum class Counter : std::uint8_t {
  kFromHosts,       ///< Packets from hosts that were let through.
  kFromHostsBytes,  ///< Their bytes, inner header included.
  kToHosts,         ///< Packets to hosts, as they are on the wire.
  kToHostsBytes,    ///< Their bytes, inner header included.
  kPingsAnswered,   ///< ICMP echo requests to a pool address, RFC 3102 section 6.2.
  kTooBigTold,      ///< ICMP "fragmentation needed" sent.
  kReassembled,     ///< Datagrams put together from fragments.
  kKeepAlives,      ///< Echo requests of L2TP tunnels answered.
  kHostNotRegistered,
  kHostAddress,  ///< Inner source address not leased to the host: 312.
  kHostPort,     ///< Inner source port not leased to the host: 313.
  kMalformed,    ///< No packet, or its header is cut off.
  kNotIpv4,
  kNoOwner,        ///< From the public: nobody leases the address or port.
  kIcmpDiscarded,  ///< From the public: no host can be told from it, or not for hosts.
  kTooBig,         ///< Would not fit the tunnel and must not be fragmented.
  kFragmentsLost,  ///< Datagrams whose fragments overlapped, came too late or were too many.
  kTunnelType,     ///< A host's packet came through another kind of tunnel than agreed: 307.
  kTunnelId,       ///< L2TP: tunnel, session and outer address do not belong together.
  kRemoteAddress,  ///< To where the host's bind is not for: 314.
  kRemotePort,     ///< The same, the port: 315.
  kRemoteScope,    ///< From the public: from where the bind is not for.
  kNoPeer,         ///< For a host whose end of the tunnel is not known yet.
  kSpiNotLeased,   ///< From the public: ESP or AH with an SPI that nobody leases.
  kSpiReserved,    ///< ESP or AH with an SPI of 0 to 255, from either side (RFC 4303 section 2.1).
  kCookieUnknown,  ///< IKE on port 500 or 4500 with a cookie that no host has used.
  kCookieTaken,    ///< From a host: its IKE cookie is another host's on this address.
  kNatKeepAlive,   ///< From the public: keeps a translator's mapping alive, and is for nobody.
  kEcnNotCapable,  ///< Outer header says congestion, inner one cannot (RFC 6040).
  kSendFailed,     ///< The kernel took a packet to a host not.
  kWriteFailed,    ///< The kernel took a packet to the public side not.
  kCount,
};

/// "from_hosts_packets", "drop_host_port", ...
const char* to_string(Counter counter);

/// Written by the pump's thread, read by any.
class Counters {
 public:
  void add(Counter counter, std::uint64_t amount = 1) {
    values_[static_cast<std::size_t>(counter)].fetch_add(amount, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t operator[](Counter counter) const {
    return values_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
  }
  /// All that are not 0: "to_hosts_packets=3 drop_no_owner=1".
  [[nodiscard]] std::string to_line() const;

 private:
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Counter::kCount)> values_{};
};

}  // namespace rsip::gateway
