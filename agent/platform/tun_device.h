#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/packet/coalescer.h"
#include "common/packet/offload.h"

namespace rsip::agent {

/// One packet or super-packet of the host's stack on its way out.
struct TunRead {
  std::optional<packet::Offload> offload;  ///< Nothing: a kind of segmentation never asked for.
  std::span<std::uint8_t> bytes;           ///< IP packet, unchecked; may be written to.
};

/// The virtual interface that carries the leased addresses. One thread at a time.
class TunDevice {
 public:
  virtual ~TunDevice() = default;

  /// File descriptor that poll(2) reports readable when read() has something.
  [[nodiscard]] virtual int readable() const = 0;

  /// Takes what is there, up to a batch that fits the cache. Never blocks; empty if nothing is
  /// there. The bytes are good until the next read().
  virtual std::span<const TunRead> read() = 0;

  /// Hands a packet or super-packet to the host's stack.
  ///
  /// returns  false if it is lost
  virtual bool write(const packet::TunPacket& packet) = 0;

  /// In bytes; it changes when the host network is changed.
  [[nodiscard]] virtual std::uint32_t mtu() const = 0;
};

}  // namespace rsip::agent
