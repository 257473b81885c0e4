#include <algorithm>
#include <memory>
#include <utility>

#include <gmock/gmock.h>

#include "tests/fakes/seed.h"
#include "tests/scenario/spi_realm.h"

// Leases of SPIs between agent and gateway (RFC 3104), over hours of virtual time.
namespace rsip::scenario {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;

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
  const std::uint64_t first = rsip::fakes::test_seed();
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
  const std::uint64_t first = rsip::fakes::test_seed();
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
  const std::uint64_t first = rsip::fakes::test_seed();
  for (std::uint64_t seed = first; seed < first + 10 && !HasFailure(); ++seed) {
    expect_recovery(seed, all, host_with_ipsec(), true);
    expect_recovery(seed, all, host_over_udp(), true);
  }
}

}  // namespace
}  // namespace rsip::scenario
