#include "tests/scenario/realm.h"

#include <gtest/gtest.h>

#include "tests/fakes/seed.h"

// Agent and gateway together, over hours of virtual time.
namespace rsip::scenario {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Ipv4Address kPublic{0xCB00710A};

gateway::EngineSettings settings(std::uint16_t ports) {
  gateway::EngineSettings all;
  all.pools = {{msg::Method::kRsapIp, {{kPublic, 32}}, {1024, ports}}};
  all.lease = {seconds(10), seconds(600), seconds(600), seconds(120)};
  return all;
}

void expect_everybody_assigned(Realm& realm) {
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(realm.session(i).state(), agent::SessionState::kAssigned) << "host " << i;
  }
  EXPECT_EQ(realm.disagreement(), "");
}

/// Has every event checked: no tuple is ever used by two hosts, or without the gateway's word.
void watch(Realm& realm) {
  realm.after_each = [&realm] {
    if (::testing::Test::HasFailure()) return;
    ASSERT_EQ(realm.disagreement(), "");
  };
}

TEST(Realm, ManyHostsKeepTheirLeasesForADay) {
  Realm realm(40, settings(2000), 1);
  realm.run(seconds(10));
  expect_everybody_assigned(realm);
  std::vector<agent::Lease> before;
  for (std::size_t i = 0; i < realm.size(); ++i) before.push_back(realm.session(i).leases()[0]);
  realm.run(hours(24));
  expect_everybody_assigned(realm);
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(realm.session(i).leases()[0].bind, before[i].bind);
    EXPECT_EQ(realm.session(i).leases()[0].ports, before[i].ports);
  }
}

// H-050: messages of an idle day
TEST(Realm, IdleHostSaysLittle) {
  Realm realm(1, settings(100), 2);
  realm.run(seconds(10));
  const std::uint64_t before = realm.messages();
  realm.run(hours(1));
  // Ten-minute leases, renewed at half of their life: 12 requests and 12 answers, jitter aside.
  EXPECT_LE(realm.messages() - before, 30U);
}

// H-202: a pool that is full
TEST(Realm, HostsWaitInLineWhenThereAreNotEnoughPorts) {
  Realm realm(4, settings(16), 3);  // two blocks of eight
  watch(realm);
  realm.run(minutes(2));
  const auto served = [&realm] {
    std::size_t count = 0;
    for (std::size_t i = 0; i < realm.size(); ++i)
      count += realm.session(i).leases().empty() ? 0 : 1;
    return count;
  };
  EXPECT_GE(served(), 2U);
  std::size_t given_up = 0;
  while (realm.session(given_up).leases().empty()) ++given_up;
  realm.stop(given_up);
  realm.run(minutes(4));  // the ports rest two minutes
  EXPECT_GE(served(), 2U);
}

// H-171, G-38: synchronised again
TEST(Realm, EverybodyIsBackSoonAfterTheGatewayCrashed) {
  Realm realm(50, settings(2000), 4);
  realm.run(seconds(10));
  std::vector<std::vector<PortRange>> before;
  for (std::size_t i = 0; i < realm.size(); ++i)
    before.push_back(realm.session(i).leases()[0].ports);
  realm.crash_gateway();
  realm.run(seconds(20));
  realm.start_gateway();
  realm.run(seconds(75));  // the longest back-off is a minute
  expect_everybody_assigned(realm);
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(realm.session(i).leases()[0].ports, before[i]) << "host " << i;
  }
}

// H-064, G-05: the same end on both sides
TEST(Realm, LeasesEndOnBothSidesWhenAHostIsCutOffAndComeBackWithIt) {
  Realm realm(2, settings(100), 5);
  watch(realm);
  realm.run(seconds(10));
  const auto ports = realm.session(0).leases()[0].ports;
  realm.cut(0);
  realm.run(minutes(11));
  EXPECT_TRUE(realm.session(0).leases().empty());
  EXPECT_EQ(realm.engine().host_count(), 1U);
  realm.mend(0);
  realm.run(minutes(2));
  expect_everybody_assigned(realm);
  EXPECT_EQ(realm.session(0).leases()[0].ports, ports);
}

// G-05: nothing leaks
TEST(Realm, EverythingGoesBackWhenEverybodyStops) {
  Realm realm(20, settings(500), 6);
  watch(realm);
  realm.run(seconds(10));
  for (std::size_t i = 0; i < realm.size(); ++i) realm.want_ports(i);
  realm.run(seconds(10));
  for (std::size_t i = 0; i < realm.size(); ++i) realm.stop(i);
  realm.run(seconds(10));
  EXPECT_EQ(realm.engine().host_count(), 0U);
  realm.run(minutes(3));
  EXPECT_EQ(realm.engine().free_ports(realm.now()), 500U);
}

/// Cuts, mends, growth and restarts at random; afterwards everybody has to be served again.
TEST(Realm, RecoversFromFaultsInAnyOrder) {
  const std::uint64_t first = rsip::fakes::test_seed();
  for (std::uint64_t seed = first; seed < first + 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Realm realm(6, settings(600), seed);
    for (int fault = 0; fault < 40; ++fault) {
      const std::size_t host = random() % realm.size();
      switch (random() % 6) {
        case 0:
          realm.cut(host);
          break;
        case 1:
        case 2:
          realm.mend(host);
          break;
        case 3:
          realm.want_ports(host);
          break;
        default:
          if (realm.gateway_runs()) {
            if (random() % 4 == 0) realm.crash_gateway();
          } else {
            realm.start_gateway();
          }
      }
      realm.run(seconds(random() % 120));
    }
    if (!realm.gateway_runs()) realm.start_gateway();
    for (std::size_t i = 0; i < realm.size(); ++i) realm.mend(i);
    realm.run(minutes(15));
    expect_everybody_assigned(realm);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rsip::scenario
