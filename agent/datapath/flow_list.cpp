#include "agent/datapath/flow_list.h"

#include <algorithm>
#include <map>
#include <utility>

#include "agent/datapath/flow_map.h"

namespace rsip::agent {
namespace {

TimePoint last_packet(const Flow& flow) {
  return flow.due - flow.life.idle_limit();
}

bool is_alive(const Flow& flow, TimePoint now) {
  return flow.mapping != nullptr && flow.due > now;
}

/// Its tuple is remembered, or will be as soon as somebody notices that the flow has ended.
bool is_resting(const Flow& flow, TimePoint now) {
  if (flow.mapping == nullptr) return flow.due > now;
  return flow.life.leaves_time_wait() && flow.mapping->kind == MappingKind::kPort &&
         flow.due + kTimeWait > now;
}

ListedFlow listed(const Flow& flow, TimePoint now) {
  const HeldBinding* const held = flow.mapping->binding;
  return {flow.app,          flow.leased,        held != nullptr ? held->binding.bind : BindId{},
          flow.life.state(), flow.begun_by,      now - last_packet(flow),
          flow.sent_bytes,   flow.received_bytes};
}

/// The latest first, at most FlowList::kMostFlows.
void keep_latest(std::vector<const Flow*>& flows) {
  const auto end =
      flows.begin() + static_cast<std::ptrdiff_t>(std::min(flows.size(), FlowList::kMostFlows));
  std::partial_sort(flows.begin(), end, flows.end(),
                    [](const Flow* a, const Flow* b) { return last_packet(*a) > last_packet(*b); });
  flows.erase(end, flows.end());
}

}  // namespace

FlowList FlowMap::list(TimePoint now) const {
  std::vector<const Flow*> alive;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> ports;
  for (const auto& [key, flow] : flows_) {
    const bool lives = is_alive(flow, now);
    if (lives) alive.push_back(&flow);
    if (!port_space(key.protocol) || (!lives && !is_resting(flow, now))) continue;
    ports[{key.local.value, key.port}] += lives ? 1 : 0;
  }
  FlowList list;
  const std::size_t total = alive.size();
  keep_latest(alive);
  list.left_out = total - alive.size();
  list.flows.reserve(alive.size());
  for (const Flow* const flow : alive) list.flows.push_back(listed(*flow, now));
  for (const auto& [port, flows] : ports) {
    list.ports.push_back({Ipv4Address{port.first}, port.second, flows});
  }
  return list;
}

}  // namespace rsip::agent
