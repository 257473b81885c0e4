#include "agent/datapath/flow_life.h"

#include <gtest/gtest.h>

#include "common/packet/transport_header.h"

namespace rsip::agent {
namespace {

using namespace packet;

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kIcmp = 1;

enum class Way { kOut, kIn };
struct Step {
  Way way;
  std::uint8_t flags;
};

FlowLife after(std::uint8_t protocol, const std::vector<Step>& steps) {
  FlowLife life(protocol);
  for (const Step& step : steps) {
    step.way == Way::kOut ? life.outbound(step.flags) : life.inbound(step.flags);
  }
  return life;
}

constexpr Step kSyn{Way::kOut, kTcpSyn};
constexpr Step kSynAck{Way::kIn, kTcpSyn | kTcpAck};
constexpr Step kAck{Way::kOut, kTcpAck};
constexpr Step kAckIn{Way::kIn, kTcpAck};
constexpr Step kFin{Way::kOut, kTcpFin | kTcpAck};
constexpr Step kFinIn{Way::kIn, kTcpFin | kTcpAck};
constexpr Step kRst{Way::kOut, kTcpRst};
constexpr Step kRstIn{Way::kIn, kTcpRst | kTcpAck};

TEST(FlowLife, FollowsTheTcpConnection) {
  struct Case {
    const char* name;
    std::vector<Step> steps;
    Duration idle_limit;
    bool leaves_time_wait;
  };
  const Case cases[] = {
      {"opening", {kSyn, kSyn}, kTcpOpeningLife, false},
      {"established", {kSyn, kSynAck, kAck}, kTcpEstablishedLife, true},
      {"refused", {kSyn, kRstIn}, kTcpResetLife, false},
      {"half closed here", {kSyn, kSynAck, kFin, kAckIn}, kTcpClosingLife, true},
      {"half closed there", {kSyn, kSynAck, kFinIn, kAck}, kTcpClosingLife, true},
      {"closed", {kSyn, kSynAck, kFin, kFinIn, kAck}, kTcpClosedLife, true},
      {"closed, last FIN again",
       {kSyn, kSynAck, kFin, kFinIn, kAck, kFinIn, kAck},
       kTcpClosedLife,
       true},
      {"reset here", {kSyn, kSynAck, kRst}, kTcpResetLife, true},
      {"reset there", {kSyn, kSynAck, kRstIn}, kTcpResetLife, true},
      {"reset that the other side ignores", {kSyn, kSynAck, kRst, kAckIn}, kTcpClosingLife, true},
      {"forged reset", {kSyn, kSynAck, kRstIn, kAck}, kTcpClosingLife, true},
      {"opened again", {kSyn, kSynAck, kFin, kFinIn, kAck, kSyn}, kTcpOpeningLife, false},
      {"opened again after a reset",
       {kSyn, kSynAck, kRstIn, kSyn, kSynAck},
       kTcpEstablishedLife,
       true},
      {"simultaneous opening", {kSyn, {Way::kIn, kTcpSyn}, kAck}, kTcpEstablishedLife, true},
  };
  for (const Case& c : cases) {
    const FlowLife life = after(kTcp, c.steps);
    EXPECT_EQ(life.idle_limit(), c.idle_limit) << c.name;
    EXPECT_EQ(life.leaves_time_wait(), c.leaves_time_wait) << c.name;
  }
}

TEST(FlowLife, OfACallFromOutsideIsProvenByAnAnswerToOurs) {
  struct Case {
    const char* name;
    std::vector<Step> steps;
    Duration idle_limit;
    bool unproven;
  };
  const Step syn_in{Way::kIn, kTcpSyn};
  const Step syn_ack_out{Way::kOut, kTcpSyn | kTcpAck};
  const Case cases[] = {
      {"called", {syn_in, syn_in}, kTcpOpeningLife, true},
      {"answered", {syn_in, syn_ack_out, syn_in}, kTcpOpeningLife, true},
      {"acknowledged before we answered", {syn_in, kAckIn, kFinIn}, kTcpOpeningLife, true},
      {"established", {syn_in, syn_ack_out, kAckIn}, kTcpEstablishedLife, false},
      {"refused", {syn_in, kRst}, kTcpResetLife, true},
      {"closed", {syn_in, syn_ack_out, kAckIn, kFin, kFinIn}, kTcpClosedLife, false},
      {"called again", {syn_in, syn_ack_out, kAckIn, kFin, kFinIn, syn_in}, kTcpOpeningLife, true},
  };
  for (const Case& c : cases) {
    FlowLife life(kTcp, 1000, BegunBy::kRemote);
    for (const Step& step : c.steps) {
      step.way == Way::kOut ? life.outbound(step.flags) : life.inbound(step.flags);
    }
    EXPECT_EQ(life.idle_limit(), c.idle_limit) << c.name;
    EXPECT_EQ(life.unproven(), c.unproven) << c.name;
  }
}

TEST(FlowLife, OfUdpFromOutsideGrowsWithOurAnswerAndProvesNothing) {
  FlowLife life(kUdp, 1000, BegunBy::kRemote);
  life.inbound(0);
  life.inbound(0);
  EXPECT_EQ(life.idle_limit(), kUdpLife);
  life.outbound(0);
  EXPECT_EQ(life.idle_limit(), kUdpAnsweredLife);
  EXPECT_TRUE(life.unproven());
}

TEST(FlowLife, OfUdpGrowsWithTheFirstAnswer) {
  EXPECT_EQ(after(kUdp, {kAck}).idle_limit(), kUdpLife);
  EXPECT_EQ(after(kUdp, {kAck, kAckIn}).idle_limit(), kUdpAnsweredLife);
  EXPECT_FALSE(after(kUdp, {kAck, kAckIn}).leaves_time_wait());
}

TEST(FlowLife, OfAnAnsweredDnsQuestionIsShort) {
  FlowLife life(kUdp, 53);
  life.outbound(0);
  EXPECT_EQ(life.idle_limit(), kUdpLife);
  life.inbound(0);
  EXPECT_EQ(life.idle_limit(), kDnsAnsweredLife);
}

TEST(FlowLife, OfIcmpIsShort) {
  EXPECT_EQ(after(kIcmp, {kAck, kAckIn}).idle_limit(), kIcmpLife);
}

}  // namespace
}  // namespace rsip::agent
