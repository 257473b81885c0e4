#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/time.h"
#include "common/packet/coalescer.h"
#include "common/packet/segmenter.h"

namespace rsip::agent {

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
  /// copied to the outer header (RFC 3102 section 5.3.1, RFC 6040 section 4.1). Never blocks.
  ///
  /// returns  what was sent, in order; the others are lost
  virtual Sent send(std::span<const packet::WirePacket> packets) = 0;

  /// Takes what is there, at most packet::Coalescer::kCapacity packets, only from the far end.
  /// Never blocks; empty if nothing is there. The bytes are good until the next receive().
  virtual std::span<const TunnelPacket> receive() = 0;

  /// Packets that receive() has left out so far: from elsewhere, or with a broken outer header.
  [[nodiscard]] virtual std::uint64_t refused() const = 0;

  virtual std::optional<Duration> keep_alive_every() const { return std::nullopt; }
  virtual void keep_alive() {}
};

}  // namespace rsip::agent
