#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "agent/datapath/binding_set.h"
#include "agent/datapath/datapath.h"
#include "agent/datapath/expiry_wheel.h"
#include "agent/datapath/flow.h"
#include "agent/datapath/flow_list.h"
#include "agent/datapath/flow_table.h"
#include "agent/datapath/mapping_table.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Which leased port stands for which port of an application, and which flows are alive: the
/// decisions of the data path, without packets, sockets or clocks.
///
/// A socket of an application keeps one leased port for all its remotes (endpoint-independent
/// mapping, RFC 4787 REQ-1), its own if that is leased and free. Two sockets never share a port of
/// one protocol. TCP, UDP and ICMP query identifiers are separate spaces over the same leased
/// numbers. With a remote flow policy (RFC 3103 section 7.2) all this holds per remote that a lease
/// names, and a remote is sent to from no other ports than those leased for it.
///
/// Flows that begin outside are let in to ports of a LISTEN alone (design decision D10). They take
/// no more than kMaxFlowsFromOutside, and when that is reached the oldest of those whose remote has
/// not proven its address makes room.
///
/// The tuple (leased port, remote) of a TCP connection that ended is not given to another socket
/// for kTimeWait as long as the gateway can be asked for other ports; towards other remotes the
/// port is free at once (RFC 3102 section 6.1). A socket with a mapping that meets such a tuple
/// gets a second mapping for that remote. A binding is in use until the last tuple of any protocol
/// has rested for kTimeWait since its last packet.
class FlowMap {
 public:
  using Port = Result<std::uint16_t, DropReason>;
  static constexpr std::size_t kMaxFlows = 1 << 17;
  static constexpr std::size_t kMaxFlowsFromOutside = kMaxFlows / 2;

  FlowMap() = default;
  FlowMap(const FlowMap&) = delete;
  FlowMap& operator=(const FlowMap&) = delete;

  /// Goes by a new table. Mappings whose port is no longer leased end, or wait for it if the table
  /// is suspended; others live on.
  ///
  /// returns  true if a binding is gone: what passed before may not pass now
  bool use(const FlowTable& table, TimePoint now);

  /// The leased port for a packet of an application, which keeps the flow alive.
  ///
  /// flow      the application's side of it
  /// bytes     of all wire packets that it is
  /// errors    kSourceNotLeased, kProtocolNotLeased, kNoFlow, kNoFreePort, kTooManyFlows,
  ///           kRemoteRefused
  Port outbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now, std::size_t bytes = 0);
  /// The application's port for a packet of the remote, which keeps the flow alive.
  ///
  /// flow      the leased side of it
  /// errors    kNoLease, kUnsolicited, kTooManyFlows, kRemoteRefused
  Port inbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now, std::size_t bytes = 0);

  /// Same, for packets that speak about a flow (ICMP errors): nothing is made or kept alive.
  [[nodiscard]] std::optional<std::uint16_t> leased_port(const FlowKey& flow, TimePoint now) const;
  [[nodiscard]] std::optional<std::uint16_t> application_port(const FlowKey& flow,
                                                              TimePoint now) const;

  [[nodiscard]] BindingSet& bindings() { return bindings_; }
  [[nodiscard]] const BindingSet& bindings() const { return bindings_; }
  /// Numbers that at least one protocol uses.
  [[nodiscard]] std::size_t ports_in_use() const { return mappings_.ports_in_use(); }
  /// Flows and remembered tuples.
  [[nodiscard]] std::size_t flows() const { return flows_.size(); }

  /// The most numbers that were in use at a time.
  [[nodiscard]] std::size_t ports_high_water() const { return mappings_.ports_high_water(); }
  /// Adds a bounded number of flows to a list for people.
  ///
  /// returns  true if that was all: it can be finished
  bool list(FlowListing& listing, TimePoint now) const;

  /// Ends flows whose time is up, a bounded number of them.
  ///
  /// returns  true if that was not all: call again soon
  bool expire(TimePoint now);

 private:
  void settle(HookedList<PortMapping, struct OfBinding>& homeless);
  void end_flows(PortMapping& mapping);

  Port open(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now, std::size_t bytes);
  Port admit(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now, std::size_t bytes);
  [[nodiscard]] const ListeningPort* listener(const FlowKey& flow);
  Port refuse(const FlowKey& flow);
  [[nodiscard]] bool has_room(BegunBy begun_by, TimePoint now);
  bool evict_unproven(TimePoint now);
  Flow& start(const FlowKey& app, PortMapping& mapping, BegunBy begun_by);

  PortMapping* mapping_for(const FlowKey& flow, TimePoint now);
  PortMapping* known_mapping(const FlowKey& flow, ScopePool& pool, TimePoint now);
  PortMapping* mapping_of_server(const FlowKey& flow, ScopePool& pool, TimePoint now);
  PortMapping& mapping_to(const SocketKey& server, ScopePool& pool, std::uint16_t leased);
  PortMapping* new_mapping(const FlowKey& flow, const BindingSet::Pools& pools, TimePoint now);
  PortMapping* take_rested_port(const FlowKey& flow, ScopePool& pool, TimePoint now);
  PortMapping* take_any_port(const FlowKey& flow, ScopePool& pool);
  [[nodiscard]] bool may_use(const FlowKey& flow, std::uint16_t leased, TimePoint now) const;

  void keep_alive(Flow& flow, TimePoint now);
  void note_proof(Flow& flow);
  void end(Flow& flow, TimePoint when);
  void forget(Flow& flow);
  void release_mapping(Flow& flow);

  BindingSet bindings_;
  MappingTable mappings_;
  std::unordered_map<FlowKey, Flow> flows_;            ///< By their leased side.
  std::unordered_map<FlowKey, Flow*> by_application_;  ///< Live ones, by the application's side.
  HookedList<Flow, struct Unproven> unproven_;         ///< From outside; oldest first.
  std::size_t from_outside_ = 0;
  ExpiryWheel wheel_;
};

}  // namespace rsip::agent
