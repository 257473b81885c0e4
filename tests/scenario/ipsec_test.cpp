#include <algorithm>
#include <memory>
#include <utility>

#include <gmock/gmock.h>

#include "tests/scenario/realm.h"

// Leases of SPIs between agent and gateway (RFC 3104), over hours of virtual time.
namespace rsip::scenario {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Ipv4Address kPublic{0xCB00710A};
constexpr Ipv4Address kPeer{0xC6336401};
constexpr std::uint32_t kPeers = 2;
constexpr std::uint16_t kSpis = 8;  ///< Of a host from the start.

gateway::EngineSettings settings(SpiRange spis = gateway::kUsualSpis, std::uint32_t addresses = 1) {
  gateway::EngineSettings all;
  for (std::uint32_t i = 0; i < addresses; ++i) {
    const Ipv4Address address{kPublic.value + i};
    all.pools.push_back({msg::Method::kRsapIp, {{address, 32}}, {1024, 4000}, "", spis});
  }
  all.lease = {seconds(10), seconds(600), seconds(600), seconds(120)};
  return all;
}

agent::SessionSettings host_with_ipsec() {
  agent::SessionSettings all = host_settings();
  all.ipsec = {kSpis, 32, 4, {}, {}};
  for (std::uint32_t i = 0; i < kPeers; ++i) {
    all.ipsec.peers.push_back(Ipv4Address{kPeer.value + i});
  }
  return all;
}

agent::SessionSettings host_over_udp() {
  agent::SessionSettings all = host_with_ipsec();
  all.first_wait = std::chrono::microseconds(12500);
  return all;
}

std::vector<SpiRange> spis_of(const agent::Session& session) {
  std::vector<SpiRange> all;
  for (const agent::Lease& lease : session.leases()) {
    all.insert(all.end(), lease.spis.begin(), lease.spis.end());
  }
  std::ranges::sort(all);
  return all;
}

bool is_same(const agent::SpisWanted& a, const agent::SpisWanted& b) {
  return a.exactly == b.exactly && a.local == b.local && a.peer == b.peer;
}

/// A realm whose hosts ask for SPIs, and what they hear of it. Watches that no SPI has two users,
/// that none is reserved, and which wishes are not answered yet.
class SpiRealm : public Realm {
 public:
  SpiRealm(std::size_t hosts, gateway::EngineSettings all, std::uint64_t seed,
           agent::SessionSettings host = host_with_ipsec())
      : Realm(hosts, std::move(all), seed, std::move(host)), open_(hosts) {
    on_action = [this](std::size_t of, const agent::SessionAction& action) { see(of, action); };
  }

  /// Has every change checked: nothing is ever used by two hosts, or without the gateway's word.
  void watch() {
    after_each = [this] {
      const auto table = gateway_runs() ? engine().table() : nullptr;
      const bool changed = std::exchange(changed_, false) || table != table_;
      table_ = table;
      if (!changed || ::testing::Test::HasFailure()) return;
      ASSERT_EQ(disagreement(), "");
    };
  }
  void want(std::size_t host, const agent::SpisWanted& wanted) {
    std::erase_if(open_[host], [&](const auto& open) { return is_same(open, wanted); });
    open_[host].push_back(wanted);
    feed(host, wanted);
  }
  void give_back(std::size_t host, BindId bind) { feed(host, agent::SpisUnwanted{{bind}}); }
  void forget(std::size_t host) {
    restart(host);
    open_[host].clear();
  }

  [[nodiscard]] std::size_t open_wishes() const {
    std::size_t all = 0;
    for (const auto& wishes : open_) all += wishes.size();
    return all;
  }
  [[nodiscard]] const std::vector<Error>& refusals() const { return refusals_; }

  /// Both sides know the same leases, and every wish gets its answer.
  void expect_calm() {
    // A repeated datagram that was overtaken is served twice; what nobody knows of then expires.
    for (int i = 0; i < 25 && !difference().empty(); ++i) run(seconds(30));
    EXPECT_EQ(difference(), "");
    EXPECT_EQ(disagreement(), "");
    EXPECT_EQ(open_wishes(), 0U);
    for (std::size_t i = 0; i < size(); ++i) {
      EXPECT_EQ(session(i).state(), agent::SessionState::kAssigned) << "host " << i;
      want(i, {1, {}, {}, kPeer});
    }
    run(minutes(2));
    EXPECT_EQ(open_wishes(), 0U) << "a wish of before was still open";
  }

 private:
  void see(std::size_t host, const agent::SessionAction& action) {
    auto& open = open_[host];
    changed_ = changed_ || std::holds_alternative<agent::LeasesChanged>(action);
    if (const auto* const refused = std::get_if<agent::SpisRefused>(&action)) {
      refusals_.push_back(refused->error);
      const auto answered =
          std::erase_if(open, [&](const auto& wish) { return is_same(wish, refused->wanted); });
      // Others may seem to be answered by a grant that was for something else.
      EXPECT_TRUE(answered == 1 || !refused->wanted.exactly) << refused->error.message;
    }
    if (const auto* const granted = std::get_if<agent::LeaseGranted>(&action)) {
      take(host, granted->lease);
    }
    if (std::holds_alternative<agent::LeasesChanged>(action)) {
      std::erase_if(open, [&](const auto& wish) {
        return wish.exactly && std::ranges::any_of(session(host).leases(), [&](const auto& lease) {
                 return contains(lease.spis, *wish.exactly) && fits(lease, wish);
               });
      });
    }
    if (std::holds_alternative<agent::Finished>(action)) open.clear();
  }

  static bool fits(const agent::Lease& lease, const agent::SpisWanted& wish) {
    return (!wish.local || wish.local == lease.local) &&
           (!wish.peer || lease.remote.allows(*wish.peer, std::nullopt));
  }

  void take(std::size_t host, const agent::Lease& lease) {
    if (lease.spis.empty()) return;
    for (const SpiRange& range : lease.spis) EXPECT_GE(range.first, kFirstSpi);
    auto& open = open_[host];
    const auto answered = std::ranges::find_if(
        open, [&](const auto& wish) { return !wish.exactly && fits(lease, wish); });
    if (answered != open.end()) open.erase(answered);
  }

  std::vector<std::vector<agent::SpisWanted>> open_;
  std::vector<Error> refusals_;
  std::shared_ptr<const gateway::DemuxTable> table_;  ///< At the last check.
  bool changed_ = false;                              ///< At some host, since then.
};

/// What the IKE daemon of a host might ask next.
void ask_at_random(SpiRealm& realm, std::mt19937_64& random) {
  const std::size_t host = random() % realm.size();
  const std::size_t other = random() % realm.size();
  const std::optional<Ipv4Address> peer =
      random() % 8 == 0
          ? std::nullopt
          : std::optional(Ipv4Address{kPeer.value + static_cast<std::uint32_t>(random() % kPeers)});
  const auto theirs = spis_of(realm.session(other));
  const auto& leases = realm.session(host).leases();
  switch (random() % 8) {
    case 0:
    case 1:
      return realm.want(host, {static_cast<std::uint16_t>(1 + random() % 4), {}, {}, peer});
    case 2:  // somebody's, perhaps its own
      if (theirs.empty()) return;
      return realm.want(host, {1, theirs[random() % theirs.size()].first, {}, peer});
    case 3:
      return realm.want(host, {1, static_cast<std::uint32_t>(random() % 0x1100), {}, peer});
    case 4:
      if (leases.empty()) return;
      return realm.want(host, {1, {}, leases[random() % leases.size()].local, peer});
    case 5:
      return realm.want_ports(host);
    default:
      if (leases.empty()) return;
      return realm.give_back(host, leases[random() % leases.size()].bind);
  }
}

// H-216, H-223, G-45
TEST(IpsecScenario, HostsGrowAndShrinkForHours) {
  SpiRealm realm(5, settings(), 1);
  realm.watch();
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    ask_at_random(realm, random);
    realm.run(seconds(random() % 60));
    if (HasFailure()) return;
  }
  realm.run(minutes(1));
  realm.expect_calm();
}

TEST(IpsecScenario, HostsKeepTheirSpisForADay) {
  SpiRealm realm(20, settings(), 2);
  realm.run(seconds(10));
  std::vector<std::vector<SpiRange>> before;
  for (std::size_t i = 0; i < realm.size(); ++i) before.push_back(spis_of(realm.session(i)));
  realm.run(hours(24));
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(spi_count(before[i]), kSpis);
    EXPECT_EQ(spis_of(realm.session(i)), before[i]);
  }
  realm.expect_calm();
}

// H-219: every policy, and the same wishes.
TEST(IpsecScenario, LeasesSpisUnderEveryFlowPolicy) {
  using Local = msg::LocalFlowPolicy;
  using Remote = msg::RemoteFlowPolicy;
  for (const Local local : {Local::kMacro, Local::kMicro}) {
    for (const Remote remote : {Remote::kNone, Remote::kMacro, Remote::kMicro}) {
      SCOPED_TRACE(std::to_string(static_cast<int>(local)) + " " +
                   std::to_string(static_cast<int>(remote)));
      gateway::EngineSettings all = settings();
      all.policy.local = local;
      all.policy.remote = remote;
      SpiRealm realm(4, all, 3);
      realm.watch();
      realm.run(seconds(5));
      const std::uint32_t bases = remote == Remote::kNone ? 1 : kPeers;
      EXPECT_EQ(spi_count(spis_of(realm.session(0))), bases * kSpis);
      std::mt19937_64 random(3);
      for (int i = 0; i < 100; ++i) {
        ask_at_random(realm, random);
        realm.run(seconds(random() % 60));
      }
      realm.run(minutes(1));
      realm.expect_calm();
      if (HasFailure()) return;
    }
  }
}

// H-235: less where there is not enough, and later where there is nothing.
TEST(IpsecScenario, SharesASmallRangeAndWaitsForTheRest) {
  SpiRealm realm(3, settings({0x1000, kSpis + 1}), 4);
  realm.watch();
  realm.run(minutes(2));
  std::uint64_t leased = 0;
  std::vector<std::size_t> without;
  for (std::size_t i = 0; i < realm.size(); ++i) {
    const auto spis = spi_count(spis_of(realm.session(i)));
    leased += spis;
    if (spis == 0) without.push_back(i);
    EXPECT_FALSE(realm.session(i).leases().empty()) << "no SPIs, and no ports either";
  }
  EXPECT_EQ(leased, kSpis + 1U);
  ASSERT_FALSE(without.empty());
  const std::size_t rich = without.front() == 0 ? 1 : 0;
  realm.want(rich, {1, {}, {}, {}});
  realm.run(minutes(2));
  EXPECT_EQ(realm.open_wishes(), 0U);
  realm.stop(rich);
  realm.run(minutes(4));  // the SPIs rest two minutes
  EXPECT_THAT(spis_of(realm.session(without.front())), testing::Not(IsEmpty()));
}

// H-236, G-45: what another host has is refused; nobody's is not.
TEST(IpsecScenario, LeasesASpiToOneHostAlone) {
  SpiRealm realm(2, settings(), 5);
  realm.watch();
  realm.run(seconds(5));
  realm.want(1, {1, spis_of(realm.session(0)).front().first, {}, {}});
  realm.run(seconds(5));
  EXPECT_EQ(realm.refusals().size(), 1U);
  realm.want(1, {1, 0x00ABCDEF, {}, {}});
  realm.run(seconds(5));
  EXPECT_EQ(realm.refusals().size(), 1U);
  EXPECT_TRUE(contains(spis_of(realm.session(1)), 0x00ABCDEF));
  realm.want(1, {1, 255, {}, {}});
  EXPECT_EQ(realm.refusals().size(), 2U);
  realm.expect_calm();
}

// H-235: the gateway's limit for each host is below the host's own.
TEST(IpsecScenario, GrowsUpToTheGatewaysQuota) {
  gateway::EngineSettings all = settings();
  all.hosts.quota.max_spis = kSpis + 3;
  SpiRealm realm(2, all, 6);
  realm.watch();
  realm.run(seconds(5));
  for (int i = 0; i < 5; ++i) {
    realm.want(0, {1, {}, {}, {}});
    realm.run(seconds(5));
  }
  EXPECT_EQ(spi_count(spis_of(realm.session(0))), kSpis + 3U);
  EXPECT_EQ(realm.refusals().size(), 2U);
  EXPECT_EQ(spi_count(spis_of(realm.session(1))), kSpis);
  realm.expect_calm();
}

// H-234, G-45: ports go on without SPIs.
TEST(IpsecScenario, RefusesWishesWhereTheGatewayAllowsNoIpsec) {
  gateway::EngineSettings all = settings();
  all.hosts.quota.ipsec = false;
  SpiRealm realm(2, all, 7);
  realm.watch();
  realm.run(hours(1));
  realm.want(0, {1, {}, {}, {}});
  EXPECT_EQ(realm.refusals().size(), 1U);
  EXPECT_FALSE(realm.session(0).leases().empty());
  realm.expect_calm();
}

// H-171, G-38: security associations live on if the SPIs come back as they were.
TEST(IpsecScenario, EverybodyHasTheSameSpisAfterTheGatewayCrashed) {
  SpiRealm realm(30, settings(), 8);
  realm.run(seconds(10));
  for (std::size_t i = 0; i < realm.size(); ++i) realm.want(i, {2, {}, {}, {}});
  realm.run(seconds(10));
  std::vector<std::vector<SpiRange>> before;
  for (std::size_t i = 0; i < realm.size(); ++i) before.push_back(spis_of(realm.session(i)));
  realm.crash_gateway();
  realm.run(seconds(20));
  realm.start_gateway();
  realm.run(seconds(90));  // the longest back-off is a minute
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(spis_of(realm.session(i)), before[i]) << "host " << i;
  }
  realm.expect_calm();
}

// H-216: a host that lost its state shares no SPI with its earlier life, nor anybody else.
TEST(IpsecScenario, HostsThatForgetGetSpisAnew) {
  for (const bool udp : {false, true}) {
    SpiRealm realm(6, settings({0x1000, 400}), 9, udp ? host_over_udp() : host_with_ipsec());
    realm.watch();
    realm.run(seconds(10));
    for (std::size_t i = 0; i < realm.size(); ++i) {
      realm.forget(i);
      realm.run(seconds(5));
    }
    realm.run(minutes(5));
    for (std::size_t i = 0; i < realm.size(); ++i) {
      EXPECT_EQ(spi_count(spis_of(realm.session(i))), kSpis) << "host " << i;
    }
    realm.expect_calm();
  }
}

// H-056, H-163: half of all datagrams are lost, others come twice, too late, or cut.
TEST(IpsecScenario, LeasesSpisOverAWireThatLosesHalfOfAllDatagrams) {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    SpiRealm realm(5, settings(), seed, host_over_udp());
    realm.watch();
    realm.wire = {0.5, 0.2, 0.1};
    for (int i = 0; i < 60; ++i) {
      ask_at_random(realm, random);
      realm.run(seconds(random() % 60));
    }
    realm.wire = {};
    realm.run(minutes(15));
    for (std::size_t i = 0; i < realm.size(); ++i) {
      EXPECT_THAT(spis_of(realm.session(i)), testing::Not(IsEmpty())) << "host " << i;
    }
    realm.expect_calm();
    if (HasFailure()) return;
  }
}

/// Cuts, crashes at either end and wishes in any order; afterwards everything has to be in order.
void expect_recovery(std::uint64_t seed, const gateway::EngineSettings& all,
                     const agent::SessionSettings& host, bool plenty) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  SpiRealm realm(6, all, seed, host);
  for (int fault = 0; fault < 60; ++fault) {
    const std::size_t at = random() % realm.size();
    switch (random() % 8) {
      case 0:
        realm.cut(at);
        break;
      case 1:
        realm.mend(at);
        break;
      case 2:
        realm.forget(at);
        break;
      case 3:
        realm.wire = {0.01 * static_cast<double>(random() % 90), 0.3, 0.1};
        break;
      case 4:
        if (!realm.gateway_runs()) {
          realm.start_gateway();
        } else if (random() % 3 == 0) {
          realm.crash_gateway();
        }
        break;
      default:
        for (int i = 0; i < 5; ++i) ask_at_random(realm, random);
    }
    realm.run(seconds(random() % 120));
  }
  if (!realm.gateway_runs()) realm.start_gateway();
  realm.wire = {};
  for (std::size_t i = 0; i < realm.size(); ++i) realm.mend(i);
  realm.run(minutes(15));
  for (std::size_t i = 0; plenty && i < realm.size(); ++i) {
    EXPECT_THAT(spis_of(realm.session(i)), testing::Not(IsEmpty())) << "host " << i;
  }
  realm.expect_calm();
}

// H-171, H-216, H-235, H-236, G-45
TEST(IpsecScenario, RecoversFromFaultsInAnyOrder) {
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 10 && !HasFailure(); ++seed) {
    expect_recovery(seed, settings(), host_with_ipsec(), true);
    expect_recovery(seed, settings(), host_over_udp(), true);
    expect_recovery(seed, settings({0x1000, 30}, 2), host_with_ipsec(), false);
    expect_recovery(seed, settings({0x1000, 30}), host_over_udp(), false);
  }
}

// H-219: the same where the gateway wants peers named.
TEST(IpsecScenario, RecoversFromFaultsUnderARemotePolicy) {
  gateway::EngineSettings all = settings();
  all.policy.remote = msg::RemoteFlowPolicy::kMacro;
  const std::uint64_t first = std::random_device{}();
  for (std::uint64_t seed = first; seed < first + 10 && !HasFailure(); ++seed) {
    expect_recovery(seed, all, host_with_ipsec(), true);
    expect_recovery(seed, all, host_over_udp(), true);
  }
}

}  // namespace
}  // namespace rsip::scenario
