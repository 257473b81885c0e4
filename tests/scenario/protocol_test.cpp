#include <algorithm>

#include <gmock/gmock.h>

#include "tests/fakes/seed.h"
#include "tests/scenario/realm.h"

// The whole of the protocol between agent and gateway: UDP, flow policies, LISTEN, giving back.
namespace rsip::scenario {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Ipv4Address kPublic{0xCB00710A};
constexpr Ipv4Address kPeer{0xC6336401};

gateway::EngineSettings settings(std::uint16_t ports) {
  gateway::EngineSettings all;
  all.pools = {{msg::Method::kRsapIp, {{kPublic, 32}}, {1024, ports}}};
  all.lease = {seconds(10), seconds(600), seconds(600), seconds(120)};
  return all;
}

gateway::EngineSettings under(msg::LocalFlowPolicy local, msg::RemoteFlowPolicy remote) {
  gateway::EngineSettings all = settings(2000);
  all.policy.local = local;
  all.policy.remote = remote;
  return all;
}

agent::SessionSettings over_udp() {
  agent::SessionSettings all = host_settings();
  all.first_wait = std::chrono::microseconds(12500);
  return all;
}

void watch(Realm& realm) {
  realm.after_each = [&realm] {
    if (::testing::Test::HasFailure()) return;
    ASSERT_EQ(realm.disagreement(), "");
  };
}

void expect_everybody_assigned(Realm& realm) {
  for (std::size_t i = 0; i < realm.size(); ++i) {
    EXPECT_EQ(realm.session(i).state(), agent::SessionState::kAssigned) << "host " << i;
  }
  EXPECT_EQ(realm.disagreement(), "");
}

TEST(Protocol, KeepsLeasesForADayOverUdp) {
  Realm realm(10, settings(2000), 1, over_udp());
  watch(realm);
  realm.run(hours(24));
  expect_everybody_assigned(realm);
}

// H-056, H-163: half of all datagrams are lost, others come twice, too late, or cut.
TEST(Protocol, LeasesOverAWireThatLosesHalfOfAllDatagrams) {
  const std::uint64_t first = rsip::fakes::test_seed();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Realm realm(5, settings(2000), seed, over_udp());
    watch(realm);
    realm.wire = {0.5, 0.2, 0.1};
    realm.run(minutes(5));
    for (std::size_t i = 0; i < realm.size(); ++i) {
      EXPECT_THAT(realm.session(i).leases(), testing::Not(IsEmpty())) << "host " << i;
    }
    realm.run(minutes(30));
    realm.wire = {};
    realm.run(minutes(15));
    expect_everybody_assigned(realm);
    if (HasFailure()) return;
  }
}

TEST(Protocol, RecoversFromFaultsInAnyOrderOverUdp) {
  const std::uint64_t first = rsip::fakes::test_seed();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    Realm realm(6, settings(600), seed, over_udp());
    for (int fault = 0; fault < 40; ++fault) {
      const std::size_t host = random() % realm.size();
      switch (random() % 6) {
        case 0:
          realm.cut(host);
          break;
        case 1:
          realm.mend(host);
          break;
        case 2:
          realm.want_ports(host);
          break;
        case 3:
          realm.wire = {0.01 * static_cast<double>(random() % 90), 0.3, 0.1};
          break;
        default:
          if (!realm.gateway_runs()) {
            realm.start_gateway();
          } else if (random() % 4 == 0) {
            realm.crash_gateway();
          }
      }
      realm.run(seconds(random() % 120));
    }
    if (!realm.gateway_runs()) realm.start_gateway();
    realm.wire = {};
    for (std::size_t i = 0; i < realm.size(); ++i) realm.mend(i);
    realm.run(minutes(15));
    expect_everybody_assigned(realm);
    if (HasFailure()) return;
  }
}

// H-060, H-182: before the registration the gateway may still ask for TCP.
TEST(Protocol, GoesOverToTcpWithAGatewayThatSpeaksNoUdp) {
  gateway::EngineSettings tcp_only = settings(100);
  tcp_only.udp = false;
  Realm realm(2, tcp_only, 3, over_udp());
  realm.run(seconds(2));
  expect_everybody_assigned(realm);
}

/// Every combination of policies with eight remotes for each of four hosts.
TEST(Protocol, ServesFlowsUnderEveryFlowPolicy) {
  using Local = msg::LocalFlowPolicy;
  using Remote = msg::RemoteFlowPolicy;
  for (const Local local : {Local::kMacro, Local::kMicro}) {
    for (const Remote remote : {Remote::kMacro, Remote::kMicro}) {
      Realm realm(4, under(local, remote), 4);
      watch(realm);
      realm.run(seconds(2));
      for (std::size_t host = 0; host < realm.size(); ++host) {
        agent::PortsWanted wanted;
        for (std::uint32_t i = 0; i < 8; ++i) {
          wanted.remotes.push_back({Ipv4Address{kPeer.value + i}, 443});
        }
        realm.feed(host, wanted);
      }
      realm.run(minutes(20));
      for (std::size_t host = 0; host < realm.size(); ++host) {
        const auto& leases = realm.session(host).leases();
        ASSERT_THAT(leases, SizeIs(8));
        for (const agent::Lease& lease : leases) {
          EXPECT_EQ(lease.remote.port.has_value(), remote == Remote::kMicro);
          EXPECT_EQ(port_count(lease.ports), local == Local::kMicro ? 1U : 8U);
        }
      }
    }
  }
}

// H-070: one by one without a remote policy as well.
TEST(Protocol, LeasesPortsOneByOneUnderLocalMicro) {
  Realm realm(2, under(msg::LocalFlowPolicy::kMicro, msg::RemoteFlowPolicy::kNone), 5);
  watch(realm);
  realm.run(seconds(2));
  for (int i = 0; i < 5; ++i) {
    realm.want_ports(0);
    realm.run(seconds(1));
  }
  EXPECT_THAT(realm.session(0).leases(), SizeIs(6));
  EXPECT_THAT(realm.session(1).leases(), SizeIs(1));
}

// H-208, H-209: one remote is blocked, the others are not.
TEST(Protocol, LearnsWhichRemotesTheGatewayBlocks) {
  gateway::EngineSettings all = under(msg::LocalFlowPolicy::kMacro, msg::RemoteFlowPolicy::kMicro);
  all.policy.blocked = {{{kPeer, 32}, 25}};
  Realm realm(1, all, 6);
  realm.run(seconds(2));
  realm.feed(0, agent::PortsWanted{{{kPeer, 25}, {kPeer, 443}}});
  realm.run(seconds(2));
  ASSERT_THAT(realm.session(0).leases(), SizeIs(1));
  EXPECT_EQ(realm.session(0).leases()[0].remote.port, 443);
  EXPECT_THAT(realm.session(0).refused(), testing::ElementsAre(RemoteScope{kPeer, 25}));
}

// H-042, H-177: the first gets the port, the second learns why not; the first has it back after a
// crash of the gateway.
TEST(Protocol, LeasesAServersPortToOneHostAndGivesItBackAfterACrash) {
  Realm realm(2, settings(20000), 7);
  realm.run(seconds(5));
  realm.feed(0, agent::ListenWanted{{8080, {}, false, {}}});
  realm.run(seconds(1));
  realm.feed(1, agent::ListenWanted{{8080, {}, false, {}}});
  realm.run(seconds(1));
  EXPECT_THAT(realm.session(0).listens(), SizeIs(1));
  EXPECT_THAT(realm.session(1).listens(), IsEmpty());
  ASSERT_THAT(realm.listens_failed(), SizeIs(1));
  EXPECT_EQ(realm.listens_failed()[0].error.kind, ErrorKind::kInUse);
  realm.crash_gateway();
  realm.run(seconds(5));
  realm.start_gateway();
  realm.run(seconds(75));
  EXPECT_THAT(realm.session(0).listens(), SizeIs(1));
  const auto& leases = realm.session(0).leases();
  EXPECT_TRUE(std::ranges::any_of(leases, [](const agent::Lease& lease) {
    return lease.listening && lease.ports == std::vector<PortRange>{{8080, 1}};
  }));
}

// H-047: what nobody uses is somebody else's in the end.
TEST(Protocol, GivesBackWhatIsNotUsed) {
  Realm realm(1, settings(100), 8);
  watch(realm);
  realm.run(seconds(2));
  for (int i = 0; i < 3; ++i) {
    realm.want_ports(0);
    realm.run(seconds(1));
  }
  EXPECT_EQ(realm.engine().free_ports(realm.now()), 100U - 32U);
  std::vector<BindId> binds;
  for (const agent::Lease& lease : realm.session(0).leases()) binds.push_back(lease.bind);
  realm.feed(0, agent::LeasesIdle{{}, binds});
  realm.feed(0, agent::LeasesIdle{binds, {}});
  realm.run(minutes(3));  // the ports rest two minutes
  EXPECT_THAT(realm.session(0).leases(), SizeIs(1));
  EXPECT_EQ(realm.engine().free_ports(realm.now()), 100U - 8U);
}

// H-006: several whole addresses at once.
TEST(Protocol, LeasesSeveralWholeAddresses) {
  gateway::EngineSettings all = settings(100);
  all.pools.push_back({msg::Method::kRsaIp, {{Ipv4Address{0xCB007180}, 29}}, {}});
  agent::SessionSettings host = host_settings();
  host.method = msg::Method::kRsaIp;
  host.addresses = 3;
  Realm realm(2, all, 9, host);
  realm.run(minutes(30));
  for (std::size_t i = 0; i < realm.size(); ++i) {
    const auto& leases = realm.session(i).leases();
    ASSERT_THAT(leases, SizeIs(3));
    EXPECT_NE(leases[0].local, leases[1].local);
    EXPECT_NE(leases[1].local, leases[2].local);
  }
}

// H-069: a registration that holds nothing lives on, by being replaced.
TEST(Protocol, StaysRegisteredUnderARemotePolicyWithoutAnyFlow) {
  Realm realm(2, under(msg::LocalFlowPolicy::kMacro, msg::RemoteFlowPolicy::kMacro), 10);
  realm.run(seconds(2));
  int gone = 0;
  realm.after_each = [&] { gone += realm.session(0).client() ? 0 : 1; };
  realm.run(hours(6));
  EXPECT_TRUE(realm.session(0).client());
  EXPECT_LE(gone, 4000) << "moments between two registrations";
  EXPECT_LE(realm.messages(), 2U * 36U * 6U + 60U);
}

}  // namespace
}  // namespace rsip::scenario
