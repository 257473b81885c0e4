#pragma once

#include <cstdint>
#include <span>

#include "common/packet/coalescer.h"
#include "common/packet/segmenter.h"

namespace rsip::agent {

/// One packet that came through the tunnel, outer header taken off.
struct TunnelPacket {
  std::span<std::uint8_t> bytes;  ///< Inner packet, unchecked; may be written to.
  std::uint8_t outer_tos = 0;     ///< Type of service of the outer header.
};

/// The tunnel's way to its far end. One thread at a time.
class UnderlaySocket {
 public:
  virtual ~UnderlaySocket() = default;

  /// File descriptor that poll(2) reports readable when receive() has something.
  [[nodiscard]] virtual int readable() const = 0;

  /// Wraps each packet in the tunnel's header and sends it to the far end. Type of service is
  /// copied to the outer header (RFC 3102 section 5.3.1, RFC 6040 section 4.1). May wait for room
  /// in the send buffer.
  ///
  /// returns  how many were sent; the others are lost
  virtual std::size_t send(std::span<const packet::WirePacket> packets) = 0;

  /// Takes what is there, at most packet::Coalescer::kCapacity packets, only from the far end.
  /// Never blocks; empty if nothing is there. The bytes are good until the next receive().
  virtual std::span<const TunnelPacket> receive() = 0;
};

}  // namespace rsip::agent
