#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

const msg::Ports kService = msg::Ports::contiguous({1080, 1});

class Listening : public EngineFixture {
 protected:
  void SetUp() override {
    register_host(kHostA);
    register_host(kHostB);
  }
};

// G-35, G-36: bind id, exactly the tuple asked for, tunnel and lease; the tunnel hears of it
TEST_F(Listening, LeasesExactlyTheNamedTuple) {
  const auto response =
      ask_for<msg::ListenResponse>(kHostA, listen_request(kHostA, kService, kShared));
  EXPECT_EQ(response.client, client_of(kHostA));
  EXPECT_EQ(response.bind, BindId{1});
  EXPECT_EQ(response.local, msg::Address(kShared));
  EXPECT_EQ(response.local_ports, kService);
  EXPECT_EQ(response.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(response.remote_ports, msg::Ports::dont_care(1));
  EXPECT_EQ(response.tunnel, msg::TunnelType::kIpIp);
  EXPECT_EQ(response.lease, msg::LeaseTime(600));
  EXPECT_FALSE(response.endpoint);
  const auto entry = owner_entry(kShared, 1080);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->host, kHostA);
  EXPECT_EQ(entry->bind, BindId{1});
  EXPECT_TRUE(entry->listens);
  EXPECT_EQ(entry->remote, RemoteScope{});
}

TEST_F(Listening, LeasesAnyTupleToAHostThatDoesNotCare) {
  const auto response =
      ask_for<msg::ListenResponse>(kHostA, listen_request(kHostA, msg::Ports::dont_care(2)));
  EXPECT_EQ(response.local_ports, msg::Ports::contiguous({1000, 2}));
}

TEST_F(Listening, IsNotWhatAnAssignmentDoes) {
  lease(kHostA, msg::Ports::dont_care(1));
  EXPECT_FALSE(owner_entry(kShared, 1000)->listens);
}

// G-15: a port that another host listens on, or has leased, is denied
TEST_F(Listening, OnATupleOfAnotherHostIs311) {
  ask_for<msg::ListenResponse>(kHostB, listen_request(kHostB, kService));
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, kService, kShared)),
            ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, kService)), ErrorCode::kLocalAddrportInuse);
  lease(kHostB, msg::Ports::contiguous({1010, 1}));
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, msg::Ports::contiguous({1010, 1}))),
            ErrorCode::kLocalAddrportInuse);
}

TEST_F(Listening, OnATupleThatTheHostHasByAnotherBindIs311) {
  lease(kHostA, kService);
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, kService)), ErrorCode::kLocalAddrportInuse);
}

// G-35: refused for the same reasons as RSAP-IP
TEST_F(Listening, IsRefusedAsAnAssignmentIs) {
  const Ipv4Address stranger{0x0A0100FF};
  EXPECT_EQ(refusal(stranger, listen_request(stranger, kService)), ErrorCode::kRegisterFirst);
  EXPECT_EQ(refusal(kHostA, listen_request(kHostB, kService)), ErrorCode::kBadClientId);
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, kService, kWhole)),
            ErrorCode::kLocalAddrUnallowed);
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, msg::Ports::contiguous({80, 1}))),
            ErrorCode::kLocalAddrportUnallowed);
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, msg::Ports::dont_care(101))),
            ErrorCode::kLocalAddrportUnavailable);
  lease(kHostB, msg::Ports::contiguous({1000, 100}));
  EXPECT_EQ(refusal(kHostA, listen_request(kHostA, kService, kShared)),
            ErrorCode::kLocalAddrUnavailable);
}

TEST_F(Listening, IsExtendedAndFreedLikeAnyBind) {
  const BindId bind = ask_for<msg::ListenResponse>(kHostA, listen_request(kHostA, kService)).bind;
  EXPECT_EQ(ask_for<msg::ExtendResponse>(
                kHostA, msg::ExtendRequest{client_of(kHostA), bind, msg::LeaseTime(900), {}})
                .lease,
            msg::LeaseTime(900));
  ask_for<msg::FreeResponse>(kHostA, msg::FreeRequest{client_of(kHostA), bind, {}});
  EXPECT_FALSE(owner_entry(kShared, 1080));
}

class ListeningWithPolicy : public EngineFixture {};

// G-36: under a remote policy the response names the remote end
TEST_F(ListeningWithPolicy, NamesWhoMayConnect) {
  const Ipv4Address peer{0xCB007107};
  settings_.policy.remote = msg::RemoteFlowPolicy::kMicro;
  register_host(kHostA);
  auto request = listen_request(kHostA, kService);
  request.remote = peer;
  request.remote_ports = msg::Ports::contiguous({20, 1});
  const auto response = ask_for<msg::ListenResponse>(kHostA, request);
  EXPECT_EQ(response.remote, msg::Address(peer));
  EXPECT_EQ(response.remote_ports, msg::Ports::contiguous({20, 1}));
  EXPECT_EQ(owner_entry(kShared, 1080)->remote, (RemoteScope{peer, 20}));
}

}  // namespace
}  // namespace rsip::gateway
