#include "agent/datapath/use_report.h"

#include <algorithm>

namespace rsip::agent {

void UseReport::write(const BindingSet& bindings) {
  const std::lock_guard lock(mutex_);
  lines_.clear();
  bindings.for_each([this](const HeldBinding& held) {
    const bool has_flows = !held.mappings.empty();
    const auto ports = static_cast<std::uint32_t>(held.users_of_port.size());
    if (lines_.empty() || lines_.back().bind != held.binding.bind) {
      lines_.push_back(
          {held.binding.bind, held.binding.retiring, has_flows, held.quiet_since, ports});
      return;
    }
    Line& line = lines_.back();
    line.retiring = line.retiring && held.binding.retiring;
    line.has_flows = line.has_flows || has_flows;
    line.quiet_since = std::max(line.quiet_since, held.quiet_since);
    line.ports_in_use += ports;
  });
}

std::vector<BindingUse> UseReport::read(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  std::vector<BindingUse> uses;
  uses.reserve(lines_.size());
  for (const Line& line : lines_) {
    const bool in_use = line.has_flows || now < line.quiet_since;
    uses.push_back({line.bind, line.retiring, in_use, in_use ? Duration{} : now - line.quiet_since,
                    line.ports_in_use});
  }
  return uses;
}

}  // namespace rsip::agent
