#include <set>

#include "tests/unit/agent/datapath/flow_map_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

using FlowPolicyTest = FlowMapTest;

// H-072, H-005: a port leased for one remote address serves that address alone, on every port.
TEST_F(FlowPolicyTest, PortLeasedForARemoteAddressIsUsedWithThatAddressAlone) {
  map_.use(table_of({binding(1, {{5000, 4}}, only(kServer.address))}, RemoteDetail::kAddress),
           now_);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(send(40000, {kServer.address, 80}), 5000);
  EXPECT_EQ(why(send(40000, kOtherServer)), DropReason::kNoFreePort);
  EXPECT_EQ(why(receive(5000, kOtherServer)), DropReason::kNoLease);
}

// H-073: neither a port leased for nobody in particular nor one for somebody else will do.
TEST_F(FlowPolicyTest, WithAMacroPolicyARemoteGetsOnlyWhatNamesIt) {
  map_.use(table_of({binding(1, {{5000, 4}}), binding(2, {{6000, 1}}, only(kServer.address)),
                     binding(3, {{7000, 1}}, only(kOtherServer.address))},
                    RemoteDetail::kAddress),
           now_);
  EXPECT_EQ(send(40000), 6000);
  EXPECT_EQ(send(40000, kOtherServer), 7000);
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort) << "its only port is taken";
  EXPECT_EQ(why(send(5000, at("192.0.2.1", 53))), DropReason::kNoFreePort);
}

// H-074, H-075: the same, to the port.
TEST_F(FlowPolicyTest, WithAMicroPolicyARemotePortGetsOnlyWhatNamesIt) {
  const Endpoint web = {kServer.address, 80};
  map_.use(table_of({binding(1, {{5000, 1}}), binding(2, {{6000, 1}}, only(kServer.address)),
                     binding(3, {{7000, 1}}, only(kServer)), binding(4, {{8000, 1}}, only(web))},
                    RemoteDetail::kAddressAndPort),
           now_);
  EXPECT_EQ(send(40000), 7000);
  EXPECT_EQ(send(40000, web), 8000);
  EXPECT_EQ(why(send(40000, {kServer.address, 22})), DropReason::kNoFreePort);
  EXPECT_EQ(why(send(40001)), DropReason::kNoFreePort);
}

// H-074: an identifier stands for a port, and echo's port for the remote one that ping has not.
TEST_F(FlowPolicyTest, PingNeedsALeaseForTheEchoPortWithAMicroPolicy) {
  const Endpoint echo = {kServer.address, 0};
  map_.use(table_of({binding(1, {{5000, 1}}, only(kServer)),
                     binding(2, {{6000, 1}}, {kServer.address, std::uint16_t{7}})},
                    RemoteDetail::kAddressAndPort),
           now_);
  EXPECT_EQ(send(777, echo, kIcmpProtocol), 6000);
  const FlowKey other{kIcmpProtocol, kLocal, 777, kOtherServer.address, 0};
  EXPECT_EQ(map_.bindings().scope_wanted(other),
            (RemoteScope{kOtherServer.address, std::uint16_t{7}}));
}

TEST_F(FlowPolicyTest, LeaseWantedNamesWhatThePolicyAsksFor) {
  const FlowKey flow{kTcpProtocol, kLocal, 40000, kServer.address, kServer.port};
  const auto wanted = [&](RemoteDetail detail) {
    map_.use(table_of({}, detail), now_);
    return map_.bindings().scope_wanted(flow);
  };
  EXPECT_EQ(wanted(RemoteDetail::kNone), RemoteScope{});
  EXPECT_EQ(wanted(RemoteDetail::kAddress), only(kServer.address));
  EXPECT_EQ(wanted(RemoteDetail::kAddressAndPort), only(kServer));
}

// H-072: also where no policy asks for it, what was leased for a remote stays its own.
TEST_F(FlowPolicyTest, WithoutAPolicyTheLeaseThatNamesTheRemoteComesFirst) {
  map_.use(table_of({binding(1, {{5000, 4}}), binding(2, {{6000, 1}}, only(kServer.address)),
                     binding(3, {{7000, 1}}, only(kServer))}),
           now_);
  EXPECT_EQ(send(40000), 7000);
  EXPECT_EQ(send(40001), 6000);
  EXPECT_EQ(send(40002), 5000);
  EXPECT_EQ(send(40003, kOtherServer), 5001);
}

TEST_F(FlowPolicyTest, LeasesOfOnePortEachAddUp) {
  std::vector<Binding> bindings;
  std::set<std::uint16_t> used;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    bindings.push_back(binding(i + 1U, {{static_cast<std::uint16_t>(5000 + i), 1}}));
    map_.use(table_of(bindings), now_);
    const auto port = send(static_cast<std::uint16_t>(20000 + i));
    ASSERT_TRUE(port);
    used.insert(*port);
  }
  EXPECT_EQ(used.size(), 1000U);
  EXPECT_EQ(why(send(40000)), DropReason::kNoFreePort);
  bindings.erase(bindings.begin() + 500);
  map_.use(table_of(bindings), now_);
  EXPECT_EQ(map_.ports_in_use(), 999U);
  EXPECT_EQ(receive(5501), 20501);
}

// H-004, H-072: the whole of several addresses, each for its own remotes.
TEST_F(FlowPolicyTest, WholeAddressesServeTheirSourcesAndScopes) {
  const Ipv4Address second = ip("203.0.113.11");
  map_.use(table_of({{BindId{1}, kLocal, true, {}, only(kServer.address)},
                     {BindId{2}, second, true, {}, only(kOtherServer)}},
                    RemoteDetail::kAddress),
           now_);
  EXPECT_EQ(send(40000), 40000);
  EXPECT_EQ(why(send(40000, kOtherServer)), DropReason::kNoFreePort);
  EXPECT_EQ(send(0, {kServer.address, 0}, 50), 0) << "ESP";
  EXPECT_EQ(why(send(0, {kOtherServer.address, 0}, 50)), DropReason::kNoFreePort);
  const FlowKey other{kUdpProtocol, second, 40000, kOtherServer.address, kOtherServer.port};
  EXPECT_EQ(map_.outbound(other, 0, now_), 40000);
  FlowKey wrong_port = other;
  wrong_port.remote_port = 80;
  EXPECT_EQ(why(map_.outbound(wrong_port, 0, now_)), DropReason::kNoFreePort);
}

TEST_F(FlowPolicyTest, RemoteThatTheGatewayDoesNotAllowGetsNoNewFlow) {
  map_.use(table_of({binding(1, {{5000, 4}}), listening(2, 8080)}), now_);
  ASSERT_EQ(send(40000), 5000);
  FlowTable table = table_of({binding(1, {{5000, 4}}), listening(2, 8080)});
  table.refused = {only(kServer.address), only(kOtherServer)};
  map_.use(table, now_);
  EXPECT_EQ(send(40000), 5000) << "it goes on as long as it has a lease";
  EXPECT_EQ(why(send(40001)), DropReason::kRemoteRefused);
  EXPECT_EQ(why(send(40001, kOtherServer)), DropReason::kRemoteRefused);
  EXPECT_EQ(send(40001, {kOtherServer.address, 80}), 5001);
  EXPECT_EQ(why(call(8080)), DropReason::kRemoteRefused);
}

TEST_F(FlowPolicyTest, TwoScopesMayShareAPortNumberAndTheirRemotesTellThemApart) {
  map_.use(table_of({binding(1, {{5000, 1}}, only(kServer.address)),
                     binding(2, {{5000, 1}}, only(kOtherServer.address))},
                    RemoteDetail::kAddress),
           now_);
  EXPECT_EQ(send(40000), 5000);
  EXPECT_EQ(send(40001, kOtherServer), 5000);
  EXPECT_EQ(receive(5000), 40000);
  EXPECT_EQ(receive(5000, kOtherServer), 40001);
  map_.use(table_of({binding(2, {{5000, 1}}, only(kOtherServer.address))}, RemoteDetail::kAddress),
           now_);
  EXPECT_EQ(why(receive(5000)), DropReason::kNoLease);
  EXPECT_EQ(receive(5000, kOtherServer), 40001);
}

}  // namespace
}  // namespace rsip::agent
