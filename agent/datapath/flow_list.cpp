#include "agent/datapath/flow_list.h"

#include <algorithm>
#include <map>
#include <vector>

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
  ListedFlow list;
  list.app = flow.app;
  list.leased = flow.leased;
  if (held != nullptr) list.bind = held->binding.bind;
  list.state = flow.life.state();
  list.begun_by = flow.begun_by;
  list.idle = now - last_packet(flow);
  list.sent_bytes = flow.sent_bytes;
  list.received_bytes = flow.received_bytes;
  return list;
}

/// A flow and when it had its last packet: looking that up again and again would cost more than
/// the rest.
struct Candidate {
  TimePoint last;
  const Flow* flow = nullptr;
};

/// The latest first, at most FlowList::kMostFlows.
void keep_latest(std::vector<Candidate>& flows) {
  const auto later = [](const Candidate& a, const Candidate& b) { return a.last > b.last; };
  if (flows.size() > FlowList::kMostFlows) {
    const auto end = flows.begin() + FlowList::kMostFlows;
    std::nth_element(flows.begin(), end, flows.end(), later);
    flows.erase(end, flows.end());
  }
  std::ranges::sort(flows, later);
}

/// How many flows each port of each address has. Addresses are few.
class PortCounts {
 public:
  void add(Ipv4Address local, std::uint16_t port, bool lives) {
    Count& count = of(local)[port];
    count.known = true;
    count.flows += lives ? 1 : 0;
  }

  [[nodiscard]] std::vector<ListedPort> list() const {
    std::vector<ListedPort> ports;
    for (const auto& [local, counts] : counts_) {
      for (std::size_t port = 0; port < kPorts; ++port) {
        if (!counts[port].known) continue;
        ports.push_back({local, static_cast<std::uint16_t>(port), counts[port].flows});
      }
    }
    return ports;
  }

 private:
  static constexpr std::size_t kPorts = 1 << 16;
  struct Count {
    std::uint32_t flows = 0;
    bool known = false;
  };

  std::vector<Count>& of(Ipv4Address local) {
    auto& counts = counts_[local];
    if (counts.empty()) counts.resize(kPorts);
    return counts;
  }

  std::map<Ipv4Address, std::vector<Count>> counts_;
};

}  // namespace

FlowList FlowMap::list(TimePoint now) const {
  std::vector<Candidate> alive;
  alive.reserve(flows_.size());
  PortCounts ports;
  for (const auto& [key, flow] : flows_) {
    const bool lives = is_alive(flow, now);
    if (lives) alive.push_back({last_packet(flow), &flow});
    if (!port_space(key.protocol) || (!lives && !is_resting(flow, now))) continue;
    ports.add(key.local, key.port, lives);
  }
  FlowList list;
  const std::size_t total = alive.size();
  keep_latest(alive);
  list.left_out = total - alive.size();
  list.flows.reserve(alive.size());
  for (const Candidate& each : alive) list.flows.push_back(listed(*each.flow, now));
  list.ports = ports.list();
  return list;
}

}  // namespace rsip::agent
