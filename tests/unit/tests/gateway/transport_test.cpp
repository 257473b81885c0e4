#include "tests/unit/tests/gateway/engine_fixture.h"

// The way messages come, and the tunnels that are agreed upon.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using msg::TunnelType;

class Udp : public EngineFixture {
 protected:
  Udp() { transport_ = Transport::kUdp; }
  template <class Message>
  static msg::Message numbered(Message message, std::uint32_t counter) {
    message.trailer.counter = counter;
    return message;
  }
};

// G-17, G-37: UDP is served, and answers carry the request's counter
TEST_F(Udp, AnswersWithTheCounterOfTheRequest) {
  EXPECT_EQ(
      ask_for<msg::RegisterResponse>(kHostA, numbered(msg::RegisterRequest{}, 1)).trailer.counter,
      1U);
  const auto request = numbered(ports_request(kHostA, msg::Ports::dont_care(4)), 2);
  EXPECT_EQ(ask_for<msg::AssignResponseRsapIp>(kHostA, request).trailer.counter, 2U);
  const auto bad = numbered(msg::FreeRequest{client_of(kHostA), {77}, {}}, 3);
  EXPECT_EQ(ask_for<msg::ErrorResponse>(kHostA, bad).trailer.counter, 3U);
}

// G-37: 105 to a request without a counter
TEST_F(Udp, RefusesARequestWithoutACounter) {
  EXPECT_EQ(refusal(kHostA, msg::RegisterRequest{}), ErrorCode::kMessageCounterRequired);
  EXPECT_EQ(engine().host_count(), 0U);
}

TEST_F(Udp, RefusesCounterZeroWhichIsForWhatTheGatewaySendsByItself) {
  EXPECT_EQ(refusal(kHostA, numbered(msg::RegisterRequest{}, 0)), ErrorCode::kBadParam);
  transport_ = Transport::kTcp;
  EXPECT_EQ(refusal(kHostA, numbered(msg::RegisterRequest{}, 0)), ErrorCode::kBadParam);
}

// G-17: 102 to anything over UDP, if that is off
TEST_F(Udp, IsToldToUseTcpIfItIsOff) {
  settings_.udp = false;
  const auto error = ask_for<msg::ErrorResponse>(kHostA, numbered(msg::RegisterRequest{}, 5));
  EXPECT_EQ(error.code(), ErrorCode::kUseTcp);
  EXPECT_EQ(error.trailer.counter, 5U);
  EXPECT_EQ(refusal(kHostA, numbered(msg::QueryRequest{{1}, {}, {}, {}}, 6)), ErrorCode::kUseTcp);
  actions_ = engine().on({kHostA, transport_, {}}, tl::unexpected(msg::DecodeError{}), now_);
  EXPECT_EQ(std::get<msg::ErrorResponse>(all<Reply>().at(0).message).code(), ErrorCode::kUseTcp);
}

TEST_F(Udp, AnErrorResponseCausesNoErrorHereEither) {
  send(kHostA, msg::ErrorResponse{});
  EXPECT_TRUE(actions_.empty());
}

TEST_F(Udp, AHostThatRegisteredByTcpIsToldToUseIt) {
  transport_ = Transport::kTcp;
  const ClientId client = register_host(kHostA);
  transport_ = Transport::kUdp;
  EXPECT_EQ(refusal(kHostA, numbered(msg::QueryRequest{client, {}, {}, {}}, 1)),
            ErrorCode::kUseTcp);
}

TEST_F(Udp, AHostThatRegisteredByItIsRefusedByTcp) {
  ask(kHostA, numbered(msg::RegisterRequest{}, 1));
  transport_ = Transport::kTcp;
  EXPECT_EQ(refusal(kHostA, msg::QueryRequest{client_of(kHostA), {}, {}, {}}),
            ErrorCode::kUnknownError);
}

TEST_F(Udp, AHostThatForgotItsRegistrationMayStartOverByTcp) {
  ask(kHostA, numbered(msg::RegisterRequest{}, 1));
  transport_ = Transport::kTcp;
  const auto error = ask_for<msg::ErrorResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_EQ(error.code(), ErrorCode::kAlreadyRegistered);
  ask_for<msg::DeRegisterResponse>(kHostA, msg::DeRegisterRequest{*error.client, {}});
  const ClientId client = register_host(kHostA);
  ask_for<msg::QueryResponse>(kHostA, msg::QueryRequest{client, {}, {}, {}});
}

class Flooding : public EngineFixture {
 protected:
  Flooding() { settings_.hosts.max_requests_per_second = 10; }
  std::size_t replies_to(std::uint32_t requests) {
    std::size_t replies = 0;
    msg::QueryRequest query{client_of(kHostA), {}, {}, {}};
    query.trailer.counter = 7;
    for (std::uint32_t i = 0; i < requests; ++i) {
      send(kHostA, query);
      replies += all<Reply>().size();
    }
    return replies;
  }
};

// G-41: one host cannot keep the gateway busy
TEST_F(Flooding, OverUdpIsDroppedSilently) {
  transport_ = Transport::kUdp;
  EXPECT_EQ(replies_to(50), 10U);
  advance(std::chrono::seconds(1));
  EXPECT_EQ(replies_to(50), 10U);
}

TEST_F(Flooding, OverTcpIsRefusedForEveryRequestIsOwedAnAnswer) {
  register_host(kHostA);
  EXPECT_EQ(replies_to(50), 50U);
  EXPECT_EQ(refusal(kHostA, msg::QueryRequest{client_of(kHostA), {}, {}, {}}),
            ErrorCode::kUnknownError);
}

TEST_F(Flooding, ByOneHostLeavesTheOthersAlone) {
  transport_ = Transport::kUdp;
  replies_to(50);
  msg::RegisterRequest request;
  request.trailer.counter = 1;
  ask_for<msg::RegisterResponse>(kHostB, request);
}

class Tunnels : public EngineFixture {
 protected:
  Tunnels() { settings_.tunnels = {TunnelType::kGre, TunnelType::kIpIp}; }
  TunnelType in_table(Ipv4Address host) { return engine().table()->host(host)->tunnel; }
};

// G-50: several tunnel types are announced in the configured order
TEST_F(Tunnels, AreAnnouncedInOrder) {
  EXPECT_EQ(ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{}).tunnels,
            settings_.tunnels);
}

TEST_F(Tunnels, AreTheHostsChoiceAndElseThePreferredOne) {
  register_host(kHostA);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).tunnel, TunnelType::kGre);
  EXPECT_EQ(in_table(kHostA), TunnelType::kGre);
  auto request = address_request(kHostA);
  request.tunnel = TunnelType::kIpIp;
  EXPECT_EQ(ask_for<msg::AssignResponseRsaIp>(kHostA, request).tunnel, TunnelType::kIpIp);
  EXPECT_EQ(in_table(kHostA), TunnelType::kIpIp);
}

// G-27, G-29, G-35: 307 for a tunnel type that is not offered
TEST_F(Tunnels, OfAnotherTypeAreRefused) {
  register_host(kHostA);
  auto ports = ports_request(kHostA, msg::Ports::dont_care(1));
  ports.tunnel = TunnelType::kL2tp;
  EXPECT_EQ(refusal(kHostA, ports), ErrorCode::kBadTunnelType);
  auto address = address_request(kHostA);
  address.tunnel = TunnelType::kL2tp;
  EXPECT_EQ(refusal(kHostA, address), ErrorCode::kBadTunnelType);
  auto listen = listen_request(kHostA, msg::Ports::dont_care(1));
  listen.tunnels = {TunnelType::kL2tp};
  EXPECT_EQ(refusal(kHostA, listen), ErrorCode::kBadTunnelType);
}

TEST_F(Tunnels, OfSeveralSuggestionsTheFirstThatIsOfferedIsTaken) {
  register_host(kHostA);
  auto listen = listen_request(kHostA, msg::Ports::dont_care(1));
  listen.tunnels = {TunnelType::kL2tp, TunnelType::kIpIp, TunnelType::kGre};
  EXPECT_EQ(ask_for<msg::ListenResponse>(kHostA, listen).tunnel, TunnelType::kIpIp);
}

// G-19: the tunnel may end elsewhere
TEST_F(Tunnels, MayEndAtAnotherAddress) {
  const Ipv4Address elsewhere{0x0A010003};
  settings_.endpoint = elsewhere;
  register_host(kHostA);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).endpoint, msg::Address(elsewhere));
  EXPECT_EQ(ask_for<msg::AssignResponseRsaIp>(kHostA, address_request(kHostA)).endpoint,
            msg::Address(elsewhere));
  EXPECT_EQ(ask_for<msg::ListenResponse>(kHostA, listen_request(kHostA, msg::Ports::dont_care(1)))
                .endpoint,
            msg::Address(elsewhere));
}

}  // namespace
}  // namespace rsip::gateway
