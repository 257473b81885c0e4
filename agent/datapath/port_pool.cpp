#include "agent/datapath/port_pool.h"

namespace rsip::agent {

void PortPool::add(std::uint16_t port) {
  const auto [entry, is_new] = ports_.try_emplace(port);
  entry->second.leased = true;
  if (!is_new) return;
  entry->second.list = &unused_;
  entry->second.place = unused_.insert(unused_.end(), port);
}

void PortPool::withdraw(std::uint16_t port) {
  const auto found = ports_.find(port);
  if (found == ports_.end()) return;
  found->second.leased = false;
  if (found->second.list != &taken_) erase(found);
}

bool PortPool::is_free(std::uint16_t port) const {
  const auto found = ports_.find(port);
  return found != ports_.end() && found->second.list != &taken_;
}

void PortPool::take(std::uint16_t port) {
  move(ports_.at(port), taken_);
}

void PortPool::give_back(std::uint16_t port) {
  const auto found = ports_.find(port);
  if (found == ports_.end() || found->second.list != &taken_) return;
  if (found->second.leased) {
    move(found->second, used_);
  } else {
    erase(found);
  }
}

void PortPool::move(Port& port, std::list<std::uint16_t>& to) {
  to.splice(to.end(), *port.list, port.place);
  port.list = &to;
}

void PortPool::erase(std::unordered_map<std::uint16_t, Port>::iterator port) {
  port->second.list->erase(port->second.place);
  ports_.erase(port);
}

}  // namespace rsip::agent
