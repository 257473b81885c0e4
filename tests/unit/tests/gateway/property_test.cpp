#include <map>
#include <random>
#include <set>

#include "tests/fakes/seed.h"
#include "tests/unit/tests/gateway/engine_fixture.h"

// Whatever hosts send, in whatever order: a tuple is never leased to two hosts or twice, nothing is
// lost, and every message gets exactly one reply.
namespace rsip::gateway {
namespace {

using std::chrono::seconds;
using TupleKey = std::pair<Ipv4Address, std::uint32_t>;  ///< Address and port, or 65536 for all.

constexpr std::uint32_t kAllPorts = 65536;
constexpr int kSteps = 3000;
constexpr std::uint32_t kHosts = 6;
constexpr SpiRange kSpis{0x1000, 40};

class RandomRequests : public EngineFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  RandomRequests() : random_(GetParam()) {
    settings_.pools[0].addresses = {{kShared, 32}, {{kShared.value + 1}, 32}};
    settings_.hosts.quota.max_ports = 120;
    settings_.hosts.quota.max_addresses = 2;
    settings_.hosts.quota.max_spis = 24;
    settings_.pools[0].spis = kSpis;
  }

  std::uint32_t up_to(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool chance(std::uint32_t percent) { return up_to(100) < percent; }
  static Ipv4Address host(std::uint32_t index) { return {kHostA.value + index}; }

  ClientId some_client(Ipv4Address of) { return chance(90) ? client_of(of) : ClientId{up_to(20)}; }
  BindId some_bind(Ipv4Address of) {
    const Registration* const known = engine().find(of);
    if (known == nullptr || known->binds.empty() || chance(10)) return {up_to(50)};
    auto bind = known->binds.begin();
    std::advance(bind, up_to(static_cast<std::uint32_t>(known->binds.size())));
    return bind->first;
  }
  msg::Address some_local(Ipv4Address usual) {
    if (chance(60)) return msg::DontCare{};
    return Ipv4Address{usual.value + up_to(5)};
  }
  msg::Ports some_ports() {
    if (chance(60)) return msg::Ports::dont_care(static_cast<std::uint8_t>(1 + up_to(40)));
    const auto first = static_cast<std::uint16_t>(995 + up_to(110));
    if (chance(50)) {
      return msg::Ports::contiguous({first, static_cast<std::uint16_t>(1 + up_to(20))});
    }
    return msg::Ports::listed({first, static_cast<std::uint16_t>(first + 1 + up_to(9)),
                               static_cast<std::uint16_t>(995 + up_to(110))});
  }
  msg::Spis some_spis() {
    const auto count = static_cast<std::uint16_t>(1 + up_to(8));
    if (chance(60)) return msg::Spis::dont_care(count);
    const std::uint32_t first = kSpis.first - 4 + up_to(kSpis.count + 8);
    if (chance(50)) return msg::Spis::contiguous(first, count);
    return msg::Spis::listed({first + 1 + up_to(9), first, kSpis.first + up_to(kSpis.count)});
  }
  std::optional<msg::LeaseTime> some_lease() {
    if (chance(30)) return std::nullopt;
    return msg::LeaseTime(up_to(4000));
  }

  msg::Message some_message(Ipv4Address from) {
    const ClientId client = some_client(from);
    switch (up_to(12)) {
      case 0:
        return msg::RegisterRequest{};
      case 1:
        if (chance(80)) return msg::QueryRequest{client, {}, {}, {}};
        return msg::DeRegisterRequest{client, {}};
      case 2:
      case 3:
        return msg::FreeRequest{client, some_bind(from), {}};
      case 4:
        return msg::ExtendRequest{client, some_bind(from), some_lease(), {}};
      case 5:
        return msg::AssignRequestRsaIp{
            client, some_local(kWhole), msg::DontCare{}, some_ports(), some_lease(), {}, {}};
      case 6:
        return msg::ListenRequest{client, {}, {}, {}, {}, {}, {}, {}};
      case 7:
      case 8:
        return msg::AssignRequestRsipsec{client,
                                         some_local(kShared),
                                         chance(40) ? msg::Ports::dont_need() : some_ports(),
                                         msg::DontCare{},
                                         msg::Ports::dont_care(1),
                                         some_spis(),
                                         some_lease(),
                                         {},
                                         {}};
      default:
        return msg::AssignRequestRsapIp{client,
                                        some_local(kShared),
                                        some_ports(),
                                        msg::DontCare{},
                                        msg::Ports::dont_care(1),
                                        some_lease(),
                                        {},
                                        {}};
    }
  }

  /// What all binds of all hosts lease; fails if anything is leased twice.
  std::map<TupleKey, Ipv4Address> leased() {
    std::map<TupleKey, Ipv4Address> all;
    for (std::uint32_t i = 0; i < kHosts; ++i) {
      const Registration* const known = engine().find(host(i));
      if (known == nullptr) continue;
      for (const auto& [id, bind] : known->binds) {
        EXPECT_LE(bind.expires_at, known->expires_at);
        if (bind.method == msg::Method::kRsaIp) {
          EXPECT_TRUE(all.emplace(TupleKey{bind.address, kAllPorts}, host(i)).second);
        }
        for (const PortRange& range : bind.ports) {
          for (std::uint32_t port = range.first; port <= range.last(); ++port) {
            EXPECT_TRUE(all.emplace(TupleKey{bind.address, port}, host(i)).second);
          }
        }
      }
    }
    return all;
  }

  /// Whose each SPI is; fails if any is leased twice.
  std::map<TupleKey, Ipv4Address> leased_spis() {
    std::map<TupleKey, Ipv4Address> all;
    for (const auto& [host, registration] : engine().registrations()) {
      for (const auto& [id, bind] : registration.binds) {
        EXPECT_EQ(bind.method == msg::Method::kRsipsec, !bind.spis.empty());
        for (const SpiRange& range : bind.spis) {
          for (std::uint32_t i = 0; i < range.count; ++i) {
            EXPECT_TRUE(all.emplace(TupleKey{bind.address, range.first + i}, host).second);
          }
        }
      }
    }
    return all;
  }

  void check_spis(const std::map<TupleKey, Ipv4Address>& now_leased) {
    const auto table = engine().table();
    for (const Ipv4Address address : {kShared, Ipv4Address{kShared.value + 1}}) {
      const DemuxTable::Row& row = *table->find(address);
      for (std::uint32_t spi = kSpis.first - 5; spi < kSpis.last() + 5; ++spi) {
        const auto expected = now_leased.find({address, spi});
        const Owner* const actual = owner_of_spi(row, spi);
        EXPECT_EQ(actual != nullptr ? actual->host : Ipv4Address{},
                  expected != now_leased.end() ? expected->second : Ipv4Address{});
      }
    }
    for (const auto& [place, holder] : now_leased) {
      const auto last = last_spis_.find(place);
      if (last != last_spis_.end() && last->second.first != holder) {
        EXPECT_GE(now_ - last->second.second, settings_.lease.hold);
      }
      last_spis_[place] = {holder, now_};
    }
  }

  /// A tuple that changed its host must have rested for the hold time in between.
  void check_hold(const std::map<TupleKey, Ipv4Address>& now_leased) {
    for (const auto& [tuple, holder] : now_leased) {
      const auto last = last_.find(tuple);
      if (last != last_.end() && last->second.first != holder) {
        EXPECT_GE(now_ - last->second.second, settings_.lease.hold);
      }
      last_[tuple] = {holder, now_};
    }
  }

  void check_table(const std::map<TupleKey, Ipv4Address>& now_leased) {
    for (const Ipv4Address address : {kShared, Ipv4Address{kShared.value + 1}}) {
      for (std::uint32_t port = 990; port < 1110; ++port) {
        const auto expected = now_leased.find({address, port});
        const auto actual = owner(address, static_cast<std::uint16_t>(port));
        EXPECT_EQ(actual.value_or(Ipv4Address{}),
                  expected != now_leased.end() ? expected->second : Ipv4Address{});
      }
    }
  }

  std::mt19937 random_;
  std::map<TupleKey, std::pair<Ipv4Address, TimePoint>> last_;  ///< Last holder, last seen.
  std::map<TupleKey, std::pair<Ipv4Address, TimePoint>> last_spis_;
};

// G-05, G-18, H-216: whatever hosts do, nothing is leased twice or lost
TEST_P(RandomRequests, NeverLeaseATupleTwiceAndNeverLeak) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    const Ipv4Address from = host(up_to(kHosts));
    send(from, some_message(from));
    EXPECT_EQ(all<Reply>().size(), 1U);
    const auto now_leased = leased();
    check_hold(now_leased);
    check_table(now_leased);
    check_spis(leased_spis());
    if (chance(30)) advance(seconds(up_to(chance(10) ? 1000 : 20)));
  }
  engine().shut_down(now_);
  advance(settings_.lease.hold);
  EXPECT_EQ(engine().free_ports(now_), 200U);
  EXPECT_EQ(engine().free_addresses(now_), 4U);
  EXPECT_EQ(engine().next_deadline(), TimePoint::max());
}

INSTANTIATE_TEST_SUITE_P(FixedSeeds, RandomRequests, ::testing::Values(1U, 2U, 3U, 4U),
                         [](const auto& seed) { return "Sequence" + std::to_string(seed.index); });
INSTANTIATE_TEST_SUITE_P(FreshSeed, RandomRequests, ::testing::Values(rsip::fakes::test_seed()),
                         [](const auto&) { return std::string("SeedInTheTrace"); });

TEST(ManyLeases, FillAnAddressToItsLastPort) {
  EngineSettings settings;
  settings.pools = {{msg::Method::kRsapIp, {{kShared, 32}}, {1024, 64512}}};
  settings.hosts.quota.max_ports = 65535;
  settings.hosts.quota.max_binds = 65535;
  settings.hosts.max_requests_per_second = 0;
  Engine engine(settings, 1);
  const TimePoint now{std::chrono::hours(1)};
  engine.on({kHostA}, msg::Message(msg::RegisterRequest{}), now);
  msg::AssignRequestRsapIp request;
  request.client = engine.find(kHostA)->client;
  request.local_ports = msg::Ports::dont_care(8);
  for (int i = 0; i < 64512 / 8; ++i) engine.on({kHostA}, msg::Message(request), now);
  EXPECT_EQ(engine.find(kHostA)->binds.size(), 64512U / 8);
  EXPECT_EQ(engine.free_ports(now), 0U);
}

}  // namespace
}  // namespace rsip::gateway
