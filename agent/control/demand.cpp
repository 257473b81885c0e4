#include "agent/control/demand.h"

#include <algorithm>

namespace rsip::agent {

void Demand::add(Wanted block) {
  if (list_.size() < kMost) list_.push_back(std::move(block));
}

void Demand::add_first(Wanted block) {
  if (list_.size() < kMost) list_.push_front(std::move(block));
}

std::size_t Demand::base_count() const {
  return static_cast<std::size_t>(std::ranges::count(list_, false, &Wanted::growth));
}

bool Demand::has_growth() const {
  return std::ranges::any_of(list_, &Wanted::growth);
}

bool Demand::names(const RemoteScope& scope, const Offer& offer) const {
  return std::ranges::any_of(list_, [&](const Wanted& block) {
    return block.remote == scope || offer.scope_for(block.remote) == scope;
  });
}

bool Demand::has_lost() const {
  return std::ranges::any_of(list_, &Wanted::again);
}

void Demand::forget_losses() {
  for (Wanted& block : list_) block.again = false;
}

void Demand::drop_growth() {
  std::erase_if(list_, [](const Wanted& block) { return block.growth; });
}

void Demand::keep_named() {
  std::erase_if(list_, [](const Wanted& block) {
    return !block.growth || !block.remote.address || block.again;
  });
}

void Demand::fit(const Offer& offer) {
  for (std::deque<Wanted> all = std::exchange(list_, {}); Wanted & block : all) {
    const auto scope = offer.scope_for(block.remote);
    if (!scope) continue;
    const bool for_a_flow = block.growth && block.remote.address;
    if (offer.names_remotes() ? names(*scope, offer) : for_a_flow) continue;
    if (offer.one_port_at_a_time()) {
      block.count = 1;
      if (!block.ports.empty()) block.ports = {{block.ports[0].first, 1}};
    }
    list_.push_back(std::move(block));
  }
}

}  // namespace rsip::agent
