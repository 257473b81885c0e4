#include "agent/datapath/port_pool.h"

namespace rsip::agent {

void PortPool::set_leased(const std::vector<PortRange>& ports) {
  for (auto& [number, port] : ports_) port.leased = false;
  const auto unused_before = free_.begin();
  for (const PortRange& range : ports) {
    for (std::uint32_t number = range.first; number < std::uint32_t{range.first} + range.count;
         ++number) {
      const auto port = static_cast<std::uint16_t>(number);
      if (const auto known = ports_.find(port); known != ports_.end()) {
        known->second.leased = true;
      } else {
        ports_[port] = {free_.insert(unused_before, port)};
      }
    }
  }
  std::erase_if(ports_, [this](const auto& entry) {
    const bool gone = !entry.second.leased && entry.second.free;
    if (gone) free_.erase(entry.second.place);
    return gone;
  });
}

bool PortPool::is_leased(std::uint16_t port) const {
  const auto found = ports_.find(port);
  return found != ports_.end() && found->second.leased;
}

bool PortPool::is_free(std::uint16_t port) const {
  const auto found = ports_.find(port);
  return found != ports_.end() && found->second.free;
}

void PortPool::take(std::uint16_t port) {
  Port& entry = ports_.at(port);
  taken_.splice(taken_.end(), free_, entry.place);
  entry.free = false;
}

void PortPool::give_back(std::uint16_t port) {
  const auto found = ports_.find(port);
  if (found == ports_.end() || found->second.free) return;
  Port& entry = found->second;
  if (!entry.leased) {
    taken_.erase(entry.place);
    ports_.erase(found);
    return;
  }
  free_.splice(free_.end(), taken_, entry.place);
  entry.free = true;
}

}  // namespace rsip::agent
