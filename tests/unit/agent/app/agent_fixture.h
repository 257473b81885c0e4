#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "agent/app/agent.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_coordinator.h"
#include "tests/fakes/fake_host_network.h"
#include "tests/fakes/fake_link.h"
#include "tests/fakes/fake_network_monitor.h"
#include "tests/fakes/fake_tunnels.h"

namespace rsip::agent {

inline constexpr ClientId kClient{7};
inline constexpr Ipv4Address kPublic{0xCB00710A};

/// A link that the test can look at after the agent has done with it.
class SharedLink : public GatewayLink {
 public:
  explicit SharedLink(std::shared_ptr<rsip::fakes::FakeLink> link) : link_(std::move(link)) {}
  void open() override { link_->open(); }
  void send(const msg::Message& message) override { link_->send(message); }
  void send_again() override { link_->send_again(); }
  void close() override { link_->close(); }

 private:
  std::shared_ptr<rsip::fakes::FakeLink> link_;
};

/// An agent on a machine in memory, with the test as its gateway.
class AgentFixture : public ::testing::Test {
 protected:
  AgentFixture() { spdlog::set_level(spdlog::level::off); }

  void start(bool fail_fast = false) {
    Config config;
    config.gateways = gateways_;
    config.profiles = profiles_;
    config.source = {"/etc/rsip/agent.toml", "[[gateway]]\n"};
    AgentPlatform platform{
        [this] { return clock_.now(); },
        [this](TimePoint when, std::function<void()> due) { timer_ = {when, std::move(due)}; },
        [this](const GatewayConfig& gateway, const LinkTarget& target, LinkEvents events) {
          made_.push_back(std::make_shared<rsip::fakes::FakeLink>(std::move(events), &journal_));
          link_ = links_[gateway.name] = made_.back().get();
          target_ = target;
          return std::make_unique<SharedLink>(made_.back());
        },
        [this](const GatewayConfig&, auto found) { found_ = std::move(found); },
        [this](const GatewayIpsec&, CoordinatorEvents events) {
          ipsec_.events = std::move(events);
          return std::make_unique<rsip::fakes::FakeCoordinator>(ipsec_, &journal_);
        },
        [this] { return last_ike_port_; },
        network_,
        monitor_,
        tunnels_};
    platform.discover = [this](auto found) { discovered_.push_back(std::move(found)); };
    platform.wall = [this] { return wall_; };
    platform.log = log_;
    agent_.emplace(io_, config, std::move(platform), fail_fast, 1);
    agent_->on_finished([this] { finished_ = true; });
    agent_->on_event([this](const ipc::Event& event) { events_.push_back(event); });
    agent_->start();
  }

  template <class M>
  void answer(M message) {
    message.trailer.counter =
        std::visit([](const auto& m) { return m.trailer.counter; }, link_->sent.back());
    link_->events.message(message);
    poll();
  }
  /// Carries out what was posted to the event loop.
  void poll() {
    io_.restart();
    io_.poll();
    answer_question();
  }
  /// Where things are is asked for after each registration; no test is about that.
  void answer_question() {
    if (link_ == nullptr || link_->sent.empty()) return;
    if (link_->sent.empty() || last_sent() != msg::MessageType::kQueryRequest) return;
    const auto question = std::get<msg::QueryRequest>(link_->sent.back());
    link_->sent.pop_back();
    msg::QueryResponse response{question.client, {}, {}, {}, {}, {}};
    response.trailer = question.trailer;
    link_->events.message(response);
    poll();
  }
  void register_host() {
    link_->events.up();
    answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {}, {}, {}});
  }
  void grant(std::uint32_t bind, PortRange ports, std::uint32_t lease_s = 600) {
    answer(msg::AssignResponseRsapIp{kClient,
                                     BindId{bind},
                                     kPublic,
                                     msg::Ports::contiguous(ports),
                                     msg::DontCare{},
                                     msg::Ports::dont_care(1),
                                     msg::LeaseTime(lease_s),
                                     msg::TunnelType::kIpIp,
                                     {},
                                     {}});
  }
  void assigned() {
    start();
    register_host();
    grant(1, {5000, 32});
  }
  /// The gateway takes a lease back.
  void free_by_gateway(std::uint32_t bind) {
    msg::FreeResponse response{kClient, BindId{bind}, {}};
    response.trailer.counter = 0;
    link_->events.message(response);
    poll();
  }
  /// A second block, as if the first were used up.
  void grow(std::uint32_t bind, PortRange ports, std::uint32_t lease_s = 600) {
    tunnels_.events.ports_wanted({RemoteScope{}});
    poll();
    grant(bind, ports, lease_s);
  }
  /// Moves time to what the agent wanted to be woken for.
  void wake() {
    auto [when, due] = std::exchange(timer_, {});
    clock_.advance(when - clock_.now());
    due();
    poll();
  }
  /// Same, until the condition holds: it also wakes to look which leases are used.
  void wake_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 1000 && !condition(); ++i) wake();
    EXPECT_TRUE(condition());
  }
  /// What the agent answers; an error if it has not answered yet.
  Result<ipc::Answer> call(const ipc::Call& call) {
    const auto outcome =
        std::make_shared<Result<ipc::Answer>>(fail(ErrorKind::kTimeout, "not answered yet"));
    agent_->call(call, {ipc::Who::kRoot, 0},
                 [outcome](auto given) { *outcome = std::move(given); });
    poll();
    return *outcome;
  }
  /// Somebody subscribes.
  ipc::Snapshot subscribe(EventWishes wishes = {true, false, {}, {}}) {
    const auto answer = call(ipc::SubscribeRequest{});
    agent_->want_events(wishes);
    return std::get<ipc::Snapshot>(*answer);
  }
  /// Lets the agent look for what has changed.
  void look() {
    while (timer_.second && timer_.first <= clock_.now() + Publisher::kSpacing) wake();
  }
  /// All of one kind since the last call of this for that kind.
  template <class Body>
  std::vector<Body> told() {
    std::vector<Body> found;
    std::erase_if(events_, [&found](const ipc::Event& event) {
      const Body* const body = std::get_if<Body>(&event.body);
      if (body != nullptr) found.push_back(*body);
      return body != nullptr;
    });
    return found;
  }
  /// The kinds of what happened since the last call.
  std::vector<std::string> happened() {
    look();
    std::vector<std::string> kinds;
    for (ipc::Happening& happening : told<ipc::Happening>()) {
      kinds.push_back(happening.kind);
      last_ = std::move(happening);
    }
    return kinds;
  }
  [[nodiscard]] ipc::GatewayStatus gateway(std::size_t position = 0) const {
    return agent_->status().gateways.at(position);
  }
  static GatewayConfig gateway_named(std::string name, Ipv4Address address, std::string device) {
    GatewayConfig config;
    config.name = std::move(name);
    config.address = address;
    config.device = std::move(device);
    return config;
  }
  [[nodiscard]] msg::MessageType last_sent() const { return msg::type_of(link_->sent.back()); }

  boost::asio::io_context io_;
  rsip::fakes::FakeClock clock_;
  rsip::fakes::Journal journal_;
  rsip::fakes::FakeHostNetwork network_{&journal_};
  rsip::fakes::FakeNetworkMonitor monitor_;
  rsip::fakes::FakeTunnels tunnels_{&journal_};
  rsip::fakes::CoordinatorRecord ipsec_;
  std::optional<std::uint16_t> last_ike_port_;
  std::vector<GatewayConfig> gateways_{gateway_named("hotel", {0x0A010001}, "rsip0")};
  std::vector<std::shared_ptr<rsip::fakes::FakeLink>> made_;
  rsip::fakes::FakeLink* link_ = nullptr;  ///< Made last.
  std::map<std::string, rsip::fakes::FakeLink*> links_;
  LinkTarget target_;  ///< Of the link made last.
  std::function<void(std::vector<FoundGateway>)> found_;
  std::pair<TimePoint, std::function<void()>> timer_;
  std::vector<ProfileConfig> profiles_;
  std::vector<std::function<void(std::vector<FoundGateway>)>> discovered_;  ///< To be called back.
  std::chrono::system_clock::time_point wall_{std::chrono::seconds(1764000000)};
  LogMemory* log_ = nullptr;
  std::vector<ipc::Event> events_;
  ipc::Happening last_;  ///< Of happened().
  std::optional<Agent> agent_;
  bool finished_ = false;
};

}  // namespace rsip::agent
