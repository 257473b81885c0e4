#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// Flow policies (RFC 3103 section 7).
namespace rsip::agent::test {
namespace {

using msg::ErrorCode;
using msg::LocalFlowPolicy;
using msg::RemoteFlowPolicy;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Conversation under(RemoteFlowPolicy remote, LocalFlowPolicy local = LocalFlowPolicy::kMacro,
                   SessionSettings settings = {kGateway, msg::Method::kRsapIp, 4}) {
  Conversation talk(std::move(settings));
  talk.policy = {local, remote};
  talk.register_host();
  return talk;
}

PortsWanted wanted(std::uint32_t host, std::uint16_t port) {
  return {{{Ipv4Address{kPeer.value + host}, port}}};
}

/// What the gateway grants for a request under a policy, echoed as it has to be.
msg::AssignResponseRsapIp echo(const msg::AssignRequestRsapIp& request, BindId bind,
                               PortRange ports) {
  auto grant = Conversation::granted(bind, ports);
  grant.remote = request.remote;
  grant.remote_ports = request.remote_ports;
  return grant;
}

// H-070, H-085: exactly one port in each request, one after the other.
TEST(SessionPolicy, AsksForOnePortAtATimeUnderLocalMicro) {
  Conversation talk = under(RemoteFlowPolicy::kNone, LocalFlowPolicy::kMicro);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(1));
  talk.grant(BindId{1}, {5000, 1});
  talk.feed(PortsWanted{});
  talk.feed(PortsWanted{});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::dont_care(1));
  EXPECT_TRUE(talk.silent());
  talk.grant(BindId{2}, {5001, 1});
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.session.leases(), SizeIs(2));
}

// H-138: exactly one.
TEST(SessionPolicy, RefusesMoreThanOnePortUnderLocalMicro) {
  Conversation talk = under(RemoteFlowPolicy::kNone, LocalFlowPolicy::kMicro);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.grant(BindId{1}, {5000, 2});
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{1});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
}

// H-070: also of the ports that are suggested after a loss.
TEST(SessionPolicy, SuggestsOnePortWhenTheGatewayComesBackWithLocalMicro) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::DeRegisterRequest>();
  talk.refuse(ErrorCode::kRegisterFirst);
  talk.sent<msg::RegisterRequest>();
  const msg::FlowPolicy micro{LocalFlowPolicy::kMicro, RemoteFlowPolicy::kNone};
  talk.answer(msg::RegisterResponse{kClient, msg::LeaseTime(600), micro, {}, {}, {}});
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().local_ports, msg::Ports::contiguous({5000, 1}));
}

// H-071: RSA-IP goes with macro-flow local policy only.
TEST(SessionPolicy, DoesNotAttemptRsaIpUnderLocalMicro) {
  Conversation talk({kGateway, msg::Method::kRsaIp});
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  const msg::FlowPolicy micro{LocalFlowPolicy::kMicro, RemoteFlowPolicy::kNone};
  talk.answer(
      msg::RegisterResponse{kClient, msg::LeaseTime(600), micro, {msg::Method::kRsaIp}, {}, {}});
  EXPECT_TRUE(talk.silent());
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_NE(problems[0].error.message.find("micro"), std::string::npos);
}

// H-131: nothing is named that need not be.
TEST(SessionPolicy, LeavesTheRemoteOpenWithoutARemotePolicy) {
  Conversation talk = under(RemoteFlowPolicy::kNone);
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(request.remote_ports, msg::Ports::dont_care(1));
}

// H-076: nothing before a flow needs it, and then the remote's address.
TEST(SessionPolicy, AsksForNothingUnderARemotePolicyUntilAFlowNeedsIt) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  EXPECT_TRUE(talk.silent());
  EXPECT_EQ(talk.session.state(), SessionState::kRegistered);
  EXPECT_TRUE(talk.session.may_grow());
  talk.feed(PortsWanted{});
  EXPECT_TRUE(talk.silent()) << "for whom?";
}

// H-076, H-129, H-132: the address alone.
TEST(SessionPolicy, NamesTheRemoteAddressUnderRemoteMacro) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  talk.feed(wanted(0, 443));
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_EQ(request.remote_ports, msg::Ports::dont_care(1));
  EXPECT_EQ(request.local_ports, msg::Ports::dont_care(4));
  talk.answer(echo(request, BindId{1}, {5000, 4}));
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].remote, (RemoteScope{kPeer, {}}));
}

// H-076, H-130, H-132: the address and the port.
TEST(SessionPolicy, NamesTheRemotePortAsWellUnderRemoteMicro) {
  Conversation talk = under(RemoteFlowPolicy::kMicro);
  talk.feed(PortsWanted{{{kPeer, {}}}});
  EXPECT_TRUE(talk.silent()) << "not enough is known";
  talk.feed(wanted(0, 443));
  const auto request = talk.sent<msg::AssignRequestRsapIp>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_EQ(request.remote_ports, msg::Ports::contiguous({443, 1}));
  talk.answer(echo(request, BindId{1}, {5000, 4}));
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].remote, (RemoteScope{kPeer, 443}));
}

TEST(SessionPolicy, NamesTheRemoteForAWholeAddressToo) {
  Conversation talk({kGateway, msg::Method::kRsaIp});
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(msg::RegisterResponse{kClient,
                                    msg::LeaseTime(600),
                                    {LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMicro},
                                    {msg::Method::kRsaIp},
                                    {},
                                    {}});
  EXPECT_TRUE(talk.silent());
  EXPECT_TRUE(talk.session.may_grow());
  talk.feed(wanted(0, 443));
  const auto request = talk.sent<msg::AssignRequestRsaIp>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_EQ(request.remote_ports, msg::Ports::contiguous({443, 1}));
}

// H-073, H-075: one set of local parameters for each remote.
TEST(SessionPolicy, AsksOnceForARemoteThatIsWantedTwice) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  talk.feed(wanted(0, 443));
  talk.feed(wanted(0, 80));
  talk.answer(echo(talk.sent<msg::AssignRequestRsapIp>(), BindId{1}, {5000, 4}));
  talk.feed(wanted(0, 8080));
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
}

TEST(SessionPolicy, ServesTwoHundredRemotesOneAfterTheOtherWithoutPause) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  PortsWanted all;
  for (std::uint32_t i = 0; i < 200; ++i)
    all.remotes.push_back({Ipv4Address{kPeer.value + i}, 443});
  talk.feed(all);
  const TimePoint before = talk.now;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto request = talk.sent<msg::AssignRequestRsapIp>();
    EXPECT_TRUE(talk.silent()) << "one at a time";
    talk.answer(echo(request, BindId{i + 1}, {static_cast<std::uint16_t>(2000 + 4 * i), 4}));
  }
  EXPECT_EQ(talk.now, before);
  EXPECT_THAT(talk.session.leases(), SizeIs(200));
}

TEST(SessionPolicy, StopsAtMaxPortsUnderARemotePolicyToo) {
  Conversation talk = under(RemoteFlowPolicy::kMicro, LocalFlowPolicy::kMicro,
                            {kGateway, msg::Method::kRsapIp, 4, 3});
  for (std::uint32_t i = 0; i < 10; ++i) talk.feed(wanted(i, 443));
  std::uint32_t granted = 0;
  for (; !talk.silent(); ++granted) {
    talk.answer(echo(talk.sent<msg::AssignRequestRsapIp>(), BindId{granted + 1},
                     {static_cast<std::uint16_t>(5000 + granted), 1}));
  }
  EXPECT_EQ(granted, 3U);
  EXPECT_FALSE(talk.session.may_grow());
}

// what is held first, then what somebody waits for.
TEST(SessionPolicy, RenewsBeforeItAsksForMore) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  talk.feed(wanted(0, 443));
  talk.feed(wanted(1, 443));
  const auto first = talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(RenewWanted{});
  talk.answer(echo(first, BindId{1}, {5000, 4}));
  const auto second = talk.sent<msg::AssignRequestRsapIp>();
  talk.feed(wanted(2, 443));
  talk.feed(RenewWanted{});
  talk.answer(echo(second, BindId{2}, {5004, 4}));
  EXPECT_EQ(talk.sent<msg::ExtendRequest>().bind, BindId{1});
}

// H-208, H-209: that remote, for a minute; other flows have nothing to do with it.
TEST(SessionPolicy, ListsRemotesThatTheGatewayRefusesForAMinute) {
  Conversation talk = under(RemoteFlowPolicy::kMicro);
  talk.feed(wanted(0, 25));
  talk.feed(wanted(1, 443));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kRemoteAddrportUnallowed);
  EXPECT_THAT(talk.session.refused(), ElementsAre(RemoteScope{kPeer, 25}));
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
  EXPECT_TRUE(talk.session.may_grow());
  talk.answer(echo(talk.sent<msg::AssignRequestRsapIp>(), BindId{1}, {5000, 4}));
  talk.feed(wanted(0, 25));
  EXPECT_TRUE(talk.silent()) << "not again so soon";
  talk.feed(wanted(0, 443));
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kRemoteAddrUnallowed);
  talk.happened<LeasesChanged>();
  talk.feed(wanted(0, 80));
  EXPECT_TRUE(talk.silent()) << "the whole address is refused";
  talk.pass(seconds(61));
  EXPECT_THAT(talk.session.refused(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(testing::Ge(1U)));
  talk.feed(wanted(0, 25));
  talk.sent<msg::AssignRequestRsapIp>();
}

// H-183: with the detail that is known.
TEST(SessionPolicy, NamesTheRemoteInMoreDetailWhenTheGatewayDemandsIt) {
  Conversation talk = under(RemoteFlowPolicy::kMacro);
  talk.feed(wanted(0, 443));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().remote_ports, msg::Ports::dont_care(1));
  talk.refuse(ErrorCode::kFlowPolicyViolation);
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().remote_ports, msg::Ports::contiguous({443, 1}));
  EXPECT_EQ(talk.session.policy()->remote, RemoteFlowPolicy::kMicro);
  EXPECT_THAT(talk.happened<LeasesChanged>(), SizeIs(1));
}

// H-183: if none is known, it waits for the first packet.
TEST(SessionPolicy, WaitsForAFlowWhenTheGatewayDemandsARemoteAndNoneIsKnown) {
  Conversation talk = under(RemoteFlowPolicy::kNone);
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(ErrorCode::kFlowPolicyViolation);
  EXPECT_TRUE(talk.silent());
  talk.feed(wanted(0, 443));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsapIp>().remote, msg::Address(kPeer));
}

TEST(SessionPolicy, RemembersWhatFlowsWantedBeforeItKnewThePolicy) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 4});
  talk.feed(wanted(0, 443));
  talk.feed(wanted(0, 443));
  talk.policy.remote = RemoteFlowPolicy::kMacro;
  talk.register_host();
  talk.answer(echo(talk.sent<msg::AssignRequestRsapIp>(), BindId{1}, {5000, 4}));
  EXPECT_TRUE(talk.silent());
}

struct Echo {
  const char* name;
  RemoteFlowPolicy policy;
  void (*spoil)(msg::AssignResponseRsapIp&);
};

class SessionChecksTheEcho : public testing::TestWithParam<Echo> {};

// H-132, H-133: what is granted for another remote is given back.
TEST_P(SessionChecksTheEcho, AndFreesWhatIsForAnotherRemote) {
  Conversation talk = under(GetParam().policy);
  if (GetParam().policy != RemoteFlowPolicy::kNone) talk.feed(wanted(0, 443));
  auto grant = echo(talk.sent<msg::AssignRequestRsapIp>(), BindId{5}, {5000, 4});
  GetParam().spoil(grant);
  talk.answer(grant);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{5});
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(1));
}

const Ipv4Address kStranger{0xC6336499};

INSTANTIATE_TEST_SUITE_P(
    Table, SessionChecksTheEcho,
    testing::Values(Echo{"NoneButAnAddress", RemoteFlowPolicy::kNone,
                         [](auto& g) { g.remote = kStranger; }},
                    Echo{"NoneButAPort", RemoteFlowPolicy::kNone,
                         [](auto& g) { g.remote_ports = msg::Ports::contiguous({443, 1}); }},
                    Echo{"MacroAnotherAddress", RemoteFlowPolicy::kMacro,
                         [](auto& g) { g.remote = kStranger; }},
                    Echo{"MacroNoAddress", RemoteFlowPolicy::kMacro,
                         [](auto& g) { g.remote = msg::DontCare{}; }},
                    Echo{"MacroAPort", RemoteFlowPolicy::kMacro,
                         [](auto& g) { g.remote_ports = msg::Ports::contiguous({443, 1}); }},
                    Echo{"MicroAnotherPort", RemoteFlowPolicy::kMicro,
                         [](auto& g) { g.remote_ports = msg::Ports::contiguous({80, 1}); }},
                    Echo{"MicroNoPort", RemoteFlowPolicy::kMicro,
                         [](auto& g) { g.remote_ports = msg::Ports::dont_care(1); }},
                    Echo{"MicroTwoPorts", RemoteFlowPolicy::kMicro,
                         [](auto& g) { g.remote_ports = msg::Ports::contiguous({443, 2}); }}),
    [](const auto& echo) { return std::string(echo.param.name); });

}  // namespace
}  // namespace rsip::agent::test
