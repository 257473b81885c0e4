#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "agent/datapath/flow_map.h"
#include "common/packet/transport_header.h"
#include "tests/unit/agent/datapath/flow_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

const Ipv4Address kLocal = ip("203.0.113.10");

/// What FlowMap promises, told by a list that is searched from one end to the other: flows with the
/// port they were given and the time they end.
class LinearModel {
 public:
  struct Flow {
    FlowKey app;
    std::uint16_t leased;
    FlowLife life;
    TimePoint due;
    bool live = true;  ///< False: only the tuple is remembered.
  };

  void tidy(TimePoint now) {
    for (Flow& flow : flows_) {
      if (!flow.live || flow.due > now) continue;
      flow.live = false;
      flow.due = flow.life.leaves_time_wait() ? flow.due + kTimeWait : now;
    }
    std::erase_if(flows_, [&](const Flow& f) { return !f.live && f.due <= now; });
  }

  Flow* find(const FlowKey& app) {
    for (Flow& flow : flows_) {
      if (flow.live && flow.app == app) return &flow;
    }
    return nullptr;
  }
  Flow* find_leased(const FlowKey& leased) {
    for (Flow& flow : flows_) {
      FlowKey key = flow.app;
      key.port = flow.leased;
      if (flow.live && key == leased) return &flow;
    }
    return nullptr;
  }
  /// True if no other socket has the port, and the tuple is not remembered of another socket.
  bool may_take(const FlowKey& app, std::uint16_t leased) const {
    for (const Flow& flow : flows_) {
      if (flow.app.protocol != app.protocol || flow.leased != leased) continue;
      if (flow.app.port == app.port) continue;
      if (flow.live) return false;
      if (flow.app.remote == app.remote && flow.app.remote_port == app.remote_port) return false;
    }
    return true;
  }
  void open(const FlowKey& app, std::uint16_t leased) {
    std::erase_if(flows_,
                  [&](const Flow& f) { return !f.live && f.leased == leased && f.app == app; });
    flows_.push_back({app, leased, FlowLife(app.protocol, app.remote_port), {}});
  }
  void drop_unleased(const std::set<std::uint16_t>& leased) {
    std::erase_if(flows_, [&](const Flow& f) { return f.live && !leased.contains(f.leased); });
  }
  [[nodiscard]] const std::vector<Flow>& flows() const { return flows_; }

 private:
  std::vector<Flow> flows_;
};

class RandomTraffic {
 public:
  explicit RandomTraffic(std::uint32_t seed) : random_(seed) { change_lease(); }

  void step() {
    const auto dice = random_() % 100;
    if (dice == 0) {
      change_lease();
    } else if (dice < 10) {
      now_ += std::chrono::seconds(random_() % 90);  // whole: the map is exact to the second
      for (int i = 0; i < 20; ++i) map_.expire(now_);
    } else if (dice < 60) {
      send();
    } else {
      receive();
    }
    model_.tidy(now_);
    check_ports_in_use();
  }

 private:
  FlowKey random_flow() {
    static constexpr std::uint8_t kProtocols[] = {kTcpProtocol, kUdpProtocol, kIcmpProtocol};
    const std::uint8_t protocol = kProtocols[random_() % 3];
    // Some applications use ports that are leased.
    const auto port = static_cast<std::uint16_t>(random_() % 4 == 0 ? 5000 + random_() % 12
                                                                    : 40000 + random_() % 12);
    const auto remote_port = static_cast<std::uint16_t>(protocol == kIcmpProtocol ? 0 : 443);
    const auto remote = static_cast<std::uint32_t>(0xC6336401 + random_() % 3);
    return {protocol, kLocal, port, {remote}, remote_port};
  }

  std::uint8_t random_flags(std::uint8_t protocol) {
    using namespace packet;
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
      ASSERT_TRUE(leased_.contains(*port)) << "source port is not leased";
      ASSERT_TRUE(model_.may_take(app, *port)) << "port " << *port << " belongs to another";
      if (leased_.contains(app.port) && is_first_of_socket(app) && model_.may_take(app, app.port)) {
        ASSERT_EQ(*port, app.port) << "the application's own port was free";
      }
      model_.open(app, *port);
      known = model_.find(app);
    }
    ASSERT_EQ(port, known->leased) << "a flow keeps its port";
    known->life.outbound(flags);
    known->due = now_ + known->life.idle_limit();
  }

  void receive() {
    FlowKey leased = random_flow();
    leased.port = static_cast<std::uint16_t>(5000 + random_() % 14);
    const std::uint8_t flags = random_flags(leased.protocol);
    model_.tidy(now_);
    LinearModel::Flow* const known = model_.find_leased(leased);
    const auto port = map_.inbound(leased, flags, now_);
    ASSERT_EQ(port.has_value(), known != nullptr);
    if (known == nullptr) return;
    ASSERT_EQ(*port, known->app.port);
    known->life.inbound(flags);
    known->due = now_ + known->life.idle_limit();
  }

  void expect_rightly_refused(const FlowKey& app, std::uint8_t flags, DropReason reason) {
    if (reason == DropReason::kNoFlow) {
      ASSERT_EQ(flags & packet::kTcpRst, packet::kTcpRst);
      return;
    }
    ASSERT_EQ(reason, DropReason::kNoFreePort);
    for (const std::uint16_t port : leased_) {
      const bool taken = std::ranges::any_of(model_.flows(), [&](const auto& f) {
        return f.live && f.app.protocol == app.protocol && f.leased == port;
      });
      ASSERT_TRUE(taken || !model_.may_take(app, port)) << "port " << port << " was free";
    }
  }

  bool is_first_of_socket(const FlowKey& app) const {
    return std::ranges::none_of(model_.flows(), [&](const auto& f) {
      return f.live && socket_of(f.app) == socket_of(app);
    });
  }

  void change_lease() {
    leased_.clear();
    for (std::uint16_t port = 5000; port < 5012; ++port) {
      if (random_() % 3 != 0) leased_.insert(port);
    }
    const std::vector<std::uint16_t> ports(leased_.begin(), leased_.end());
    map_.use(leased_ports(to_ranges(ports), true, ++generation_));
    model_.tidy(now_);
    model_.drop_unleased(leased_);
  }

  void check_ports_in_use() {
    std::set<std::uint16_t> used;
    for (const auto& flow : model_.flows()) {
      if (flow.live) used.insert(flow.leased);
    }
    ASSERT_EQ(map_.ports_in_use(), used.size());
  }

  std::mt19937 random_;
  FlowMap map_;
  LinearModel model_;
  std::set<std::uint16_t> leased_;
  std::uint64_t generation_ = 0;
  TimePoint now_{1h};
};

TEST(FlowMapRandom, AgreesWithTheLinearModelAndSharesNoPort) {
  const auto seed = std::random_device{}();
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
