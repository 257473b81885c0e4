#include <random>

#include "tests/unit/agent/control/conversation.h"

// The session against a gateway that says anything at any time.
namespace rsip::agent::test {
namespace {

class RandomGateway {
 public:
  explicit RandomGateway(std::uint64_t seed) : random_(seed), session_(settings(), seed) {
    look_at(session_.start(now_));
  }

  void run(int events) {
    for (int i = 0; i < events; ++i) step();
    look_at(session_.on(Stop{}, now_));
    for (int i = 0; i < 100 && !finished_; ++i) step();
    EXPECT_TRUE(finished_) << "the session does not end";
  }

 private:
  static SessionSettings settings() { return {kGateway, msg::Method::kRsapIp, 8, 64}; }

  std::uint32_t any(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  void step() {
    switch (any(12)) {
      case 0:
        return look_at(session_.on(LinkUp{}, now_));
      case 1:
        return look_at(session_.on(LinkDown{{}}, now_));
      case 2:
        return look_at(session_.on(PortsWanted{}, now_));
      case 3:
      case 4:
        now_ += milliseconds(any(5000));
        return look_at(session_.on(Tick{}, now_));
      default:
        return say(anything());
    }
  }

  void say(msg::Message message) {
    const std::optional<std::uint32_t> counters[] = {std::nullopt, 0, counter_, any(9)};
    std::visit([&](auto& m) { m.trailer.counter = counters[any(4)]; }, message);
    look_at(session_.on(Received{std::move(message)}, now_));
  }

  msg::Message anything() {
    const ClientId client{1 + any(3)};
    const BindId bind{any(6)};
    const msg::LeaseTime lease(any(2) == 0 ? any(30) : 0xFFFFFFFF - any(2));
    const PortRange ports{static_cast<std::uint16_t>(any(2000)), 8};
    switch (any(7)) {
      case 0:
        return msg::RegisterResponse{client, lease, {}, {}, {}, {}};
      case 1:
        return msg::DeRegisterResponse{client, {}};
      case 2: {
        auto grant = Conversation::granted(bind, ports);
        grant.client = client;
        grant.lease = lease;
        return grant;
      }
      case 3:
        return msg::ExtendResponse{client, bind, lease, {}};
      case 4:
        return msg::FreeResponse{client, bind, {}};
      case 5:
        return msg::AssignRequestRsapIp{};
      default:
        return msg::ErrorResponse{static_cast<std::uint16_t>(300 + any(17)), client, {}, {}};
    }
  }

  void look_at(const std::vector<SessionAction>& actions) {
    if (now_ != last_look_) sent_since_ = 0;
    last_look_ = now_;
    EXPECT_TRUE(actions.empty() || !finished_) << "an action after the end";
    for (const SessionAction& action : actions) {
      if (const auto* const send = std::get_if<Send>(&action)) {
        counter_ = std::visit([](const auto& m) { return m.trailer.counter; }, send->message);
        EXPECT_NE(counter_, 0U);
        EXPECT_LT(++sent_since_, 60) << "a storm of requests, time stands still";
      }
      finished_ = finished_ || std::holds_alternative<Finished>(action);
    }
    EXPECT_LE(actions.size(), 64U) << "one event, an avalanche of actions";
    for (const Lease& lease : session_.leases()) EXPECT_GE(lease.ports.front().first, 1);
    EXPECT_LE(port_total(), 64U + 8U);
  }

  [[nodiscard]] std::size_t port_total() const {
    std::size_t total = 0;
    for (const Lease& lease : session_.leases()) total += port_count(lease.ports);
    return total;
  }

  std::mt19937_64 random_;
  TimePoint now_{std::chrono::hours(1)};
  Session session_;
  std::optional<std::uint32_t> counter_;
  TimePoint last_look_{};
  int sent_since_ = 0;
  bool finished_ = false;
};

TEST(SessionRandom, SurvivesAGatewayThatSaysAnythingAtAnyTime) {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomGateway(seed).run(500);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rsip::agent::test
