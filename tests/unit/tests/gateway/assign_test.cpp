#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using std::chrono::seconds;

class Assigning : public EngineFixture {
 protected:
  void SetUp() override { register_both(); }
  void register_both() {
    register_host(kHostA);
    register_host(kHostB);
  }
  /// Leases all 100 ports of the shared address to host B.
  void exhaust_ports() { lease(kHostB, msg::Ports::dont_care(100)); }
};

// G-16, G-28, G-30: address and ports, bind id, lease, tunnel type, remote ends "don't care"
TEST_F(Assigning, AnyPortsGivesAContiguousBlockAndNoRemoteLimits) {
  const auto response = lease(kHostA, msg::Ports::dont_care(16));
  EXPECT_EQ(response.client, client_of(kHostA));
  EXPECT_EQ(response.bind, BindId{1});
  EXPECT_EQ(response.local, msg::Address(kShared));
  EXPECT_EQ(response.local_ports, msg::Ports::contiguous({1000, 16}));
  EXPECT_EQ(response.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(response.remote_ports, msg::Ports::dont_care(1));
  EXPECT_EQ(response.lease, msg::LeaseTime(600));
  EXPECT_EQ(response.tunnel, msg::TunnelType::kIpIp);
  EXPECT_FALSE(response.endpoint);
  EXPECT_EQ(owner(kShared, 1015), kHostA);
  EXPECT_FALSE(owner(kShared, 1016));
}

// zeros are understood as "don't care"
TEST_F(Assigning, ZerosMeanDontCareAsSection983Says) {
  const auto response = lease(kHostA, msg::Ports{msg::Form::kContiguous, 4, {0}}, Ipv4Address{});
  EXPECT_EQ(response.local_ports, msg::Ports::contiguous({1000, 4}));
}

TEST_F(Assigning, SuggestedPortsAreGrantedWhenFree) {
  EXPECT_EQ(lease(kHostA, msg::Ports::contiguous({1040, 8}), kShared).local_ports,
            msg::Ports::contiguous({1040, 8}));
  const auto listed = msg::Ports::listed({1003, 1001, 1090});
  const auto response = lease(kHostB, listed);
  EXPECT_EQ(response.local_ports, msg::Ports::listed({1001, 1003, 1090}));
  EXPECT_EQ(owner(kShared, 1090), kHostB);
  EXPECT_FALSE(owner(kShared, 1002));
}

// G-28: bind ids are unique for each host
TEST_F(Assigning, BindIdsAreUniqueForEachHost) {
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).bind, BindId{1});
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).bind, BindId{2});
  EXPECT_EQ(lease(kHostB, msg::Ports::dont_care(1)).bind, BindId{1});
}

TEST_F(Assigning, TheSuggestedLeaseIsKeptWithinBounds) {
  const std::pair<std::uint32_t, std::uint32_t> cases[] = {
      {0, 10}, {9, 10}, {10, 10}, {1000, 1000}, {3601, 3600}, {0xFFFFFFFF, 3600}};
  for (const auto& [asked, granted] : cases) {
    auto request = ports_request(kHostA, msg::Ports::dont_care(1));
    request.lease = msg::LeaseTime(asked);
    EXPECT_EQ(ask_for<msg::AssignResponseRsapIp>(kHostA, request).lease, msg::LeaseTime(granted));
  }
}

// G-16: RSA-IP as well
TEST_F(Assigning, AWholeAddressGivesOneThatNobodyHas) {
  const auto first = ask_for<msg::AssignResponseRsaIp>(kHostA, address_request(kHostA));
  const auto second = ask_for<msg::AssignResponseRsaIp>(kHostB, address_request(kHostB));
  EXPECT_EQ(first.local, msg::Address(kWhole));
  EXPECT_EQ(second.local, msg::Address(Ipv4Address{kWhole.value + 1}));
  EXPECT_EQ(first.remote, msg::Address(msg::DontCare{}));
  EXPECT_EQ(owner(kWhole, 12345), kHostA);
}

// G-27, G-29, G-38: 301
TEST_F(Assigning, AnUnregisteredHostIsRefused) {
  const Ipv4Address stranger{0x0A0100FF};
  EXPECT_EQ(refusal(stranger, ports_request(stranger, msg::Ports::dont_care(1))),
            ErrorCode::kRegisterFirst);
  EXPECT_EQ(refusal(stranger, address_request(stranger)), ErrorCode::kRegisterFirst);
}

// G-27, G-29: 305
TEST_F(Assigning, TheClientIdOfAnotherHostIsRefused) {
  EXPECT_EQ(refusal(kHostA, ports_request(kHostB, msg::Ports::dont_care(1))),
            ErrorCode::kBadClientId);
  EXPECT_EQ(refusal(kHostA, address_request(kHostB)), ErrorCode::kBadClientId);
}

// G-27, G-29: 307
TEST_F(Assigning, AnotherTunnelTypeIsRefused) {
  auto ports = ports_request(kHostA, msg::Ports::dont_care(1));
  ports.tunnel = msg::TunnelType::kGre;
  EXPECT_EQ(refusal(kHostA, ports), ErrorCode::kBadTunnelType);
  auto address = address_request(kHostA);
  address.tunnel = msg::TunnelType::kL2tp;
  EXPECT_EQ(refusal(kHostA, address), ErrorCode::kBadTunnelType);
}

// G-27, G-29: 308
TEST_F(Assigning, NothingAtAllFreeIs308) {
  exhaust_ports();
  for (const auto& ports :
       {msg::Ports::dont_care(1), msg::Ports::dont_care(8), msg::Ports::contiguous({1000, 1})}) {
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, ports)), ErrorCode::kLocalAddrUnavailable);
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, ports, kShared)),
              ErrorCode::kLocalAddrUnavailable);
  }
  for (int i = 0; i < 4; ++i) ask(kHostB, address_request(kHostB));
  EXPECT_EQ(refusal(kHostA, address_request(kHostA)), ErrorCode::kLocalAddrUnavailable);
  EXPECT_EQ(refusal(kHostA, address_request(kHostA, kWhole)), ErrorCode::kLocalAddrUnavailable);
}

// G-29: 309
TEST_F(Assigning, MorePortsThanAreFreeInOneBlockIs309) {
  lease(kHostB, msg::Ports::contiguous({1050, 1}));
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(60))),
            ErrorCode::kLocalAddrportUnavailable);
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(60), kShared)),
            ErrorCode::kLocalAddrportUnavailable);
}

// G-27, G-40: 310
TEST_F(Assigning, AWholeAddressInUseIs310) {
  ask(kHostB, address_request(kHostB, kWhole));
  EXPECT_EQ(refusal(kHostA, address_request(kHostA, kWhole)), ErrorCode::kLocalAddrInuse);
}

// G-29, G-40: 311
TEST_F(Assigning, APortInUseIs311EvenByTheSameHost) {
  lease(kHostB, msg::Ports::contiguous({1010, 4}));
  for (const Ipv4Address host : {kHostA, kHostB}) {
    EXPECT_EQ(refusal(host, ports_request(host, msg::Ports::contiguous({1008, 3}), kShared)),
              ErrorCode::kLocalAddrportInuse);
    EXPECT_EQ(refusal(host, ports_request(host, msg::Ports::listed({1001, 1013}))),
              ErrorCode::kLocalAddrportInuse);
  }
}

TEST_F(Assigning, ARefusedSuggestionTakesNothing) {
  lease(kHostB, msg::Ports::contiguous({1010, 1}));
  refusal(kHostA, ports_request(kHostA, msg::Ports::listed({1001, 1010})));
  EXPECT_FALSE(owner(kShared, 1001));
  EXPECT_EQ(engine().free_ports(now_), 99U);
}

// G-27, G-29: 312
TEST_F(Assigning, AnAddressThatIsNotLeasedByThisMethodIs312) {
  const Ipv4Address foreign{0x08080808};
  for (const Ipv4Address address : {foreign, kWhole}) {
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1), address)),
              ErrorCode::kLocalAddrUnallowed);
  }
  for (const Ipv4Address address : {foreign, kShared}) {
    EXPECT_EQ(refusal(kHostA, address_request(kHostA, address)), ErrorCode::kLocalAddrUnallowed);
  }
  EXPECT_EQ(refusal(kHostA, address_request(kHostA, msg::Ipv6Address{})),
            ErrorCode::kLocalAddrUnallowed);
}

// G-29: 313
TEST_F(Assigning, APortOutsideThePoolIs313) {
  for (const auto& ports : {msg::Ports::contiguous({999, 2}), msg::Ports::contiguous({1099, 2}),
                            msg::Ports::contiguous({65535, 4}), msg::Ports::listed({80, 1000})}) {
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, ports)), ErrorCode::kLocalAddrportUnallowed);
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, ports, kShared)),
              ErrorCode::kLocalAddrportUnallowed);
  }
}

TEST_F(Assigning, ANameOrANetmaskAsLocalAddressIsABadParameter) {
  for (const msg::Address& local :
       {msg::Address(msg::Fqdn{"host.example"}), msg::Address(msg::Ipv4Netmask{0xFFFFFF00})}) {
    EXPECT_EQ(refusal(kHostA, address_request(kHostA, local)), ErrorCode::kBadParam);
    EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1), local)),
              ErrorCode::kBadParam);
  }
}

TEST_F(Assigning, TheSamePortTwiceIsABadParameter) {
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::listed({1001, 1001}))),
            ErrorCode::kBadParam);
}

TEST_F(Assigning, WhatOnlyAGatewaySendsIsIllegal) {
  EXPECT_EQ(refusal(kHostA, msg::RegisterResponse{}), ErrorCode::kIllegalMessage);
  EXPECT_EQ(refusal(kHostA, msg::FreeResponse{}), ErrorCode::kIllegalMessage);
  EXPECT_EQ(refusal(kHostA, msg::QueryResponse{}), ErrorCode::kIllegalMessage);
  EXPECT_EQ(refusal(kHostA, msg::AssignResponseRsapIp{}), ErrorCode::kIllegalMessage);
}

TEST_F(Assigning, AnErrorResponseCausesNoErrorAsSection913Says) {
  send(kHostA, msg::ErrorResponse{});
  EXPECT_TRUE(actions_.empty());
}

// G-22: one error, with the client and bind ids it is about
TEST_F(Assigning, AMessageThatIsNoneIsAnsweredWithTheCodecsReason) {
  actions_ = engine().on({kHostA},
                         tl::unexpected(msg::DecodeError{ErrorCode::kDuplicateParam, 9, "client id",
                                                         ClientId{5}, BindId{6}, 77}),
                         now_);
  const auto replies = all<Reply>();
  ASSERT_EQ(replies.size(), 1U);
  const auto& error = std::get<msg::ErrorResponse>(replies[0].message);
  EXPECT_EQ(error.code(), ErrorCode::kDuplicateParam);
  EXPECT_EQ(error.client, ClientId{5});
  EXPECT_EQ(error.bind, BindId{6});
  EXPECT_EQ(error.trailer.counter, 77U);
}

class Limits : public EngineFixture {};

// G-41: quota of ports
TEST_F(Limits, OfPortsPerHostIsOverAllBinds) {
  settings_.hosts.quota.max_ports = 20;
  register_host(kHostA);
  register_host(kHostB);
  const BindId bind = lease(kHostA, msg::Ports::dont_care(16)).bind;
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(5))),
            ErrorCode::kLocalAddrportUnavailable);
  lease(kHostA, msg::Ports::dont_care(4));
  lease(kHostB, msg::Ports::dont_care(20));
  ask(kHostA, msg::FreeRequest{client_of(kHostA), bind, {}});
  lease(kHostA, msg::Ports::dont_care(16));
}

// G-41: quota of addresses
TEST_F(Limits, OfWholeAddressesPerHost) {
  settings_.hosts.quota.max_addresses = 1;
  register_host(kHostA);
  ask(kHostA, address_request(kHostA));
  EXPECT_EQ(refusal(kHostA, address_request(kHostA)), ErrorCode::kLocalAddrUnavailable);
}

TEST_F(Limits, AMethodWithoutAPoolIsNotSupported) {
  settings_.pools.erase(settings_.pools.begin());
  register_host(kHostA);
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1))),
            ErrorCode::kUnsupportedMessage);
}

class SeveralAddresses : public EngineFixture {
 protected:
  SeveralAddresses() { settings_.pools[0].addresses = {{kShared, 32}, {{kShared.value + 1}, 32}}; }
};

TEST_F(SeveralAddresses, AHostStaysOnItsAddressWhileThereIsRoom) {
  register_host(kHostA);
  register_host(kHostB);
  const auto first = lease(kHostA, msg::Ports::dont_care(40));
  const auto other = lease(kHostB, msg::Ports::dont_care(10));
  EXPECT_NE(first.local, other.local);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(60)).local, first.local);
  EXPECT_EQ(lease(kHostA, msg::Ports::dont_care(1)).local, other.local);
}

// G-29, G-40: 310, RSAP-IP
TEST_F(SeveralAddresses, AFullAddressIs310WhileAnotherHasRoom) {
  register_host(kHostA);
  register_host(kHostB);
  lease(kHostB, msg::Ports::contiguous({1000, 100}), kShared);
  EXPECT_EQ(refusal(kHostA, ports_request(kHostA, msg::Ports::dont_care(1), kShared)),
            ErrorCode::kLocalAddrInuse);
}

TEST_F(SeveralAddresses, SuggestedPortsAreLookedForOnEveryAddress) {
  register_host(kHostA);
  register_host(kHostB);
  lease(kHostB, msg::Ports::contiguous({1005, 1}), kShared);
  EXPECT_EQ(lease(kHostA, msg::Ports::contiguous({1000, 10})).local,
            msg::Address(Ipv4Address{kShared.value + 1}));
}

class Asking : public EngineFixture {
 protected:
  Asking() { settings_.local_networks = {{{0x0A000000}, 8}}; }
};

// G-34: no tuple asks for all
TEST_F(Asking, WithoutATupleGivesAllLocalNetworks) {
  const ClientId client = register_host(kHostA);
  const auto response = ask_for<msg::QueryResponse>(kHostA, msg::QueryRequest{client, {}, {}, {}});
  ASSERT_EQ(response.local_networks.size(), 1U);
  EXPECT_EQ(response.local_networks[0].network, msg::Address(Ipv4Address{0x0A000000}));
  EXPECT_EQ(response.local_networks[0].netmask, msg::Address(msg::Ipv4Netmask{0xFF000000}));
}

// G-34: what it does not know it leaves out
TEST_F(Asking, AnswersOnlyTheTuplesItKnowsToBeLocal) {
  const ClientId client = register_host(kHostA);
  const msg::Address mask24 = msg::Ipv4Netmask{0xFFFFFF00};
  const msg::Address mask7 = msg::Ipv4Netmask{0xFE000000};
  const msg::QueryRequest request{
      client,
      {{kHostB}, {kWhole}, {msg::Fqdn{"a.example"}}},
      {{Ipv4Address{0x0A010000}, mask24}, {Ipv4Address{0x0A000000}, mask7}, {kWhole, mask24}},
      {}};
  const auto response = ask_for<msg::QueryResponse>(kHostA, request);
  EXPECT_THAT(response.local_addresses, ::testing::ElementsAre(msg::AddressTuple{kHostB}));
  EXPECT_THAT(response.local_networks,
              ::testing::ElementsAre(msg::NetworkTuple{Ipv4Address{0x0A010000}, mask24}));
  EXPECT_TRUE(response.remote_addresses.empty());
}

TEST_F(Asking, IsForRegisteredHosts) {
  EXPECT_EQ(refusal(kHostA, msg::QueryRequest{{1}, {}, {}, {}}), ErrorCode::kRegisterFirst);
}

}  // namespace
}  // namespace rsip::gateway
