#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

#include "agent/datapath/datapath.h"
#include "agent/datapath/expiry_wheel.h"
#include "agent/datapath/flow_key.h"
#include "agent/datapath/flow_life.h"
#include "agent/datapath/flow_table.h"
#include "agent/datapath/port_pool.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Which leased port stands for which port of an application, and which flows are alive: the
/// decisions of the data path, without packets, sockets or clocks.
///
/// A socket of an application keeps one leased port for all its remotes (endpoint-independent
/// mapping, RFC 4787 REQ-1), its own if that is leased and free. Two sockets never share a port of
/// one protocol. TCP, UDP and ICMP query identifiers are separate spaces over the same leased
/// numbers. Only flows that began from this host are let in (design decision D10).
///
/// The tuple (leased port, remote) of a TCP connection that ended is not given to another socket
/// for kTimeWait as long as the gateway can be asked for other ports; towards other remotes the
/// port is free at once (RFC 3102 section 6.1). A socket with a mapping that meets such a tuple
/// gets a second mapping for that remote.
class FlowMap {
 public:
  using Port = Result<std::uint16_t, DropReason>;
  static constexpr std::size_t kMaxFlows = 1 << 17;

  FlowMap() = default;
  FlowMap(const FlowMap&) = delete;
  FlowMap& operator=(const FlowMap&) = delete;

  /// Goes by a new table. Mappings whose port is no longer leased end, others live on.
  void use(const FlowTable& table);

  /// The leased port for a packet of an application, which keeps the flow alive.
  ///
  /// flow      the application's side of it
  /// errors    kSourceNotLeased, kProtocolNotLeased, kNoFlow, kNoFreePort, kTooManyFlows
  Port outbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now);
  /// The application's port for a packet of the remote, which keeps the flow alive.
  ///
  /// flow      the leased side of it
  /// errors    kNoLease, kUnsolicited
  Port inbound(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now);

  /// Same, for packets that speak about a flow (ICMP errors): nothing is made or kept alive.
  [[nodiscard]] std::optional<std::uint16_t> leased_port(const FlowKey& flow, TimePoint now) const;
  [[nodiscard]] std::optional<std::uint16_t> application_port(const FlowKey& flow,
                                                              TimePoint now) const;

  [[nodiscard]] bool is_leased(Ipv4Address address) const { return addresses_.contains(address); }
  [[nodiscard]] bool has_all_ports(Ipv4Address address) const;
  /// Numbers that at least one protocol uses.
  [[nodiscard]] std::size_t ports_in_use() const { return users_of_port_.size(); }
  /// Flows and remembered tuples.
  [[nodiscard]] std::size_t flows() const { return flows_.size(); }

  /// Ends flows whose time is up, a bounded number of them.
  ///
  /// returns  true if that was not all: call again soon
  bool expire(TimePoint now);

 private:
  static constexpr std::size_t kPortSpaces = 3;  // TCP, UDP, ICMP

  struct Mapping {
    std::uint16_t leased = 0;
    std::uint32_t flows = 0;
  };
  struct Flow : ExpiryWheel::Entry {
    Flow(const FlowKey& app_side, std::uint16_t leased_port)
        : app(app_side), leased(leased_port), life(app_side.protocol, app_side.remote_port) {}
    FlowKey app;  ///< The application's side.
    std::uint16_t leased;
    FlowLife life;
    Mapping* mapping = nullptr;  ///< Null: it ended, only its tuple is remembered.
  };
  struct Address {
    bool all_ports = false;
    std::array<PortPool, kPortSpaces> pools;
  };

  static FlowKey leased_side(const FlowKey& app, std::uint16_t leased);
  [[nodiscard]] bool covers(const FlowKey& flow) const;
  [[nodiscard]] bool is_leased(const SocketKey& leased) const;
  [[nodiscard]] bool may_use(const FlowKey& flow, std::uint16_t leased, TimePoint now) const;

  Port open(const FlowKey& flow, std::uint8_t tcp_flags, TimePoint now);
  Mapping* mapping_for(const FlowKey& flow, TimePoint now);
  std::optional<std::uint16_t> take_port(const FlowKey& flow, TimePoint now);
  std::optional<std::uint16_t> take_rested_port(PortPool& pool, const FlowKey& flow, TimePoint now);
  void keep_alive(Flow& flow, TimePoint now);
  void end(Flow& flow, TimePoint when);
  void forget(Flow& flow);
  void release_mapping(Flow& flow);

  bool may_grow_ = false;
  std::unordered_map<Ipv4Address, Address> addresses_;
  std::unordered_multimap<SocketKey, Mapping> mappings_;
  std::unordered_map<FlowKey, Flow> flows_;            ///< By their leased side.
  std::unordered_map<FlowKey, Flow*> by_application_;  ///< Live ones, by the application's side.
  std::unordered_map<SocketKey, std::uint32_t> users_of_port_;  ///< Protocol left at 0.
  ExpiryWheel wheel_;
};

}  // namespace rsip::agent
