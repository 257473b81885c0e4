#include "agent/datapath/hold_queue.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {

std::size_t HoldQueue::add(HeldPacket packet) {
  const auto of_socket = [&](const HeldPacket& held) { return held.socket == packet.socket; };
  std::size_t lost = 0;
  if (std::ranges::count_if(packets_, of_socket) >= static_cast<std::ptrdiff_t>(kPerSocket)) {
    drop(std::ranges::find_if(packets_, of_socket));
    ++lost;
  }
  for (; packets_.size() == kTotal || (!packets_.empty() && bytes_ + packet.bytes.size() > kBytes);
       ++lost) {
    drop(packets_.begin());
  }
  bytes_ += packet.bytes.size();
  packets_.push_back(std::move(packet));
  return lost;
}

std::deque<HeldPacket> HoldQueue::take_all() {
  bytes_ = 0;
  return std::exchange(packets_, {});
}

void HoldQueue::drop(std::deque<HeldPacket>::iterator packet) {
  bytes_ -= packet->bytes.size();
  packets_.erase(packet);
}

}  // namespace rsip::agent
