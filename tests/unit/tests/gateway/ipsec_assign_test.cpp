#include <set>

#include "tests/unit/tests/gateway/engine_fixture.h"

// ASSIGN_REQUEST_RSIPSEC (RFC 3104 section 6).
namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using msg::Ports;
using msg::Spis;
using std::chrono::seconds;

constexpr Ipv4Address kSecond{kShared.value + 1};
constexpr Ipv4Address kPeer{0xCB007107};

class Ipsec : public EngineFixture {
 protected:
  msg::AssignRequestRsipsec request(Ipv4Address host, Spis spis, Ports ports = Ports::dont_need(),
                                    msg::Address local = msg::DontCare{}) {
    return {client_of(host),
            std::move(local),
            std::move(ports),
            msg::DontCare{},
            Ports::dont_care(1),
            std::move(spis),
            {},
            {},
            {}};
  }
  msg::AssignResponseRsipsec granted(Ipv4Address host, Spis spis, Ports ports = Ports::dont_need(),
                                     msg::Address local = msg::DontCare{}) {
    return ask_for<msg::AssignResponseRsipsec>(
        host, request(host, std::move(spis), std::move(ports), std::move(local)));
  }
  ErrorCode refused(Ipv4Address host, Spis spis, Ports ports = Ports::dont_need(),
                    msg::Address local = msg::DontCare{}) {
    return refusal(host, request(host, std::move(spis), std::move(ports), std::move(local)));
  }
  std::optional<Owner> spi_owner(std::uint32_t spi, Ipv4Address address = kShared) {
    const auto table = engine().table();
    const Owner* const owner = owner_of_spi(*table->find(address), spi);
    return owner != nullptr ? std::optional(*owner) : std::nullopt;
  }
  void free(Ipv4Address host, BindId bind) {
    ask_for<msg::FreeResponse>(host, msg::FreeRequest{client_of(host), bind, {}});
  }
};

// G-43, H-218: method 3 is announced to those who may
TEST_F(Ipsec, IsAnnouncedToClassesThatMayUseIt) {
  settings_.classes = {{"no", {{kHostA, 32}}, {}, {}, {}}};
  settings_.classes[0].quota.ipsec = false;
  const auto without = ask_for<msg::RegisterResponse>(kHostA, msg::RegisterRequest{});
  EXPECT_THAT(without.methods, ::testing::ElementsAre(msg::Method::kRsaIp, msg::Method::kRsapIp));
  const auto with = ask_for<msg::RegisterResponse>(kHostB, msg::RegisterRequest{});
  EXPECT_THAT(with.methods, ::testing::Contains(msg::Method::kRsipsec));
}

// G-45, H-234: 401
TEST_F(Ipsec, IsUnallowedForClassesThatMayNotUseIt) {
  settings_.hosts.quota.ipsec = false;
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1)), ErrorCode::kIpsecUnallowed);
}

// G-45: 401 where only a parent's leases or whole addresses are to be had
TEST_F(Ipsec, IsUnallowedWithoutAPoolThatHasSpis) {
  settings_.pools[0].spis = {};
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1)), ErrorCode::kIpsecUnallowed);
}

// H-230, H-219: of both ends
TEST_F(Ipsec, EchoesThatNoRemotePortsAreNeededEvenIfFlowsAreMicro) {
  settings_.policy.remote = msg::RemoteFlowPolicy::kMicro;
  register_host(kHostA);
  auto portless = request(kHostA, Spis::contiguous(0x2000, 1));
  portless.remote = kPeer;
  EXPECT_EQ(refusal(kHostA, portless), ErrorCode::kFlowPolicyViolation);
  portless.remote_ports = Ports::dont_need();
  const auto response = ask_for<msg::AssignResponseRsipsec>(kHostA, portless);
  EXPECT_EQ(response.remote_ports, Ports::dont_need());
  EXPECT_EQ(spi_owner(0x2000)->remote, (RemoteScope{kPeer, {}}));
}

// H-223, H-225: address and SPIs in one message, wherever the gateway likes
TEST_F(Ipsec, LeasesABlockOfSpisAndNoPorts) {
  register_host(kHostA);
  const auto response = granted(kHostA, Spis::dont_care(4));
  EXPECT_EQ(response.local, msg::Address(kShared));
  EXPECT_EQ(response.spis.form, msg::Form::kContiguous);
  EXPECT_EQ(response.spis.count, 4);
  const std::uint32_t first = response.spis.numbers.at(0);
  EXPECT_GE(first, kUsualSpis.first);
  EXPECT_EQ(spi_owner(first)->host, kHostA);
  EXPECT_EQ(spi_owner(first + 3)->host, kHostA);
  EXPECT_FALSE(spi_owner(first - 1));
  EXPECT_FALSE(spi_owner(first + 4));
}

// G-45, H-224, H-230, A-12: "don't need" in, "don't need" out
TEST_F(Ipsec, EchoesThatNoPortsAreNeeded) {
  register_host(kHostA);
  EXPECT_EQ(granted(kHostA, Spis::dont_care(1)).local_ports, Ports::dont_need());
  EXPECT_EQ(engine().find(kHostA)->ports, 0U);
}

// H-225: a suggestion is met as it is
TEST_F(Ipsec, LeasesTheSpisThatAreNamed) {
  register_host(kHostA);
  EXPECT_EQ(granted(kHostA, Spis::contiguous(0x2000, 3)).spis, Spis::contiguous(0x2000, 3));
  EXPECT_EQ(granted(kHostA, Spis::listed({0x9000, 0x5000})).spis, Spis::listed({0x5000, 0x9000}));
  EXPECT_EQ(spi_owner(0x9000)->host, kHostA);
  EXPECT_TRUE(spi_owner(0x9000)->ipsec);
}

// G-45, H-216, H-236: 403
TEST_F(Ipsec, AnSpiThatAnybodyHasIsInUse) {
  register_host(kHostA);
  register_host(kHostB);
  granted(kHostA, Spis::contiguous(0x2000, 4));
  EXPECT_EQ(refused(kHostB, Spis::contiguous(0x2003, 1)), ErrorCode::kIpsecSpiInuse);
  EXPECT_EQ(refused(kHostB, Spis::listed({0x2003, 0x3000})), ErrorCode::kIpsecSpiInuse);
  EXPECT_EQ(refused(kHostA, Spis::contiguous(0x2003, 1)), ErrorCode::kIpsecSpiInuse);
  EXPECT_FALSE(spi_owner(0x3000)) << "all or nothing";
}

// G-18: what is freed rests, but not for the host that had it
TEST_F(Ipsec, AFreedSpiRestsForOthers) {
  register_host(kHostA);
  register_host(kHostB);
  free(kHostA, granted(kHostA, Spis::contiguous(0x2000, 1)).bind);
  EXPECT_FALSE(spi_owner(0x2000));
  EXPECT_EQ(refused(kHostB, Spis::contiguous(0x2000, 1)), ErrorCode::kIpsecSpiInuse);
  free(kHostA, granted(kHostA, Spis::contiguous(0x2000, 1)).bind);
  advance(settings_.lease.hold);
  EXPECT_EQ(granted(kHostB, Spis::contiguous(0x2000, 1)).spis, Spis::contiguous(0x2000, 1));
}

// H-231: 0-255 are reserved
TEST_F(Ipsec, ReservedSpisAreABadParameter) {
  settings_.pools[0].spis = {kFirstSpi, 16};
  register_host(kHostA);
  for (const std::uint32_t spi : {0U, 1U, 255U}) {
    EXPECT_EQ(refused(kHostA, Spis::contiguous(spi, 1)), ErrorCode::kBadParam);
  }
  EXPECT_EQ(refused(kHostA, Spis::listed({300, 255})), ErrorCode::kBadParam);
  EXPECT_EQ(granted(kHostA, Spis::dont_care(16)).spis, Spis::contiguous(256, 16));
}

TEST_F(Ipsec, TheSameSpiTwiceIsABadParameter) {
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::listed({0x2000, 0x2000})), ErrorCode::kBadParam);
}

// G-45, H-235: 402
TEST_F(Ipsec, WithNoBlockLeftNoneIsAvailable) {
  settings_.pools[0].spis = {0x1000, 8};
  register_host(kHostA);
  register_host(kHostB);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(9)), ErrorCode::kIpsecSpiUnavailable);
  granted(kHostA, Spis::dont_care(8));
  EXPECT_EQ(refused(kHostB, Spis::dont_care(1)), ErrorCode::kIpsecSpiUnavailable);
  EXPECT_EQ(refused(kHostB, Spis::contiguous(0x1008, 1)), ErrorCode::kIpsecSpiInuse)
      << "outside the range: ask for any";
}

// G-41, G-45: quotas
TEST_F(Ipsec, AHostHasALimitOfSpis) {
  settings_.hosts.quota.max_spis = 4;
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(5)), ErrorCode::kIpsecSpiUnavailable);
  const BindId bind = granted(kHostA, Spis::dont_care(3)).bind;
  EXPECT_EQ(refused(kHostA, Spis::contiguous(0x3000, 2)), ErrorCode::kIpsecSpiUnavailable);
  granted(kHostA, Spis::dont_care(1));
  free(kHostA, bind);
  granted(kHostA, Spis::dont_care(3));
}

TEST_F(Ipsec, AHostsLimitOfPortsAndBindsHoldsHereToo) {
  settings_.hosts.quota.max_ports = 10;
  settings_.hosts.quota.max_binds = 1;
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1), Ports::dont_care(11)),
            ErrorCode::kLocalAddrportUnavailable);
  granted(kHostA, Spis::dont_care(1), Ports::dont_care(10));
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1)), ErrorCode::kIpsecSpiUnavailable);
}

// H-224: ports of IPsec binds are leased like any; blocks are what a kernel's selector can say
TEST_F(Ipsec, LeasesPortsInBlocksAlignedToAPowerOfTwo) {
  register_host(kHostA);
  lease(kHostA, Ports::dont_care(1));  // 1000
  const auto eight = granted(kHostA, Spis::dont_care(2), Ports::dont_care(8));
  EXPECT_EQ(eight.local_ports, Ports::contiguous({1008, 8}));
  const auto ten = granted(kHostA, Spis::dont_care(2), Ports::dont_care(10));
  EXPECT_EQ(ten.local_ports, Ports::contiguous({1024, 10}));
  EXPECT_EQ(owner(kShared, 1024), kHostA);
  EXPECT_TRUE(owner_entry(kShared, 1024)->ipsec);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(2), Ports::dont_care(65)),
            ErrorCode::kLocalAddrportUnavailable)
      << "no multiple of 128 has room for 65 in 1000-1099";
}

TEST_F(Ipsec, LeasesThePortsThatAreNamed) {
  register_host(kHostA);
  register_host(kHostB);
  const auto response = granted(kHostA, Spis::dont_care(1), Ports::contiguous({1003, 3}));
  EXPECT_EQ(response.local_ports, Ports::contiguous({1003, 3}));
  EXPECT_EQ(refused(kHostB, Spis::dont_care(1), Ports::contiguous({1005, 1})),
            ErrorCode::kLocalAddrportInuse);
  EXPECT_EQ(refused(kHostB, Spis::dont_care(1), Ports::contiguous({900, 1})),
            ErrorCode::kLocalAddrportUnallowed);
  EXPECT_EQ(engine().find(kHostB)->spis, 0U) << "nothing is kept of what was refused";
}

TEST_F(Ipsec, AnAddressThatIsNotSharedIsUnallowed) {
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1), Ports::dont_need(), kWhole),
            ErrorCode::kLocalAddrUnallowed);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1), Ports::dont_need(), msg::Fqdn{"a.example"}),
            ErrorCode::kBadParam);
}

// H-217: the same SPI may be leased once for each address
TEST_F(Ipsec, AnSpiIsUniqueForEachAddressByItself) {
  settings_.pools[0].addresses = {{kShared, 32}, {kSecond, 32}};
  register_host(kHostA);
  register_host(kHostB);
  granted(kHostA, Spis::contiguous(0x2000, 1), Ports::dont_need(), kShared);
  granted(kHostB, Spis::contiguous(0x2000, 1), Ports::dont_need(), kSecond);
  EXPECT_EQ(spi_owner(0x2000, kShared)->host, kHostA);
  EXPECT_EQ(spi_owner(0x2000, kSecond)->host, kHostB);
}

TEST_F(Ipsec, StaysOnTheAddressThatTheHostHasIfThatIsPossible) {
  settings_.pools[0].addresses = {{kShared, 32}, {kSecond, 32}};
  register_host(kHostA);
  register_host(kHostB);
  const msg::Address first = lease(kHostA, Ports::dont_care(1)).local;
  for (int i = 0; i < 8; ++i) EXPECT_EQ(granted(kHostA, Spis::dont_care(1)).local, first);
  granted(kHostB, Spis::contiguous(0x2000, 1), Ports::dont_need(), first);
  EXPECT_NE(granted(kHostA, Spis::contiguous(0x2000, 1)).local, first) << "taken there";
}

// H-232: nobody can tell which SPIs come next
TEST_F(Ipsec, SpisAreSpreadOverTheWholeRange) {
  settings_.hosts.max_requests_per_second = 0;
  register_host(kHostA);
  std::array<int, 16> sixteenths{};
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 800; ++i) {
    const std::uint32_t spi = granted(kHostA, Spis::dont_care(1)).spis.numbers.at(0);
    EXPECT_TRUE(seen.insert(spi).second);
    ++sixteenths[spi >> 28];
  }
  for (const int count : sixteenths) {
    EXPECT_GT(count, 15);  // 50 expected, deviation 7: less than once in a million runs
    EXPECT_LT(count, 95);
  }
}

// H-219: local micro policy, one port or none
TEST_F(Ipsec, LocalMicroTakesOnePortOrNone) {
  settings_.policy.local = msg::LocalFlowPolicy::kMicro;
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(2), Ports::dont_care(2)),
            ErrorCode::kFlowPolicyViolation);
  granted(kHostA, Spis::dont_care(2));
  EXPECT_EQ(granted(kHostA, Spis::dont_care(2), Ports::dont_care(1)).local_ports.count, 1);
}

// H-219: remote policies as for RSAP-IP
TEST_F(Ipsec, RemotePoliciesWantThePeerNamed) {
  settings_.policy.remote = msg::RemoteFlowPolicy::kMacro;
  register_host(kHostA);
  EXPECT_EQ(refused(kHostA, Spis::dont_care(1)), ErrorCode::kFlowPolicyViolation);
  auto named = request(kHostA, Spis::contiguous(0x2000, 1));
  named.remote = kPeer;
  EXPECT_EQ(ask_for<msg::AssignResponseRsipsec>(kHostA, named).remote, msg::Address(kPeer));
  EXPECT_EQ(spi_owner(0x2000)->remote, (RemoteScope{kPeer, {}}));
}

TEST_F(Ipsec, BindsAreExtendedLikeOthers) {
  register_host(kHostA);
  const BindId bind = granted(kHostA, Spis::contiguous(0x2000, 1)).bind;
  const msg::ExtendRequest extend{client_of(kHostA), bind, msg::LeaseTime(1000), {}};
  EXPECT_EQ(ask_for<msg::ExtendResponse>(kHostA, extend).lease, msg::LeaseTime(1000));
}

TEST_F(Ipsec, BindsExpireAndAreRevokedLikeOthers) {
  register_host(kHostA);
  granted(kHostA, Spis::contiguous(0x2000, 1), Ports::dont_care(4));
  advance(seconds(600));
  tick();
  EXPECT_FALSE(spi_owner(0x2000));
  register_host(kHostB);
  const BindId bind = granted(kHostB, Spis::contiguous(0x4000, 1)).bind;
  actions_ = engine().revoke(kHostB, bind, now_);
  EXPECT_EQ(all<Notify>().size(), 1U);
  EXPECT_FALSE(spi_owner(0x4000));
  EXPECT_EQ(engine().find(kHostB)->spis, 0U);
}

TEST_F(Ipsec, DeRegisteringEndsTheBindsAndReportsTheirSpis) {
  register_host(kHostA);
  granted(kHostA, Spis::contiguous(0x2000, 2), Ports::dont_care(4));
  send(kHostA, msg::DeRegisterRequest{client_of(kHostA), {}});
  const auto ended = all<LeaseEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].bind.spis, (std::vector<SpiRange>{{0x2000, 2}}));
  EXPECT_FALSE(spi_owner(0x2000));
  EXPECT_FALSE(leases_from(*engine().table()->find(kShared), kHostA));
  advance(settings_.lease.hold);
  EXPECT_EQ(engine().free_ports(now_), 100U);
}

// H-227, H-228: what was granted can be written and read again
TEST_F(Ipsec, TheAnswerIsAMessageThatTheCodecWrites) {
  register_host(kHostA);
  for (const Spis& spis : {Spis::dont_care(3), Spis::listed({0x9000, 0x5000})}) {
    const msg::Message response = granted(kHostA, spis);
    const auto bytes = msg::encode(response);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(*msg::decode(*bytes), response);
  }
}

}  // namespace
}  // namespace rsip::gateway
