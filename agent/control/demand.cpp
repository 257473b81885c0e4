#include "agent/control/demand.h"

#include <algorithm>

namespace rsip::agent {

void Demand::add(Wanted block) {
  if (list_.size() < kMost) list_.push_back(std::move(block));
}

std::size_t Demand::base_count() const {
  return static_cast<std::size_t>(std::ranges::count(list_, false, &Wanted::growth));
}

bool Demand::has_growth() const {
  return std::ranges::any_of(list_, &Wanted::growth);
}

bool Demand::names(const RemoteScope& scope, const Offer& offer) const {
  return std::ranges::any_of(
      list_, [&](const Wanted& block) {
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

std::vector<Wanted> Demand::take_named() {
  std::vector<Wanted> named;
  std::erase_if(list_, [&named](const Wanted& block) {
    const bool take = block.growth && block.remote.address && !block.again;
    if (take) named.push_back(block);
    return take;
  });
  return named;
}

void Demand::fit(const Offer& offer) {
  for (std::deque<Wanted> all = std::exchange(list_, {}); Wanted& block : all) {
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
