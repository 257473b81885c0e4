#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "tests/fakes/seed.h"
#include "tests/unit/agent/datapath/flow_map_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

constexpr std::uint16_t kFirstPort = 5000;
constexpr std::uint16_t kPorts = 12;
constexpr std::uint16_t kPortOfPing = 7;

bool names(const RemoteScope& scope, RemoteDetail detail) {
  return detail == RemoteDetail::kNone || (detail == RemoteDetail::kAddress && scope.address) ||
         (scope.address && scope.port);
}

bool contains(const Binding& binding, const FlowKey& flow) {
  const bool ping = flow.protocol == kIcmpProtocol;
  return binding.remote.allows(flow.remote, ping ? kPortOfPing : flow.remote_port);
}

std::uint16_t leased_port(const Binding& binding) {
  return binding.ports.front().first;
}

std::uint16_t server_port(const Binding& binding) {
  return binding.server_port != 0 ? binding.server_port : leased_port(binding);
}

/// What FlowMap promises, told by lists that are searched from one end to the other: bindings of
/// one port each, and flows with the port they were given and the time they end.
class LinearModel {
 public:
  struct Flow {
    FlowKey app;
    std::uint16_t leased;
    RemoteScope scope;
    bool listening;
    FlowLife life;
    TimePoint due;
    bool live = true;  ///< False: only the tuple is remembered.
  };

  void use(const FlowTable& table) {
    table_ = table;
    if (table.suspended) return;
    std::erase_if(flows_, [&](const Flow& f) { return f.live && binding_of(f) == nullptr; });
  }

  void tidy(TimePoint now) {
    for (Flow& flow : flows_) {
      if (!flow.live || flow.due > now) continue;
      flow.live = false;
      const bool remember = flow.life.leaves_time_wait() && !flow.listening;
      flow.due = remember ? flow.due + kTimeWait : now;
    }
    std::erase_if(flows_, [&](const Flow& f) { return !f.live && f.due <= now; });
  }

  Flow* find(const FlowKey& app) {
    return find_if([&](const Flow& flow) { return flow.live && flow.app == app; });
  }
  Flow* find_leased(const FlowKey& leased) {
    return find_if([&](const Flow& flow) { return flow.live && tuple_of(flow) == leased; });
  }
  /// The binding that has a flow's port now. Null: it is suspended.
  const Binding* binding_of(const Flow& flow) const {
    for (const Binding& binding : table_.bindings) {
      if (leased_port(binding) != flow.leased || binding.remote != flow.scope) continue;
      if (binding.listening != flow.listening) continue;
      if (!flow.listening || server_port(binding) == flow.app.port) return &binding;
    }
    return nullptr;
  }
  const Binding* binding_of(std::uint16_t port) const {
    for (const Binding& binding : table_.bindings) {
      if (leased_port(binding) == port) return &binding;
    }
    return nullptr;
  }

  /// True if a new flow from here may use the binding, whatever others use.
  bool serves(const Binding& binding, const FlowKey& app) const {
    if (binding.retiring || !contains(binding, app)) return false;
    if (!names(binding.remote, table_.detail)) return false;
    return !binding.listening ||
           (app.protocol != kIcmpProtocol && server_port(binding) == app.port);
  }
  /// True if no other socket has the port, and the tuple is not remembered of another socket.
  bool is_open(const Binding& binding, const FlowKey& app, bool resting_will_do = false) const {
    FlowKey tuple = app;
    tuple.port = leased_port(binding);
    return std::ranges::none_of(flows_, [&](const Flow& flow) {
      if (tuple_of(flow) == tuple) {
        return flow.live || (flow.app.port != app.port && !resting_will_do);
      }
      return flow.live && !flow.listening && !binding.listening && flow.scope == binding.remote &&
             flow.leased == tuple.port && flow.app.protocol == app.protocol &&
             flow.app.port != app.port;
    });
  }
  Flow& open(const FlowKey& app, const Binding& binding, BegunBy begun_by) {
    FlowKey tuple = app;
    tuple.port = leased_port(binding);
    std::erase_if(flows_, [&](const Flow& f) { return !f.live && tuple_of(f) == tuple; });
    flows_.push_back({app,
                      tuple.port,
                      binding.remote,
                      binding.listening,
                      FlowLife(app.protocol, app.remote_port, begun_by),
                      {}});
    return flows_.back();
  }
  [[nodiscard]] const std::vector<Flow>& flows() const { return flows_; }
  [[nodiscard]] const FlowTable& table() const { return table_; }

 private:
  static FlowKey tuple_of(const Flow& flow) {
    FlowKey key = flow.app;
    key.port = flow.leased;
    return key;
  }
  template <class Is>
  Flow* find_if(const Is& is) {
    const auto found = std::ranges::find_if(flows_, is);
    return found == flows_.end() ? nullptr : &*found;
  }

  FlowTable table_;
  std::vector<Flow> flows_;
};

class RandomTraffic {
 public:
  explicit RandomTraffic(std::uint32_t seed) : random_(seed) { change_table(); }

  void step() {
    const auto dice = random_() % 100;
    if (dice < 2) {
      change_table();
    } else if (dice < 10) {
      now_ += std::chrono::seconds(random_() % 90);  // whole: the map is exact to the second
      for (int i = 0; i < 20; ++i) map_.expire(now_);
    } else if (dice < 60) {
      send();
    } else {
      receive();
    }
    model_.tidy(now_);
    check_use();
  }

 private:
  FlowKey random_flow() {
    static constexpr std::uint8_t kProtocols[] = {kTcpProtocol, kUdpProtocol, kIcmpProtocol};
    const std::uint8_t protocol = kProtocols[random_() % 3];
    // Some applications use ports that are leased, some are servers.
    const auto port = static_cast<std::uint16_t>(
        random_() % 4 == 0 ? kFirstPort + random_() % kPorts : 40000 + random_() % 12);
    const auto remote_port = static_cast<std::uint16_t>(protocol == kIcmpProtocol ? 0 : 443);
    return {protocol, kLocal, port, random_remote(), remote_port};
  }
  Ipv4Address random_remote() { return {static_cast<std::uint32_t>(0xC6336401 + random_() % 3)}; }

  std::uint8_t random_flags(std::uint8_t protocol) {
    static constexpr std::uint8_t kFlags[] = {kTcpSyn,           kTcpAck, kTcpAck,
                                              kTcpFin | kTcpAck, kTcpRst, kTcpSyn | kTcpAck};
    return protocol == kTcpProtocol ? kFlags[random_() % 6] : std::uint8_t{0};
  }

  void send() {
    const FlowKey app = random_flow();
    const std::uint8_t flags = random_flags(app.protocol);
    model_.tidy(now_);
    LinearModel::Flow* known = model_.find(app);
    const auto port = map_.outbound(app, flags, now_);
    if (known == nullptr) {
      if (!port) return expect_rightly_refused(app, flags, port.error());
      const Binding* const binding = model_.binding_of(*port);
      ASSERT_NE(binding, nullptr) << "source port " << *port << " is not leased";
      expect_right_choice(app, *binding);
      known = &model_.open(app, *binding, BegunBy::kHost);
    } else if (model_.binding_of(*known) == nullptr) {
      ASSERT_FALSE(port) << "suspended";
      ASSERT_EQ(port.error(), DropReason::kNoFreePort);
      return;
    }
    ASSERT_EQ(port, known->leased) << "a flow keeps its port";
    known->life.outbound(flags);
    known->due = now_ + known->life.idle_limit();
  }

  // H-072, H-073, H-074, H-075 as far as a model can tell.
  void expect_right_choice(const FlowKey& app, const Binding& chosen) {
    ASSERT_TRUE(model_.serves(chosen, app)) << "port " << leased_port(chosen) << " is not for this";
    if (!model_.is_open(chosen, app)) return expect_last_resort(app, chosen);
    if (!chosen.listening) {
      for (const Binding& binding : model_.table().bindings) {
        ASSERT_FALSE(binding.listening && model_.serves(binding, app) &&
                     model_.is_open(binding, app))
            << "a server keeps to the port where it listens";
      }
    }
    const Binding* const own = model_.binding_of(app.port);
    const bool could_keep = own != nullptr && !own->listening && own->remote == chosen.remote &&
                            model_.serves(*own, app) && model_.is_open(*own, app);
    if (could_keep && !chosen.listening && is_first_of_socket(app)) {
      ASSERT_EQ(leased_port(chosen), app.port) << "the application's own port was free";
    }
  }

  // Where there is one lease for each remote, a tuple that rests is better than no connection.
  void expect_last_resort(const FlowKey& app, const Binding& chosen) {
    ASSERT_TRUE(model_.is_open(chosen, app, true)) << "port " << leased_port(chosen) << " is taken";
    ASSERT_NE(model_.table().detail, RemoteDetail::kNone);
    for (const Binding& binding : model_.table().bindings) {
      ASSERT_FALSE(model_.serves(binding, app) && model_.is_open(binding, app))
          << "port " << leased_port(binding) << " had not to rest";
    }
  }

  void receive() {
    FlowKey leased = random_flow();
    leased.port = static_cast<std::uint16_t>(kFirstPort + random_() % (kPorts + 2));
    const std::uint8_t flags = random_flags(leased.protocol);
    model_.tidy(now_);
    LinearModel::Flow* known = model_.find_leased(leased);
    const auto port = map_.inbound(leased, flags, now_);
    if (known == nullptr) {
      const Binding* const listening = admitting(leased, flags);
      ASSERT_EQ(port.has_value(), listening != nullptr) << "D10";
      if (listening == nullptr) return;
      FlowKey app = leased;
      app.port = server_port(*listening);
      known = &model_.open(app, *listening, BegunBy::kRemote);
    } else if (model_.binding_of(*known) == nullptr) {
      ASSERT_FALSE(port) << "suspended";
      return;
    }
    ASSERT_EQ(port, known->app.port);
    known->life.inbound(flags);
    known->due = now_ + known->life.idle_limit();
  }

  /// The LISTEN that lets a new flow in.
  const Binding* admitting(const FlowKey& leased, std::uint8_t flags) {
    const Binding* const binding = model_.binding_of(leased.port);
    if (binding == nullptr || !binding->listening || binding->retiring) return nullptr;
    if (!contains(*binding, leased) || leased.protocol == kIcmpProtocol) return nullptr;
    if (leased.protocol == kTcpProtocol && flags != kTcpSyn) return nullptr;
    FlowKey app = leased;
    app.port = server_port(*binding);
    return model_.find(app) == nullptr ? binding : nullptr;
  }

  void expect_rightly_refused(const FlowKey& app, std::uint8_t flags, DropReason reason) {
    if (reason == DropReason::kNoFlow) {
      ASSERT_EQ(flags & kTcpRst, kTcpRst);
      return;
    }
    if (reason == DropReason::kSourceNotLeased) {
      ASSERT_TRUE(model_.table().bindings.empty());
      return;
    }
    ASSERT_EQ(reason, DropReason::kNoFreePort);
    for (const Binding& binding : model_.table().bindings) {
      ASSERT_FALSE(model_.serves(binding, app) && model_.is_open(binding, app))
          << "port " << leased_port(binding) << " was free";
    }
  }

  bool is_first_of_socket(const FlowKey& app) const {
    return std::ranges::none_of(model_.flows(), [&](const auto& f) {
      return f.live && socket_of(f.app) == socket_of(app);
    });
  }

  RemoteScope random_scope() {
    switch (random_() % 6) {
      case 0:
        return {random_remote(), std::nullopt};
      case 1:
        return {random_remote(), std::uint16_t{443}};
      default:
        return {};
    }
  }

  void change_table() {
    static constexpr RemoteDetail kDetails[] = {RemoteDetail::kNone, RemoteDetail::kNone,
                                                RemoteDetail::kAddress,
                                                RemoteDetail::kAddressAndPort};
    FlowTable table;
    table.generation = ++generation_;
    table.may_grow = true;
    table.detail = kDetails[random_() % 4];
    table.suspended = random_() % 4 == 0;
    for (std::uint16_t port = kFirstPort; port < kFirstPort + kPorts; ++port) {
      if (random_() % 3 != 0) table.bindings.push_back(random_binding(port));
    }
    if (random_() % 10 == 0) table.bindings.clear();
    map_.use(table, now_);
    model_.tidy(now_);
    model_.use(table);
  }

  /// Often what it was before, sometimes under another bind ID.
  Binding random_binding(std::uint16_t port) {
    Binding& kept = bindings_[port];
    if (kept.ports.empty() || random_() % 4 == 0) {
      kept = binding(port, {{port, 1}}, random_scope());
      kept.listening = random_() % 4 == 0;
      if (kept.listening && random_() % 2 == 0) {
        kept.server_port = static_cast<std::uint16_t>(40000 + random_() % 12);
      }
    }
    if (random_() % 4 == 0) kept.bind.value += 1000;
    kept.retiring = random_() % 5 == 0;
    return kept;
  }

  void check_use() {
    std::set<std::uint16_t> used;
    std::set<BindId> in_use;
    for (const auto& flow : model_.flows()) {
      if (!flow.live) continue;
      used.insert(flow.leased);
      if (const Binding* const binding = model_.binding_of(flow)) in_use.insert(binding->bind);
    }
    ASSERT_EQ(map_.ports_in_use(), used.size());
    map_.bindings().for_each([&](const HeldBinding& held) {
      ASSERT_EQ(!held.mappings.empty(), in_use.contains(held.binding.bind));
    });
  }

  std::mt19937 random_;
  FlowMap map_;
  LinearModel model_;
  std::map<std::uint16_t, Binding> bindings_;
  std::uint64_t generation_ = 0;
  TimePoint now_{1h};
};

// H-005, H-072, H-073, H-074, H-075: no packet leaves from a port that is not leased for its
// remote.
TEST(FlowMapRandom, AgreesWithTheLinearModelAndSharesNoPort) {
  const auto seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  for (std::uint32_t round = 0; round < 20; ++round) {
    RandomTraffic traffic(seed + round);
    for (int step = 0; step < 2000; ++step) {
      traffic.step();
      if (::testing::Test::HasFatalFailure()) {
        FAIL() << "seed " << seed + round << ", step " << step;
      }
    }
  }
}

}  // namespace
}  // namespace rsip::agent
