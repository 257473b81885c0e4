#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "agent/datapath/flow_key.h"
#include "common/base/time.h"
#include "common/packet/offload.h"

namespace rsip::agent {

/// A packet that waits for a leased port, as it was read from the TUN.
struct HeldPacket {
  SocketKey socket;    ///< Whose packet it is.
  RemoteScope wanted;  ///< What a lease has to name to serve it.
  packet::Offload offload;
  std::vector<std::uint8_t> bytes;
  TimePoint since;
  bool ike_released = false;  ///< It has waited for its SPI already (IkeHolds).
};

/// Packets that wait until the gateway grants more ports, in order; others pass them by. The only
/// place of the data path where packets are copied: waiting is the exception, and read buffers
/// cannot wait.
class HoldQueue {
 public:
  static constexpr std::size_t kPerSocket = 4;
  static constexpr std::size_t kTotal = 256;
  static constexpr std::size_t kBytes = 4 << 20;
  static constexpr Duration kPatience = std::chrono::seconds(10);  // senders retransmit by then

  [[nodiscard]] bool empty() const { return packets_.empty(); }

  /// Adds a packet; older ones make room, the first of the same socket if it has kPerSocket
  /// already.
  ///
  /// returns  packets lost
  std::size_t add(HeldPacket packet);
  /// Takes out everything, in order.
  std::deque<HeldPacket> take_all();
  static bool is_too_old(const HeldPacket& packet, TimePoint now) {
    return packet.since + kPatience <= now;
  }

 private:
  void drop(std::deque<HeldPacket>::iterator packet);

  std::deque<HeldPacket> packets_;  ///< Oldest first.
  std::size_t bytes_ = 0;
};

}  // namespace rsip::agent
