#include "agent/app/network_keeper.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace rsip::agent {

Result<void> NetworkKeeper::match(std::size_t position, GatewayPlan plan) {
  auto plans = plans_;
  plans[position] = std::move(plan);
  if (auto applied = apply(plans); !applied) return applied;
  plans_ = std::move(plans);
  const auto repaired = network_.repair();
  if (!repaired) return tl::unexpected(repaired.error());
  if (*repaired > 0) spdlog::warn("network.repaired objects={}", *repaired);
  return {};
}

// What could not be removed is not in force any more for all that: the next change tries again.
Result<void> NetworkKeeper::clear(std::size_t position) {
  plans_.erase(position);
  return apply(plans_);
}

Result<void> NetworkKeeper::apply(const std::map<std::size_t, GatewayPlan>& plans) {
  std::vector<GatewayPlan> in_order;
  in_order.reserve(plans.size());
  for (const auto& [position, plan] : plans) in_order.push_back(plan);
  return network_.apply(merge_plans(in_order));
}

}  // namespace rsip::agent
