#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/ipv4.h"
#include "common/base/time.h"
#include "common/packet/coalescer.h"
#include "common/packet/encapsulation.h"
#include "common/packet/segmenter.h"

namespace rsip::agent {

/// What the outer header gets of a packet's differentiated services code point. The congestion bits
/// are copied in any case (RFC 6040).
enum class OuterDscp : std::uint8_t {
  kCopy,  ///< The network on the way treats packets as their senders asked (RFC 3102 5.3.1).
  kZero,  ///< The network on the way learns nothing of what is inside.
};

/// The far end of a tunnel, and how packets get there.
struct TunnelEnd {
  packet::Encapsulation encapsulation = packet::Encapsulation::kIpIp;
  Ipv4Address endpoint = {};
  /// L2TP alone, and the same in both directions: low 16 bits of the Client ID, and of the first
  /// Bind ID that the tunnel was made for.
  std::uint16_t tunnel_id = 0;
  std::uint16_t session_id = 0;
  OuterDscp dscp = OuterDscp::kCopy;
  bool operator==(const TunnelEnd&) const = default;
};

/// One packet that came through the tunnel, outer header taken off.
struct TunnelPacket {
  std::span<std::uint8_t> bytes;  ///< Inner packet, unchecked; may be written to.
  std::uint8_t outer_tos = 0;     ///< Type of service of the outer header.
};

/// What came of sending.
struct Sent {
  std::size_t packets = 0;
  std::uint64_t bytes = 0;  ///< Inner bytes of these packets.
};

/// The tunnel's way to its far end. One thread at a time.
class UnderlaySocket {
 public:
  virtual ~UnderlaySocket() = default;

  /// File descriptor that poll(2) reports readable when receive() has something.
  [[nodiscard]] virtual int readable() const = 0;

  /// Wraps each packet in the tunnel's header and sends it to the far end. Type of service is
  /// copied to the outer header (RFC 3102 section 5.3.1, RFC 6040 section 4.1) as far as
  /// TunnelEnd::dscp lets it. Never blocks.
  ///
  /// returns  what was sent, in order; the others are lost
  virtual Sent send(std::span<const packet::WirePacket> packets) = 0;

  /// Takes what is there, at most packet::Coalescer::kCapacity packets, only from the far end.
  /// Never blocks; empty if nothing is there. The bytes are good until the next receive().
  virtual std::span<const TunnelPacket> receive() = 0;

  /// Packets that receive() has left out so far: from elsewhere, or with a broken outer header.
  [[nodiscard]] virtual std::uint64_t refused() const = 0;

  /// How often keep_alive() is due, the first time at once; nothing: never.
  [[nodiscard]] virtual std::optional<Duration> keep_alive_every() const { return std::nullopt; }

  /// Tells the far end, and any address translator on the way, that the tunnel is alive and where
  /// from, even if nothing else is sent. Never blocks; may be lost.
  virtual void keep_alive() {}
};

}  // namespace rsip::agent
