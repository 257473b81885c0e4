#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using msg::LocalFlowPolicy;
using msg::RemoteFlowPolicy;

constexpr Ipv4Address kPeer{0xCB007107};     // 203.0.113.7
constexpr Ipv4Address kBlocked{0xC0000207};  // 192.0.2.7

class Policy : public EngineFixture {
 protected:
  void use(LocalFlowPolicy local, RemoteFlowPolicy remote) {
    settings_.policy = {local, remote, {}};
  }
  msg::AssignRequestRsapIp ports_to(const msg::Address& remote, const msg::Ports& remote_ports) {
    auto request = ports_request(kHostA, msg::Ports::dont_care(1));
    request.remote = remote;
    request.remote_ports = remote_ports;
    return request;
  }
  msg::AssignRequestRsaIp address_to(const msg::Address& remote, const msg::Ports& remote_ports) {
    auto request = address_request(kHostA);
    request.remote = remote;
    request.remote_ports = remote_ports;
    return request;
  }
  msg::ListenRequest listen_for(const msg::Address& remote, const msg::Ports& remote_ports) {
    auto request = listen_request(kHostA, msg::Ports::dont_care(1));
    request.remote = remote;
    request.remote_ports = remote_ports;
    return request;
  }
  /// How each of the three requests for resources is refused.
  void expect_refused(ErrorCode with, const msg::Address& remote, const msg::Ports& remote_ports) {
    EXPECT_EQ(refusal(kHostA, ports_to(remote, remote_ports)), with);
    EXPECT_EQ(refusal(kHostA, address_to(remote, remote_ports)), with);
    EXPECT_EQ(refusal(kHostA, listen_for(remote, remote_ports)), with);
  }
};

const msg::Ports kAny = msg::Ports::dont_care(1);
const msg::Ports kWeb = msg::Ports::contiguous({443, 1});

// G-50: what is configured is what hosts are told
TEST_F(Policy, IsAnnouncedToHosts) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMicro);
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_EQ(response.policy.local, LocalFlowPolicy::kMacro);
  EXPECT_EQ(response.policy.remote, RemoteFlowPolicy::kMicro);
}

// G-28: without a remote policy the response says "don't care", whatever was asked
TEST_F(Policy, NoneAnswersDontCareWhateverTheHostNames) {
  register_host(kHostA);
  const auto ports = ask_for<msg::AssignResponseRsapIp>(kHostA, ports_to(kPeer, kWeb));
  EXPECT_EQ(ports.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(ports.remote_ports, kAny);
  const auto address = ask_for<msg::AssignResponseRsaIp>(kHostA, address_to(kPeer, kWeb));
  EXPECT_EQ(address.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(owner_entry(kShared, 1000)->remote, RemoteScope{});
}

// G-28, G-20: macro echoes the address alone, and the tunnel knows it
TEST_F(Policy, MacroEchoesTheRemoteAddressAndNoPort) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro);
  register_host(kHostA);
  const auto ports = ask_for<msg::AssignResponseRsapIp>(kHostA, ports_to(kPeer, kWeb));
  EXPECT_EQ(ports.remote, msg::Address(kPeer));
  EXPECT_EQ(ports.remote_ports, kAny);
  EXPECT_EQ(owner_entry(kShared, 1000)->remote, (RemoteScope{kPeer, {}}));
  const auto address = ask_for<msg::AssignResponseRsaIp>(kHostA, address_to(kPeer, kAny));
  EXPECT_EQ(address.remote, msg::Address(kPeer));
  EXPECT_EQ(address.remote_ports, kAny);
  EXPECT_EQ(owner_entry(kWhole, 1)->remote, (RemoteScope{kPeer, {}}));
}

// G-28, G-20: micro echoes address and port, and the tunnel knows both
TEST_F(Policy, MicroEchoesTheRemoteAddressAndPort) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMicro);
  register_host(kHostA);
  const auto ports = ask_for<msg::AssignResponseRsapIp>(kHostA, ports_to(kPeer, kWeb));
  EXPECT_EQ(ports.remote, msg::Address(kPeer));
  EXPECT_EQ(ports.remote_ports, kWeb);
  EXPECT_EQ(owner_entry(kShared, 1000)->remote, (RemoteScope{kPeer, 443}));
  const auto address = ask_for<msg::AssignResponseRsaIp>(kHostA, address_to(kPeer, kWeb));
  EXPECT_EQ(address.remote_ports, kWeb);
}

// G-27, G-29: 103, macro wants a remote address
TEST_F(Policy, MacroRefusesARequestWithoutARemoteAddress) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro);
  register_host(kHostA);
  expect_refused(ErrorCode::kFlowPolicyViolation, msg::DontCare{}, kWeb);
  expect_refused(ErrorCode::kFlowPolicyViolation, Ipv4Address{}, kAny);
}

// G-27, G-29: 103, micro wants an address and exactly one port
TEST_F(Policy, MicroRefusesARequestWithoutExactlyOneRemotePort) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMicro);
  register_host(kHostA);
  expect_refused(ErrorCode::kFlowPolicyViolation, msg::DontCare{}, kWeb);
  expect_refused(ErrorCode::kFlowPolicyViolation, kPeer, kAny);
  expect_refused(ErrorCode::kFlowPolicyViolation, kPeer, msg::Ports::contiguous({80, 2}));
  expect_refused(ErrorCode::kFlowPolicyViolation, kPeer, msg::Ports::listed({80, 443}));
  expect_refused(ErrorCode::kFlowPolicyViolation, kPeer, msg::Ports::contiguous({0, 1}));
}

// G-27, G-29: 314, the remote address is not allowed
TEST_F(Policy, MacroRefusesARemoteThatIsBlocked) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro);
  settings_.policy.blocked = {{{{0xC0000200}, 24}, {}}};
  register_host(kHostA);
  expect_refused(ErrorCode::kRemoteAddrUnallowed, kBlocked, kAny);
  ask_for<msg::AssignResponseRsapIp>(kHostA, ports_to(kPeer, kAny));
}

// G-27, G-29: 315, the remote tuple is not allowed
TEST_F(Policy, MicroRefusesARemoteTupleThatIsBlocked) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMicro);
  settings_.policy.blocked = {{{{0xC0000200}, 24}, {}}, {{kPeer, 32}, 25}};
  register_host(kHostA);
  expect_refused(ErrorCode::kRemoteAddrportUnallowed, kBlocked, kWeb);
  expect_refused(ErrorCode::kRemoteAddrportUnallowed, kPeer, msg::Ports::contiguous({25, 1}));
  ask_for<msg::AssignResponseRsapIp>(kHostA, ports_to(kPeer, kWeb));
}

TEST_F(Policy, RefusesARemoteThatNobodyCouldEnforce) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro);
  register_host(kHostA);
  expect_refused(ErrorCode::kRemoteAddrUnallowed, msg::Fqdn{"peer.example"}, kAny);
  expect_refused(ErrorCode::kRemoteAddrUnallowed, msg::Ipv6Address{}, kAny);
  expect_refused(ErrorCode::kBadParam, msg::Ipv4Netmask{0xFFFFFF00}, kAny);
}

TEST_F(Policy, ARefusedRemoteTakesNothing) {
  use(LocalFlowPolicy::kMacro, RemoteFlowPolicy::kMacro);
  register_host(kHostA);
  expect_refused(ErrorCode::kFlowPolicyViolation, msg::DontCare{}, kAny);
  EXPECT_EQ(engine().free_ports(now_), 100U);
  EXPECT_EQ(engine().free_addresses(now_), 4U);
}

// G-30, G-29: micro assigns exactly one port at a time, more is 103
TEST_F(Policy, LocalMicroGivesExactlyOnePort) {
  use(LocalFlowPolicy::kMicro, RemoteFlowPolicy::kNone);
  register_host(kHostA);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).local_ports, msg::Ports::contiguous({1000, 1}));
  EXPECT_EQ(lease(kHostA, msg::Ports::contiguous({1050, 1})).local_ports,
            msg::Ports::contiguous({1050, 1}));
  for (const auto& ports : {msg::Ports::dont_care(2), msg::Ports::contiguous({1010, 2}),
                            msg::Ports::listed({1010, 1020})}) {
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, ports)), ErrorCode::kFlowPolicyViolation);
    EXPECT_EQ(refusal(kHostA, listen_request(kHostA, ports)), ErrorCode::kFlowPolicyViolation);
  }
}

// G-27: RSA-IP goes with the local macro policy alone
TEST_F(Policy, LocalMicroHasNoWholeAddresses) {
  use(LocalFlowPolicy::kMicro, RemoteFlowPolicy::kNone);
  const auto response = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_THAT(response.methods,
              ::testing::ElementsAre(msg::Method::kRsapIp, msg::Method::kRsipsec));
  EXPECT_EQ(refusal(kHostA, address_request(kHostA)), ErrorCode::kFlowPolicyViolation);
}

TEST(BlockedRemotes, AreWrittenAsAddressNetworkOrNetworkWithPort) {
  EXPECT_EQ(BlockedRemote::parse("198.51.100.7")->network.length, 32);
  EXPECT_FALSE(BlockedRemote::parse("198.51.100.7")->port);
  EXPECT_EQ(BlockedRemote::parse("192.0.2.0/24:25")->port, 25);
  for (const char* text : {"", "192.0.2.0/24:", "192.0.2.0/24:0", "192.0.2.0:65536", "192.0.2.1:x",
                           "192.0.2.1/24", "a:25"}) {
    EXPECT_FALSE(BlockedRemote::parse(text)) << text;
  }
}

}  // namespace
}  // namespace rsip::gateway
