#include "agent/control/demand.h"

#include <gtest/gtest.h>

#include "agent/control/backoff.h"
#include "agent/control/refused_remotes.h"

namespace rsip::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr Ipv4Address kPeer{0xC6336401};

Wanted for_flow(std::uint32_t host, std::uint16_t port) {
  Wanted block;
  block.remote = {Ipv4Address{kPeer.value + host}, port};
  block.growth = true;
  return block;
}

Offer under(msg::RemoteFlowPolicy remote,
            msg::LocalFlowPolicy local = msg::LocalFlowPolicy::kMacro) {
  Offer offer(msg::Method::kRsapIp, {});
  offer.read({ClientId{1}, msg::LeaseTime(600), {local, remote}, {}, {}, {}});
  return offer;
}

TEST(Demand, IsBounded) {
  Demand demand;
  for (std::uint32_t i = 0; i < 5000; ++i) demand.add(for_flow(i, 443));
  demand.add_first(for_flow(0, 80));
  EXPECT_EQ(demand.size(), Demand::kMost);
}

TEST(Demand, NamesEachRemoteOnceUnderAPolicy) {
  Demand demand;
  demand.add(Wanted{});
  for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}}) {
    demand.add(for_flow(0, port));
    demand.add(for_flow(0, port));
  }
  Demand macro = demand;
  macro.fit(under(msg::RemoteFlowPolicy::kMacro));
  EXPECT_EQ(macro.size(), 1U);
  Demand micro = demand;
  micro.fit(under(msg::RemoteFlowPolicy::kMicro));
  EXPECT_EQ(micro.size(), 2U);
  demand.fit(under(msg::RemoteFlowPolicy::kNone));
  EXPECT_EQ(demand.size(), 1U) << "one block is for all";
}

// H-070, H-085: one port, whatever was suggested.
TEST(Demand, WantsSinglePortsUnderLocalMicro) {
  Demand demand;
  Wanted block;
  block.ports = {{5000, 32}};
  block.count = 32;
  demand.add(block);
  demand.fit(under(msg::RemoteFlowPolicy::kNone, msg::LocalFlowPolicy::kMicro));
  EXPECT_EQ(demand.front().ports, (std::vector<PortRange>{{5000, 1}}));
  EXPECT_EQ(demand.front().count, 1);
}

// H-183: step by step to the strictest policy there is, and no further.
TEST(Offer, TakesThePolicyForStricterEachTimeItIsTold) {
  Offer offer = under(msg::RemoteFlowPolicy::kNone);
  const RemoteScope remote{kPeer, 443};
  EXPECT_EQ(offer.scope_for(remote), RemoteScope{});
  EXPECT_TRUE(offer.demand_more_detail());
  EXPECT_EQ(offer.scope_for(remote), (RemoteScope{kPeer, {}}));
  EXPECT_TRUE(offer.demand_more_detail());
  EXPECT_EQ(offer.scope_for(remote), remote);
  EXPECT_FALSE(offer.one_port_at_a_time());
  EXPECT_TRUE(offer.demand_more_detail());
  EXPECT_TRUE(offer.one_port_at_a_time());
  EXPECT_FALSE(offer.demand_more_detail());
}

TEST(Backoff, ForgetsAFailureAfterAWhile) {
  Backoff backoff(1);
  for (int i = 0; i < 8; ++i) backoff.fail(kStart);
  EXPECT_GE(backoff.until() - kStart, seconds(48));
  backoff.fail(kStart + minutes(11));
  EXPECT_LE(backoff.until() - kStart, minutes(11) + seconds(2));
}

TEST(RefusedRemotes, ForgetTheOldestWhenThereAreTooMany) {
  RefusedRemotes refused;
  for (std::uint32_t i = 0; i < 1000; ++i) refused.add({Ipv4Address{kPeer.value + i}, {}}, kStart);
  EXPECT_EQ(refused.all().size(), RefusedRemotes::kMost);
  EXPECT_FALSE(refused.contains({kPeer, 443}));
  EXPECT_TRUE(refused.contains({Ipv4Address{kPeer.value + 999}, 443}));
  EXPECT_TRUE(refused.expire(kStart + seconds(60)));
  EXPECT_TRUE(refused.all().empty());
}

}  // namespace
}  // namespace rsip::agent
