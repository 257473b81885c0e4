#include <random>

#include <gtest/gtest.h>

#include "tests/fakes/seed.h"
#include "tests/unit/agent/control/conversation.h"
#include "tests/unit/agent/control/session_watch.h"

// The session against a gateway, a network and a host that do anything at any time.
namespace rsip::agent::test {
namespace {

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed) : random_(seed), watch_(settings(), seed) {
    watch_.start(now_);
  }

  void run(int events) {
    for (int i = 0; i < events && watch_.violation.empty(); ++i) step();
    watch_.on(Stop{}, now_);
    for (int i = 0; i < 100 && !watch_.finished; ++i) pass_time();
    EXPECT_EQ(watch_.violation, "");
    EXPECT_TRUE(watch_.finished) << "the session does not end";
  }

 private:
  SessionSettings settings() {
    SessionSettings all{kGateway, any(4) == 0 ? msg::Method::kRsaIp : msg::Method::kRsapIp, 8, 64};
    all.tunnels = {msg::TunnelType::kIpIp, msg::TunnelType::kGre};
    all.addresses = 1 + any(2);
    if (any(2) == 0)
      all.ipsec = {4, 12, static_cast<std::uint8_t>(any(2) == 0 ? 4 : 0), {}, {kPeer}};
    if (any(2) == 0) all.first_wait = std::chrono::microseconds(12500);
    return all;
  }

  std::uint32_t any(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }
  RemoteScope remote() { return {Ipv4Address{kPeer.value + any(3)}, 443}; }

  void step() {
    if (any(12) < 3) return say(anything());
    if (any(3) == 0 && watch_.request) return answer();
    if (any(3) == 0) return pass_time();
    watch_.on(happening(), now_);
    EXPECT_LT(watch_.requests_since_time_passed, 200) << "a storm, time stands still";
  }

  void pass_time() {
    const TimePoint next = watch_.session.next_deadline();
    now_ = any(2) == 0 && next < now_ + minutes(5) ? std::max(now_, next)
                                                   : now_ + milliseconds(any(5000));
    watch_.on(Tick{}, now_);
  }

  SessionEvent happening() {
    switch (any(20)) {
      case 0:
      case 1:
      case 2:
        return LinkUp{};
      case 3:
        return LinkDown{{}};
      case 4:
        return PortsWanted{{remote()}};
      case 5:
        return PortsWanted{};
      case 6:
        return LeasesIdle{{}, {BindId{any(6)}, BindId{any(6)}}};
      case 7:
        return LeasesIdle{{BindId{any(6)}}, {}};
      case 8:
        return ListenWanted{{static_cast<std::uint16_t>(80 + any(2)),
                             {},
                             any(2) == 0,
                             any(2) == 0 ? RemoteScope{} : remote()}};
      case 9:
        return ListenUnwanted{static_cast<std::uint16_t>(80 + any(2))};
      case 10:
        return QueryWanted{{kPeer}, {}};
      case 11:
        return RenewWanted{};
      case 12:
        return OwnAddresses{{Ipv4Address{kPublic.value + any(2)}}};
      case 13:
        return TunnelUnreachable{};
      case 14:
        return spis_wanted();
      case 15:
        return SpisUnwanted{{BindId{any(6)}}};
      case 16:
        return ReleaseWanted{{BindId{any(6)}, BindId{any(6)}}};
      case 17:
        return HoldWanted{BindId{any(6)}};
      default:
        return NetworkBack{};
    }
  }

  SpisWanted spis_wanted() {
    SpisWanted wanted{static_cast<std::uint16_t>(1 + any(4)), {}, {}, {}};
    if (any(2) == 0) wanted.peer = kPeer;
    if (any(3) != 0) return wanted;
    wanted.count = 1;
    wanted.exactly = 250 + any(20);
    return wanted;
  }

  void say(msg::Message message) {
    const std::optional<std::uint32_t> counters[] = {std::nullopt, 0, watch_.counter,
                                                     watch_.counter, any(9)};
    std::visit([&](auto& m) { m.trailer.counter = counters[any(5)]; }, message);
    watch_.on(Received{std::move(message)}, now_);
  }

  /// What an honest gateway says.
  void answer() {
    auto message =
        std::visit([this](const auto& request) { return honest(request); }, *watch_.request);
    std::visit([this](auto& m) { m.trailer.counter = watch_.counter; }, message);
    watch_.on(Received{std::move(message)}, now_);
  }

  msg::LeaseTime lease() { return msg::LeaseTime(20 + any(600)); }
  BindId fresh_bind() { return BindId{any(2) == 0 ? any(6) : ++last_bind_}; }
  msg::Ports fresh_ports(std::uint8_t count) {
    return msg::Ports::contiguous({static_cast<std::uint16_t>(2000 + 8 * any(500)), count});
  }

  msg::Message honest(const msg::RegisterRequest&) {
    return msg::RegisterResponse{ClientId{1 + any(2)},
                                 lease(),
                                 policy(),
                                 {msg::Method::kRsaIp, msg::Method::kRsapIp, msg::Method::kRsipsec},
                                 {},
                                 {}};
  }
  msg::Message honest(const msg::DeRegisterRequest& r) {
    return msg::DeRegisterResponse{r.client, {}};
  }
  msg::Message honest(const msg::AssignRequestRsapIp& r) {
    const msg::Ports ports =
        r.local_ports.numbers.empty() ? fresh_ports(r.local_ports.count) : r.local_ports;
    return msg::AssignResponseRsapIp{
        r.client, fresh_bind(),           kPublic, ports, r.remote, r.remote_ports,
        lease(),  msg::TunnelType::kIpIp, {},      {}};
  }
  msg::Message honest(const msg::AssignRequestRsaIp& r) {
    return msg::AssignResponseRsaIp{r.client,
                                    fresh_bind(),
                                    Ipv4Address{kPublic.value + any(9)},
                                    r.remote,
                                    r.remote_ports,
                                    lease(),
                                    msg::TunnelType::kIpIp,
                                    {},
                                    {}};
  }
  msg::Message honest(const msg::AssignRequestRsipsec& r) {
    msg::Ports ports = r.local_ports;
    if (ports.form == msg::Form::kDontCare) ports = fresh_ports(ports.count);
    msg::Spis spis = r.spis;
    if (spis.numbers.empty()) spis = msg::Spis::contiguous(0x1000 + 4 * any(99), spis.count);
    return msg::AssignResponseRsipsec{
        r.client, fresh_bind(),           kPublic, ports, r.remote, r.remote_ports, spis,
        lease(),  msg::TunnelType::kIpIp, {},      {}};
  }
  msg::Message honest(const msg::ListenRequest& r) {
    const msg::Ports port = r.local_ports.numbers.empty() ? fresh_ports(1) : r.local_ports;
    return msg::ListenResponse{r.client,       fresh_bind(),           kPublic, port, r.remote,
                               r.remote_ports, msg::TunnelType::kIpIp, lease(), {},   {}};
  }
  msg::Message honest(const msg::ExtendRequest& r) {
    return msg::ExtendResponse{r.client, r.bind, lease(), {}};
  }
  msg::Message honest(const msg::FreeRequest& r) { return msg::FreeResponse{r.client, r.bind, {}}; }
  msg::Message honest(const msg::QueryRequest& r) {
    return msg::QueryResponse{r.client, {}, {}, {}, {}, {}};
  }
  template <class Other>
  msg::Message honest(const Other&) {
    return msg::ErrorResponse{};
  }

  msg::FlowPolicy policy() {
    const msg::RemoteFlowPolicy remotes[] = {
        msg::RemoteFlowPolicy::kNone, msg::RemoteFlowPolicy::kMacro, msg::RemoteFlowPolicy::kMicro};
    return {any(4) == 0 ? msg::LocalFlowPolicy::kMicro : msg::LocalFlowPolicy::kMacro,
            remotes[any(3)]};
  }

  /// Often what the session may have asked for, often not.
  msg::AssignResponseRsapIp grant(ClientId client, msg::LeaseTime lease) {
    const auto first = static_cast<std::uint16_t>(any(2000));
    auto made = Conversation::granted(BindId{any(6)},
                                      {first, any(3) == 0 ? std::uint16_t{1} : std::uint16_t{8}});
    made.client = client;
    made.lease = lease;
    made.local = Ipv4Address{kPublic.value + any(2)};
    if (any(2) == 0) made.remote = *remote().address;
    if (any(3) == 0) made.remote_ports = msg::Ports::contiguous({443, 1});
    if (any(8) == 0) made.tunnel = msg::TunnelType::kGre;
    return made;
  }

  msg::Message anything() {
    const ClientId client{1 + any(2)};
    const BindId bind{any(6)};
    const msg::LeaseTime lease(any(4) == 0 ? 0xFFFFFFFF - any(2) : any(300));
    switch (any(11)) {
      case 0:
      case 1:
        return msg::RegisterResponse{
            client, lease, policy(), {msg::Method::kRsaIp, msg::Method::kRsapIp}, {}, {}};
      case 2:
        return msg::DeRegisterResponse{client, {}};
      case 3:
      case 4:
        return grant(client, lease);
      case 5: {
        const auto g = grant(client, lease);
        return msg::AssignResponseRsaIp{client, bind,     g.local,    g.remote, g.remote_ports,
                                        lease,  g.tunnel, g.endpoint, {}};
      }
      case 6: {
        const auto g = grant(client, lease);
        return msg::ListenResponse{
            client,   bind,
            g.local,  msg::Ports::contiguous({static_cast<std::uint16_t>(80 + any(2)), 1}),
            g.remote, g.remote_ports,
            g.tunnel, lease,
            {},       {}};
      }
      case 7:
        return msg::ExtendResponse{client, bind, lease, {}};
      case 8: {
        const auto g = grant(client, lease);
        return msg::AssignResponseRsipsec{
            client,
            bind,
            g.local,
            any(2) == 0 ? msg::Ports::dont_need() : g.local_ports,
            g.remote,
            g.remote_ports,
            msg::Spis::contiguous(252 + any(50), static_cast<std::uint16_t>(1 + any(4))),
            lease,
            g.tunnel,
            g.endpoint,
            {}};
      }
      case 9:
        return any(2) == 0 ? msg::Message(msg::FreeResponse{client, bind, {}})
                           : msg::Message(msg::QueryResponse{client, {}, {}, {}, {}, {}});
      default:
        return error(client, bind);
    }
  }

  msg::ErrorResponse error(ClientId client, BindId bind) {
    const std::uint32_t groups[] = {100 + any(8), 200 + any(10), 300 + any(17), 400 + any(5)};
    msg::ErrorResponse made{static_cast<std::uint16_t>(groups[any(4)]), {}, bind, {}};
    if (any(2) == 0) made.client = client;
    return made;
  }

  std::mt19937_64 random_;
  std::uint32_t last_bind_ = 10;
  TimePoint now_{std::chrono::hours(1)};
  SessionWatch watch_;
};

// H-061, H-062, H-068, H-095, H-107, H-162, A-17: whatever happens, what the session does keeps the
// rules that SessionWatch knows.
TEST(SessionRandom, KeepsTheRulesWhateverHappens) {
  const std::uint64_t first = rsip::fakes::test_seed();
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomWorld(seed).run(600);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rsip::agent::test
