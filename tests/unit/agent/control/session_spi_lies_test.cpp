#include <gmock/gmock.h>

#include "tests/unit/agent/control/ipsec_talk.h"

// Leases of SPIs for IPsec (RFC 3104).
namespace rsip::agent::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Lie {
  const char* name;
  const char* told;  ///< Part of what a person reads.
  void (*spoil)(msg::AssignResponseRsipsec&);
};

class SessionRefusesSpis : public testing::TestWithParam<Lie> {};

// H-216, H-229, H-230, H-231: freed, told, and asked for again with pauses
TEST_P(SessionRefusesSpis, ThatWereNotAskedForOrCannotBe) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  auto grant =
      granted_spis(BindId{5}, msg::Spis::contiguous(0x1000, 8), msg::Ports::contiguous({6000, 16}));
  GetParam().spoil(grant);
  talk.answer(grant);
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_FALSE(problems[0].fatal_for_start);
  EXPECT_THAT(problems[0].error.message, HasSubstr("bind 5"));
  EXPECT_THAT(problems[0].error.message, HasSubstr(GetParam().told));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{5});
  talk.answer(msg::FreeResponse{kClient, BindId{5}, {}});
  EXPECT_TRUE(talk.silent()) << "not at once";
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsipsec>();
}

INSTANTIATE_TEST_SUITE_P(
    Lies, SessionRefusesSpis,
    testing::Values(
        Lie{"Reserved", "below 256", [](auto& g) { g.spis = msg::Spis::contiguous(250, 8); }},
        Lie{"Zero", "below 256", [](auto& g) { g.spis = msg::Spis::contiguous(0, 8); }},
        Lie{"PastTheEnd", "2^32", [](auto& g) { g.spis = msg::Spis::contiguous(0xFFFFFFFC, 8); }},
        Lie{"Fewer", "fewer", [](auto& g) { g.spis = msg::Spis::contiguous(0x1000, 7); }},
        Lie{"More", "more SPIs", [](auto& g) { g.spis = msg::Spis::contiguous(0x1000, 9); }},
        Lie{"None", "no SPI", [](auto& g) { g.spis = msg::Spis::dont_care(8); }},
        Lie{"Twice", "twice",
            [](auto& g) { g.spis = msg::Spis::listed({300, 301, 302, 303, 304, 305, 306, 300}); }},
        Lie{"NoPorts", "no port", [](auto& g) { g.local_ports = msg::Ports::dont_need(); }},
        Lie{"PortsOfTheBlock", "leased already",
            [](auto& g) { g.local_ports = msg::Ports::contiguous({5000, 16}); }},
        Lie{"AnotherAddress", "differs",
            [](auto& g) { g.local = msg::Address(Ipv4Address{kPublic.value + 1}); }},
        Lie{"OneRemote", "one remote", [](auto& g) { g.remote = msg::Address(kPeer); }},
        Lie{"AnotherTunnel", "tunnel", [](auto& g) { g.tunnel = msg::TunnelType::kGre; }},
        Lie{"NoLeaseTime", "lease time", [](auto& g) { g.lease = msg::LeaseTime(0); }},
        Lie{"AnotherClient", "another client", [](auto& g) { g.client = ClientId{99}; }}),
    [](const auto& lie) { return std::string(lie.param.name); });

// H-230
TEST(SessionSpiLies, PortsThatAreNotNeededAreRefused) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(
      granted_spis(BindId{3}, msg::Spis::contiguous(0x2000, 1), msg::Ports::contiguous({8000, 1})));
  EXPECT_THAT(talk.refusal().message, HasSubstr("none are needed"));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{3});
}

// H-235: a gateway that has fewer may say so in its own way
TEST(SessionSpiLies, AfterFewerThanAskedForItAsksForThatMany) {
  IpsecTalk talk;
  talk.lease_ports();
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 3),
                           msg::Ports::contiguous({6000, 16})));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
  talk.answer(msg::FreeResponse{kClient, BindId{2}, {}});
  talk.pass(seconds(2));
  EXPECT_EQ(talk.sent<msg::AssignRequestRsipsec>().spis, msg::Spis::dont_care(3));
}

// H-219: error 103 tells that remotes have to be named
TEST(SessionSpiLies, FollowsAFlowPolicyThatTurnsOutStricter) {
  SessionSettings settings = ipsec_settings();
  settings.ipsec.peers = {kPeer};
  IpsecTalk talk(settings);
  talk.lease_spis();
  talk.feed(PortsWanted{{RemoteScope{}}});
  talk.sent<msg::AssignRequestRsapIp>();
  talk.refuse(msg::ErrorCode::kFlowPolicyViolation);
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_EQ(request.remote, msg::Address(kPeer));
  EXPECT_NE(talk.lease(2), nullptr) << "what is held stays";
}

TEST(SessionSpiLies, GrowthIsAnsweredWhenTheRegistrationEnds) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.tell(msg::DeRegisterResponse{kClient, {}});
  EXPECT_EQ(talk.refusal().kind, ErrorKind::kState);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
}

TEST(SessionSpiLies, ItsErrorsDisturbNoOtherLease) {
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{
           101, 103, 104, 105, 201, 203, 204, 205, 207, 307, 308, 309, 314, 315, 402, 403}) {
    IpsecTalk talk;
    talk.lease_ports();
    talk.sent<msg::AssignRequestRsipsec>();
    talk.answer(msg::ErrorResponse{code, {}, {}, {}});
    EXPECT_FALSE(talk.session.suspended()) << code;
    EXPECT_TRUE(talk.session.may_grow()) << code;
    EXPECT_THAT(talk.session.refused(), IsEmpty()) << code;
    EXPECT_EQ(talk.session.policy(), msg::FlowPolicy{}) << code;
    talk.feed(PortsWanted{{RemoteScope{}}});
    bool asked = false;
    while (!talk.silent()) {
      const auto request = talk.sent<msg::Message>();
      const auto* const block = std::get_if<msg::AssignRequestRsapIp>(&request);
      asked = asked || (block != nullptr && block->tunnel && block->lease);
      if (block == nullptr) talk.answer(msg::ErrorResponse{code, {}, {}, {}});
    }
    EXPECT_TRUE(asked) << code;
  }
}

// Error 203: once more without what may be left out, if the gateway knows RSIPSEC at all
TEST(SessionSpiLies, LeavesOutWhatMayBeLeftOut) {
  IpsecTalk talk;
  talk.lease_ports();
  EXPECT_TRUE(talk.sent<msg::AssignRequestRsipsec>().lease);
  talk.refuse(msg::ErrorCode::kExtraParam);
  const auto request = talk.sent<msg::AssignRequestRsipsec>();
  EXPECT_FALSE(request.lease || request.tunnel);
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
}

// H-216: unique in this host's space of SPIs, whatever the ports
TEST(SessionSpiLies, AnSpiIsLeasedOnce) {
  IpsecTalk talk;
  talk.lease_spis();
  talk.feed(SpisWanted{});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{3}, msg::Spis::contiguous(0x1003, 1)));
  EXPECT_THAT(talk.refusal().message, HasSubstr("leased already, with bind 2"));
  talk.sent<msg::FreeRequest>();
  talk.answer(msg::FreeResponse{kClient, BindId{3}, {}});

  talk.feed(SpisWanted{1, 0x7777, {}, {}});
  talk.sent<msg::AssignRequestRsipsec>();
  talk.answer(granted_spis(BindId{4}, msg::Spis::contiguous(0x7778, 1)));
  EXPECT_THAT(talk.refusal().message, HasSubstr("other SPIs"));
}

}  // namespace
}  // namespace rsip::agent::test
