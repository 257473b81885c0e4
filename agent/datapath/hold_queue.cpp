#include "agent/datapath/hold_queue.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {

std::size_t HoldQueue::add(HeldPacket packet) {
  const auto of_socket = [&](const HeldPacket& held) { return held.socket == packet.socket; };
  std::size_t lost = 0;
  if (std::ranges::count_if(packets_, of_socket) >= static_cast<std::ptrdiff_t>(kPerSocket)) {
    packets_.erase(std::ranges::find_if(packets_, of_socket));
    lost = 1;
  } else if (packets_.size() == kTotal) {
    packets_.pop_front();
    lost = 1;
  }
  packets_.push_back(std::move(packet));
  return lost;
}

std::deque<HeldPacket> HoldQueue::take_all(TimePoint now, std::size_t& too_old) {
  too_old = 0;
  for (; !packets_.empty() && packets_.front().since + kPatience <= now; ++too_old) {
    packets_.pop_front();
  }
  return std::exchange(packets_, {});
}

}  // namespace rsip::agent
