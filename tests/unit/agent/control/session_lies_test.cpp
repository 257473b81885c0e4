#include <gmock/gmock.h>

#include "tests/unit/agent/control/conversation.h"

// A gateway that grants what cannot be true (RFC 3103 sections 9.7 and 9.9).
namespace rsip::agent::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Ipv4Address kOwn{0x0A010005};

struct Lie {
  const char* name;
  const char* told;  ///< Part of what a person reads.
  void (*spoil)(msg::AssignResponseRsapIp&);
};

class SessionRefuses : public testing::TestWithParam<Lie> {};

// H-133, H-138, A-07: freed, told with what was refused and why, and asked for again with pauses.
TEST_P(SessionRefuses, AndFreesWhatCannotBeTrue) {
  Conversation talk;
  talk.feed(OwnAddresses{{kOwn}});
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{5}, {5000, 32});
  GetParam().spoil(grant);
  talk.answer(grant);
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
  const auto problems = talk.happened<Problem>();
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].error.message, HasSubstr("bind 5"));
  EXPECT_THAT(problems[0].error.message, HasSubstr(GetParam().told));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{5});
  talk.answer(msg::FreeResponse{kClient, BindId{5}, {}});
  EXPECT_TRUE(talk.silent()) << "not at once";
  talk.pass(seconds(2));
  talk.sent<msg::AssignRequestRsapIp>();
}

msg::Address address(std::uint32_t value) {
  return Ipv4Address{value};
}

INSTANTIATE_TEST_SUITE_P(
    Lies, SessionRefuses,
    testing::Values(
        Lie{"LoopbackAddress", "not a host's", [](auto& g) { g.local = address(0x7F000001); }},
        Lie{"UnspecifiedAddress", "not a host's", [](auto& g) { g.local = address(0); }},
        Lie{"ThisNetworksAddress", "not a host's", [](auto& g) { g.local = address(0x00010203); }},
        Lie{"MulticastAddress", "not a host's", [](auto& g) { g.local = address(0xE0000001); }},
        Lie{"ReservedAddress", "not a host's", [](auto& g) { g.local = address(0xF0000001); }},
        Lie{"BroadcastAddress", "not a host's", [](auto& g) { g.local = address(0xFFFFFFFF); }},
        Lie{"LinkLocalAddress", "not a host's", [](auto& g) { g.local = address(0xA9FE0101); }},
        Lie{"GatewaysOwnAddress", "gateway's own", [](auto& g) { g.local = kGateway; }},
        Lie{"AddressOfThisHost", "this host's own", [](auto& g) { g.local = kOwn; }},
        Lie{"NameInsteadOfAddress", "not an IPv4", [](auto& g) { g.local = msg::Fqdn{"a.org"}; }},
        Lie{"NoAddress", "not an IPv4", [](auto& g) { g.local = msg::DontCare{}; }},
        Lie{"NoLeaseTime", "lease time is 0", [](auto& g) { g.lease = msg::LeaseTime(0); }},
        Lie{"AnotherClient", "another client", [](auto& g) { g.client = ClientId{99}; }},
        Lie{"TunnelTypeNotUsable", "tunnel type",
            [](auto& g) { g.tunnel = msg::TunnelType::kGre; }},
        Lie{"LoopbackEndpoint", "endpoint", [](auto& g) { g.endpoint = address(0x7F000001); }},
        Lie{"MulticastEndpoint", "endpoint", [](auto& g) { g.endpoint = address(0xE0000001); }},
        Lie{"NameAsEndpoint", "endpoint", [](auto& g) { g.endpoint = msg::Fqdn{"a.org"}; }},
        Lie{"EndpointThatItLeases", "endpoint", [](auto& g) { g.endpoint = kPublic; }},
        Lie{"EndpointOfThisHost", "endpoint", [](auto& g) { g.endpoint = kOwn; }},
        Lie{"PortZero", "port 0", [](auto& g) { g.local_ports = msg::Ports::contiguous({0, 8}); }},
        Lie{"PortsPastTheEnd", "65535",
            [](auto& g) { g.local_ports = msg::Ports::contiguous({65530, 32}); }},
        Lie{"NoPorts", "no port", [](auto& g) { g.local_ports = msg::Ports::dont_care(8); }}),
    [](const auto& lie) { return std::string(lie.param.name); });

// H-111: lies again and again do not make the session spin.
TEST(SessionLies, AreAnsweredLessAndLessOften) {
  Conversation talk;
  talk.register_host(minutes(60));
  int requests = 0;
  for (const TimePoint end = talk.now + minutes(10); talk.now < end; talk.pass(milliseconds(100))) {
    while (!talk.silent()) {
      ++requests;
      const auto request = talk.sent<msg::Message>();
      if (std::holds_alternative<msg::AssignRequestRsapIp>(request)) {
        talk.grant(BindId{static_cast<std::uint32_t>(requests)}, {0, 8});
      } else {
        talk.answer(
            msg::FreeResponse{kClient, BindId{static_cast<std::uint32_t>(requests - 1)}, {}});
      }
    }
  }
  EXPECT_GE(requests, 10);
  EXPECT_LE(requests, 60);
  EXPECT_THAT(talk.happened<Problem>(), SizeIs(testing::Le(30U)));
}

// H-087: 136 years are not believed, nor do they overflow anything.
TEST(SessionLies, OfEndlessLeasesAreTakenForThirtyDays) {
  Conversation talk;
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {5000, 8});
  grant.lease = msg::LeaseTime(0xFFFFFFFF);
  const TimePoint asked = talk.now;
  talk.answer(grant);
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].expires_at, asked + std::chrono::days(30));
  EXPECT_EQ(talk.session.registered_until(), asked + std::chrono::days(30));
}

// H-142: an extension by nothing is none.
TEST(SessionLies, OfAnExtensionByNothingEndTheLease) {
  Conversation talk;
  talk.lease_block(seconds(1000));
  talk.pass_until_request();
  talk.sent<msg::ExtendRequest>();
  talk.answer(msg::ExtendResponse{kClient, BindId{1}, msg::LeaseTime(0), {}});
  EXPECT_THAT(talk.session.leases(), IsEmpty());
  const auto lost = talk.happened<LeaseLost>();
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_STREQ(lost[0].reason, "expired");
}

// H-139: more or other ports than were asked for are ours all the same.
TEST(SessionLies, AreNotMeantByAGatewayThatGrantsMorePorts) {
  Conversation talk({kGateway, msg::Method::kRsapIp, 8});
  talk.register_host();
  talk.sent<msg::AssignRequestRsapIp>();
  auto grant = Conversation::granted(BindId{1}, {5000, 16});
  grant.local_ports = msg::Ports::listed({7000, 7002, 7001, 7002, 9000});
  talk.answer(grant);
  ASSERT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.session.leases()[0].ports, (std::vector<PortRange>{{7000, 3}, {9000, 1}}));
}

TEST(SessionLies, AboutAnAddressThatIsLeasedWholeAlreadyAreRefused) {
  SessionSettings settings{kGateway, msg::Method::kRsaIp};
  settings.addresses = 2;
  Conversation talk(settings);
  talk.link_up();
  talk.sent<msg::RegisterRequest>();
  talk.answer(
      msg::RegisterResponse{kClient, msg::LeaseTime(600), {}, {msg::Method::kRsaIp}, {}, {}});
  for (std::uint32_t i = 1; i <= 2; ++i) {
    talk.sent<msg::AssignRequestRsaIp>();
    talk.answer(msg::AssignResponseRsaIp{kClient,
                                         BindId{i},
                                         kPublic,
                                         msg::DontCare{},
                                         msg::Ports::dont_care(1),
                                         msg::LeaseTime(600),
                                         msg::TunnelType::kIpIp,
                                         {},
                                         {}});
  }
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_EQ(talk.sent<msg::FreeRequest>().bind, BindId{2});
}

// H-170, H-167: whatever floods in about strangers costs nothing.
TEST(SessionLies, AboutStrangersAreIgnored) {
  Conversation talk;
  talk.lease_block();
  for (std::uint32_t i = 100; i < 2000; ++i) {
    talk.tell(msg::FreeResponse{ClientId{i}, BindId{1}, {}});
    talk.tell(msg::FreeResponse{kClient, BindId{i}, {}});
    talk.tell(msg::DeRegisterResponse{ClientId{i}, {}});
    talk.tell(msg::ErrorResponse{301, ClientId{i}, {}, {}});
    talk.tell(Conversation::granted(BindId{i}, {6000, 8}));  // H-165: not by itself
  }
  EXPECT_THAT(talk.session.leases(), SizeIs(1));
  EXPECT_TRUE(talk.silent());
  EXPECT_THAT(talk.happened<Problem>(), IsEmpty());
  EXPECT_THAT(talk.happened<LeasesChanged>(), IsEmpty());
}

}  // namespace
}  // namespace rsip::agent::test
