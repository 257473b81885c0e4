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
  SocketKey socket;  ///< Whose packet it is.
  packet::Offload offload;
  std::vector<std::uint8_t> bytes;
  TimePoint since;
};

/// Packets that wait until the gateway grants more ports, in order. The only place of the data path
/// where packets are copied: waiting is the exception, and read buffers cannot wait.
class HoldQueue {
 public:
  static constexpr std::size_t kPerSocket = 4;
  static constexpr std::size_t kTotal = 64;
  static constexpr Duration kPatience = std::chrono::seconds(10);  // senders retransmit by then

  [[nodiscard]] bool empty() const { return packets_.empty(); }

  /// Adds a packet; an older one makes room, of the same socket if it has kPerSocket already.
  ///
  /// returns  packets lost, 0 or 1
  std::size_t add(HeldPacket packet);
  /// Takes out everything that is not too old yet.
  std::deque<HeldPacket> take_all(TimePoint now, std::size_t& too_old);

 private:
  std::deque<HeldPacket> packets_;  ///< Oldest first.
};

}  // namespace rsip::agent
