#include "agent/datapath/flow_list.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "agent/datapath/flow_map.h"

namespace rsip::agent {
namespace {

constexpr std::size_t kPorts = 1 << 16;
/// Buckets of the flow map, with about one flow each, looked at per call of list(): a tenth of a
/// millisecond.
constexpr std::size_t kBucketBudget = 1024;

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

ListedFlow listed(const Flow& flow) {
  const HeldBinding* const held = flow.mapping->binding;
  ListedFlow list;
  list.app = flow.app;
  list.leased = flow.leased;
  if (held != nullptr) list.bind = held->binding.bind;
  list.state = flow.life.state();
  list.begun_by = flow.begun_by;
  list.sent_bytes = flow.sent_bytes;
  list.received_bytes = flow.received_bytes;
  return list;
}

}  // namespace

void FlowListing::begin(std::size_t buckets) {
  *this = FlowListing();
  buckets_ = buckets;
}

void FlowListing::add(const Flow& flow, TimePoint now) {
  const bool lives = is_alive(flow, now);
  if (lives) flows_.push_back({last_packet(flow), listed(flow)});
  if (flows_.size() == 2 * FlowList::kMostFlows) keep_latest();
  if (!port_space(flow.app.protocol) || (!lives && !is_resting(flow, now))) return;
  PortCount& count = ports_of(flow.app.local)[flow.leased];
  count.known = true;
  count.flows += lives ? 1 : 0;
}

void FlowListing::keep_latest() {
  if (flows_.size() <= FlowList::kMostFlows) return;
  const auto end = flows_.begin() + FlowList::kMostFlows;
  std::ranges::nth_element(flows_, end, std::greater(), &Kept::last);
  left_out_ += static_cast<std::size_t>(flows_.end() - end);
  flows_.erase(end, flows_.end());
}

std::vector<FlowListing::PortCount>& FlowListing::ports_of(Ipv4Address local) {
  auto& counts = ports_[local];
  if (counts.empty()) counts.resize(kPorts);
  return counts;
}

std::vector<ListedPort> FlowListing::list_ports() const {
  std::vector<ListedPort> ports;
  for (const auto& [local, counts] : ports_) {
    for (std::size_t port = 0; port < kPorts; ++port) {
      if (!counts[port].known) continue;
      ports.push_back({local, static_cast<std::uint16_t>(port), counts[port].flows});
    }
  }
  return ports;
}

FlowList FlowListing::finish(TimePoint now) {
  keep_latest();
  std::ranges::sort(flows_, std::greater(), &Kept::last);
  FlowList list;
  list.left_out = left_out_;
  list.flows.reserve(flows_.size());
  for (Kept& kept : flows_) {
    kept.flow.idle = now - kept.last;
    list.flows.push_back(kept.flow);
  }
  list.ports = list_ports();
  return list;
}

// Flows keep their buckets until the map grows.
bool FlowMap::list(FlowListing& listing, TimePoint now) const {
  if (listing.buckets() != flows_.bucket_count()) listing.begin(flows_.bucket_count());
  for (std::size_t budget = kBucketBudget; budget > 0 && !listing.complete(); --budget) {
    const std::size_t bucket = listing.next_bucket();
    for (auto flow = flows_.begin(bucket); flow != flows_.end(bucket); ++flow) {
      listing.add(flow->second, now);
    }
  }
  return listing.complete();
}

}  // namespace rsip::agent
