#include "tests/gateway/tunnel/judge_ipsec.h"

#include "tests/unit/tests/gateway/packet_builder.h"

// IPsec and IKE of hosts that share an address (RFC 3104 sections 4 to 6).
namespace rsip::gateway {
namespace {

using Kind = PublicVerdict::Kind;
using msg::ErrorCode;

constexpr Ipv4Address kOther{0xCB007106};
constexpr Ipv4Address kRouter{0xC0000201};
constexpr std::uint32_t kSpiOfA = 0x1000;  // and the next three
constexpr std::uint32_t kSpiOfB = 0x2000;  // of a bind for kRemote alone
constexpr std::uint32_t kSpiOfPeer = 0xC0000001;
constexpr std::uint8_t kEsp = 50;
constexpr std::uint8_t kAh = 51;

std::string be32(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 0xFF);
  return text;
}

Bytes raw(std::uint8_t protocol, Ipv4Address source, Ipv4Address destination,
          const std::string& payload) {
  Tins::IP packet = ip(source, destination);
  packet.protocol(protocol);
  return (packet / Tins::RawPDU(payload)).serialize();
}
Bytes esp(Ipv4Address source, Ipv4Address destination, std::uint32_t spi) {
  return raw(kEsp, source, destination, be32(spi) + be32(1) + "encrypted");
}
Bytes ah(Ipv4Address source, Ipv4Address destination, std::uint32_t spi) {
  return raw(kAh, source, destination, be32(0x06040000) + be32(spi) + be32(1) + "signed");
}

/// An IKEv2 header: cookies (the upper halves are the same), flags and so on.
std::string ike(std::uint32_t initiator, std::uint32_t responder = 0, bool by_initiator = true) {
  return be32(initiator == 0 ? 0 : 0xAAAA0000) + be32(initiator) +
         be32(responder == 0 ? 0 : 0xBBBB0000) + be32(responder) + std::string("\x21\x20\x22", 3) +
         (by_initiator ? '\x08' : '\x20') + be32(0) + be32(28);
}
const std::string kMarker(4, '\0');

class JudgingIpsec : public ::testing::Test {
 protected:
  JudgingIpsec() {
    TableKeeper keeper({kShared});
    keeper.add_host(kHostA, kClientA);
    keeper.add_host(kHostB, kClientB);
    keeper.add_host(kHostC, {9});
    keeper.add(kShared, {{40000, 16}}, {kHostA, {1}}, {{kSpiOfA, 4}});
    keeper.add(kShared, {}, {kHostB, {1}, {kRemote, 443}}, {{kSpiOfB, 4}});
    keeper.add(kShared, {{1000, 10}}, {kHostC, {1}});
    keeper.add_whole(kWhole, {kHostA, {2}});
    table_ = keeper.snapshot();
  }

  PublicVerdict in(Bytes bytes) { return judge_from_public(*table_, memory_, view(bytes), kNow); }
  HostVerdict out(Ipv4Address host, Bytes bytes) {
    return judge_from_host(*table_, memory_, {host}, view(bytes), kNow);
  }
  void expect_to(Ipv4Address host, const Bytes& bytes) {
    const PublicVerdict verdict = in(bytes);
    ASSERT_EQ(verdict.kind, Kind::kToHost) << to_string(verdict.counter);
    EXPECT_EQ(verdict.owner->host, host);
    EXPECT_TRUE(verdict.owner->ipsec);
  }
  void expect_drop(Counter why, const Bytes& bytes) {
    const PublicVerdict verdict = in(bytes);
    EXPECT_EQ(verdict.kind, Kind::kDrop);
    EXPECT_STREQ(to_string(verdict.counter), to_string(why));
  }
  void expect_pass(Ipv4Address host, const Bytes& bytes) {
    const HostVerdict verdict = out(host, bytes);
    ASSERT_NE(verdict.owner, nullptr) << to_string(verdict.counter);
    EXPECT_EQ(verdict.owner->host, host);
  }
  void expect_refused(Ipv4Address host, Counter why, std::optional<ErrorCode> tell,
                      const Bytes& bytes) {
    const HostVerdict verdict = out(host, bytes);
    EXPECT_EQ(verdict.owner, nullptr);
    EXPECT_STREQ(to_string(verdict.counter), to_string(why));
    EXPECT_EQ(verdict.tell, tell);
  }
  static Bytes from_peer(std::uint16_t port, const std::string& data, Ipv4Address peer = kRemote) {
    return udp(peer, port, kShared, port, data);
  }
  static Bytes to_peer(std::uint16_t port, const std::string& data, Ipv4Address peer = kRemote) {
    return udp(kShared, port, peer, port, data);
  }

  static constexpr Ipv4Address kHostC{0x0A010004};  // leases ports, no SPIs
  std::shared_ptr<const DemuxTable> table_;
  TunnelMemory memory_;
};

// H-014, H-217, G-42: protocol, SPI and destination
TEST_F(JudgingIpsec, EspAndAhGoToWhoLeasesTheSpi) {
  expect_to(kHostA, esp(kOther, kShared, kSpiOfA));
  expect_to(kHostA, ah(kOther, kShared, kSpiOfA + 3));
  expect_to(kHostB, esp(kRemote, kShared, kSpiOfB));
  expect_to(kHostB, ah(kRemote, kShared, kSpiOfB + 3));
}

// G-42: guessed SPIs
TEST_F(JudgingIpsec, AnSpiThatNobodyLeasesIsDropped) {
  for (const std::uint32_t spi : {kSpiOfA - 1, kSpiOfA + 4, kSpiOfB + 4, 0xFFFFFFFFU}) {
    expect_drop(Counter::kSpiNotLeased, esp(kRemote, kShared, spi));
    expect_drop(Counter::kSpiNotLeased, ah(kRemote, kShared, spi));
  }
}

// G-42, H-231: 0-255 are nobody's, whatever is leased
TEST_F(JudgingIpsec, AReservedSpiIsDropped) {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add(kShared, {}, {kHostA, {1}}, {{0, 512}});
  table_ = keeper.snapshot();
  for (const std::uint32_t spi : {0U, 1U, 255U}) {
    expect_drop(Counter::kSpiReserved, esp(kRemote, kShared, spi));
    expect_drop(Counter::kSpiReserved, ah(kRemote, kShared, spi));
  }
  expect_to(kHostA, esp(kRemote, kShared, 256));
}

// H-219: macro flow policy is enforceable whatever is encrypted (RFC 3104 appendix D)
TEST_F(JudgingIpsec, FromWhereTheBindIsNotForIsDropped) {
  expect_drop(Counter::kRemoteScope, esp(kOther, kShared, kSpiOfB));
  expect_refused(kHostB, Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed,
                 esp(kShared, kOther, kSpiOfPeer));
  expect_refused(kHostB, Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed,
                 to_peer(500, ike(1), kOther));
}

TEST_F(JudgingIpsec, WhatIsCutOffIsMalformed) {
  expect_drop(Counter::kMalformed, raw(kEsp, kRemote, kShared, "abc"));
  expect_drop(Counter::kMalformed, raw(kAh, kRemote, kShared, "abcdefg"));
  expect_refused(kHostA, Counter::kMalformed, {}, raw(kEsp, kShared, kRemote, "abc"));
}

TEST_F(JudgingIpsec, AWholeAddressHasAllSpisAndCookies) {
  for (const Bytes& packet :
       {esp(kRemote, kWhole, 1), ah(kRemote, kWhole, 0x7777),
        udp(kRemote, 500, kWhole, 500, ike(77)), udp(kRemote, 4500, kWhole, 4500, "\xFF")}) {
    const PublicVerdict verdict = in(packet);
    ASSERT_EQ(verdict.kind, Kind::kToHost);
    EXPECT_EQ(verdict.owner->host, kHostA);
  }
}

TEST_F(JudgingIpsec, AHostWithSpisMaySendEspAndAh) {
  expect_pass(kHostA, esp(kShared, kRemote, kSpiOfPeer));
  expect_pass(kHostA, ah(kShared, kOther, kSpiOfPeer));
  expect_pass(kHostB, esp(kShared, kRemote, kSpiOfPeer + 1));
  expect_refused(kHostA, Counter::kSpiReserved, {}, esp(kShared, kRemote, 0));
}

// G-39: as without IPsec
TEST_F(JudgingIpsec, AHostWithoutSpisMaySendNeitherEspNorFromIkePorts) {
  for (const Bytes& packet : {esp(kShared, kRemote, kSpiOfPeer), ah(kShared, kRemote, kSpiOfPeer),
                              to_peer(500, ike(1)), to_peer(4500, kMarker + ike(1))}) {
    expect_refused(kHostC, Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed, packet);
  }
  const HostVerdict spoofed = out({0x0A0100FF}, esp(kShared, kRemote, kSpiOfPeer));
  EXPECT_STREQ(to_string(spoofed.counter), to_string(Counter::kHostNotRegistered));
  expect_refused(kHostB, Counter::kHostAddress, ErrorCode::kLocalAddrUnallowed,
                 esp(kWhole, kRemote, kSpiOfPeer));
}

// H-220: an ephemeral port needs nothing more
TEST_F(JudgingIpsec, IkeOnALeasedPortIsLikeAnyUdp) {
  expect_pass(kHostA, udp(kShared, 40000, kRemote, 500, ike(1)));
  expect_to(kHostA, udp(kRemote, 500, kShared, 40000, ike(77)));
  EXPECT_EQ(memory_.ike.size(), 0U);
}

// H-219: the port of a micro flow is what IPsec protects, not that of IKE
TEST_F(JudgingIpsec, AMicroBindIsForIkeWithItsPeerAsWell) {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add(kShared, {{40000, 1}}, {kHostA, {1}, {kRemote, 443}}, {{kSpiOfA, 1}});
  table_ = keeper.snapshot();
  expect_pass(kHostA, udp(kShared, 40000, kRemote, 500, ike(1)));
  expect_to(kHostA, udp(kRemote, 500, kShared, 40000, ike(1, 2, false)));
  expect_pass(kHostA, udp(kShared, 40000, kRemote, 443));
  expect_refused(kHostA, Counter::kRemotePort, ErrorCode::kRemoteAddrportUnallowed,
                 udp(kShared, 40000, kRemote, 444));
  expect_drop(Counter::kRemoteScope, udp(kOther, 500, kShared, 40000, ike(1, 2, false)));
}

// H-211, H-214: port 500 at both ends, two hosts behind one address, one peer
TEST_F(JudgingIpsec, IkeOnPort500GoesByTheInitiatorCookie) {
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_pass(kHostB, to_peer(500, ike(2)));
  expect_to(kHostA, from_peer(500, ike(1, 11, false)));
  expect_to(kHostB, from_peer(500, ike(2, 12, false)));
}

// G-11, H-221, G-44: the host tries another one
TEST_F(JudgingIpsec, ACookieInUseIsDroppedWithoutBlame) {
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_refused(kHostB, Counter::kCookieTaken, {}, to_peer(500, ike(1)));
  expect_pass(kHostB, to_peer(500, ike(2)));
  expect_to(kHostA, from_peer(500, ike(1, 11, false)));
}

// G-46: guessed cookies
TEST_F(JudgingIpsec, IkeWithAnUnknownCookieIsDropped) {
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(1)));
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(1, 11, false)));
  expect_drop(Counter::kCookieUnknown, from_peer(4500, kMarker + ike(1)));
  EXPECT_EQ(memory_.ike.size(), 0U);
}

TEST_F(JudgingIpsec, WhatIsNoIkeIsDropped) {
  expect_drop(Counter::kMalformed, from_peer(500, "short"));
  expect_drop(Counter::kMalformed, from_peer(500, ike(0)));
  expect_drop(Counter::kMalformed, from_peer(4500, "abc"));
  expect_drop(Counter::kMalformed, from_peer(4500, kMarker + "short"));
  expect_refused(kHostA, Counter::kMalformed, {}, to_peer(500, "short"));
  expect_refused(kHostA, Counter::kMalformed, {}, to_peer(4500, kMarker + "short"));
}

// H-214: one cookie space for both ports: IKE floats from 500 to 4500
TEST_F(JudgingIpsec, IkeOnPort4500UsesTheSameCookies) {
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_to(kHostA, from_peer(4500, kMarker + ike(1, 11, false)));
  expect_refused(kHostB, Counter::kCookieTaken, {}, to_peer(4500, kMarker + ike(1)));
  expect_pass(kHostB, to_peer(4500, kMarker + ike(2)));
  expect_to(kHostB, from_peer(4500, kMarker + ike(2, 12, false)));
}

// H-217: ESP in UDP (RFC 3948)
TEST_F(JudgingIpsec, EspInUdpGoesBySpi) {
  expect_to(kHostA, from_peer(4500, be32(kSpiOfA) + be32(1) + "encrypted"));
  expect_to(kHostB, from_peer(4500, be32(kSpiOfB) + be32(1) + "encrypted"));
  expect_drop(Counter::kSpiNotLeased, from_peer(4500, be32(0x5000) + "encrypted"));
  expect_drop(Counter::kSpiReserved, from_peer(4500, be32(255) + "encrypted"));
  expect_drop(Counter::kRemoteScope, from_peer(4500, be32(kSpiOfB) + "encrypted", kOther));
  expect_pass(kHostA, to_peer(4500, be32(kSpiOfPeer) + "encrypted"));
}

TEST_F(JudgingIpsec, KeepAlivesGoOutButNotIn) {
  expect_pass(kHostA, to_peer(4500, "\xFF"));
  expect_drop(Counter::kNatKeepAlive, from_peer(4500, "\xFF"));
}

TEST_F(JudgingIpsec, ALeasedPort500GoesBeforeCookies) {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add_host(kHostC, {9});
  keeper.add(kShared, {}, {kHostA, {1}}, {{kSpiOfA, 1}});
  keeper.add(kShared, {{500, 1}}, {kHostC, {1}});
  table_ = keeper.snapshot();
  Bytes packet = from_peer(500, ike(77));
  EXPECT_EQ(in(packet).owner->host, kHostC);
  EXPECT_FALSE(may_be_for_several(*table_, view(packet)));
  expect_pass(kHostC, to_peer(500, "anything"));
  expect_refused(kHostA, Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                 to_peer(500, ike(1)));
}

TEST_F(JudgingIpsec, AnAddressWithoutSpisHasNoIkePorts) {
  table_ = two_hosts();
  expect_drop(Counter::kNoOwner, from_peer(500, ike(1)));
}

// H-237: the peer rekeys the IKE SA; both SPIs of the new one travelled encrypted
TEST_F(JudgingIpsec, AnAssociationThatThePeerRekeyedGoesOn) {
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_to(kHostA, from_peer(500, ike(1, 11, false)));
  expect_to(kHostA, from_peer(500, ike(5, 6)));
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(5, 6), kOther));
  expect_pass(kHostA, to_peer(500, ike(5, 6, false)));
  expect_pass(kHostB, to_peer(500, ike(2)));
  expect_to(kHostB, from_peer(500, ike(2, 12, false)));
  expect_to(kHostA, from_peer(500, ike(5, 6)));
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(7, 8)));
}

// G-46: without the extension, as RFC 3104 appendix E says
TEST_F(JudgingIpsec, AnAssociationThatThePeerRekeyedIsLostWithoutTheExtension) {
  memory_.ike = IkeTable({false, std::chrono::hours(1), 64, 100});
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_to(kHostA, from_peer(500, ike(1, 11, false)));
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(5, 6)));
  expect_refused(kHostA, Counter::kCookieUnknown, {}, to_peer(500, ike(5, 6, false)));
}

TEST_F(JudgingIpsec, ACookieOfAHostWhoseSpisAreGoneIsUnknown) {
  expect_pass(kHostA, to_peer(500, ike(1)));
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add_host(kHostB, kClientB);
  keeper.add(kShared, {{40000, 16}}, {kHostA, {1}});
  keeper.add(kShared, {}, {kHostB, {1}}, {{kSpiOfB, 4}});
  table_ = keeper.snapshot();
  expect_drop(Counter::kCookieUnknown, from_peer(500, ike(1, 11, false)));
}

// G-06: "fragmentation needed" about ESP quotes the peer's SPI
TEST_F(JudgingIpsec, ErrorsAboutEspAndAhGoToWhoSentIt) {
  expect_pass(kHostA, esp(kShared, kRemote, kSpiOfPeer));
  expect_pass(kHostB, ah(kShared, kRemote, kSpiOfPeer));
  expect_to(kHostA, icmp_error(kRouter, kShared, esp(kShared, kRemote, kSpiOfPeer)));
  expect_to(kHostB, icmp_error(kRouter, kShared, ah(kShared, kRemote, kSpiOfPeer)));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRouter, kShared, esp(kShared, kRemote, kSpiOfPeer + 1)));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRouter, kShared, esp(kShared, kOther, kSpiOfPeer)));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRouter, kShared, esp(kWhole, kRemote, kSpiOfPeer)));
}

TEST_F(JudgingIpsec, NobodyDrawsAnothersErrorsToItself) {
  expect_pass(kHostA, esp(kShared, kRemote, kSpiOfPeer));
  expect_pass(kHostB, esp(kShared, kRemote, kSpiOfPeer));
  expect_to(kHostA, icmp_error(kRouter, kShared, esp(kShared, kRemote, kSpiOfPeer)));
}

// Eight bytes behind the IP header are all that routers have to quote.
TEST_F(JudgingIpsec, ErrorsAboutIkeGoToTheOnlyHostThatHasThePeer) {
  const Bytes error = icmp_error(kRouter, kShared, to_peer(500, ike(1)));
  expect_drop(Counter::kIcmpDiscarded, error);
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_to(kHostA, from_peer(500, ike(1, 11, false)));
  expect_to(kHostA, error);
  expect_pass(kHostB, to_peer(500, ike(2)));
  expect_to(kHostB, from_peer(500, ike(2, 12, false)));
  expect_drop(Counter::kIcmpDiscarded, error);
}

TEST_F(JudgingIpsec, ErrorsThatQuoteMoreGoByCookieOrSpi) {
  const auto whole_error = [](const Bytes& about) {
    Tins::ICMP message(Tins::ICMP::DEST_UNREACHABLE);
    return (ip(kRouter, kShared) / message /
            Tins::RawPDU(about.data(), static_cast<std::uint32_t>(about.size())))
        .serialize();
  };
  expect_pass(kHostA, to_peer(500, ike(1)));
  expect_pass(kHostB, to_peer(4500, kMarker + ike(2)));
  expect_pass(kHostB, to_peer(4500, be32(kSpiOfPeer) + "encrypted"));
  expect_to(kHostA, whole_error(to_peer(500, ike(1))));
  expect_to(kHostB, whole_error(to_peer(4500, kMarker + ike(2))));
  expect_to(kHostB, whole_error(to_peer(4500, be32(kSpiOfPeer) + "encrypted")));
  expect_drop(Counter::kIcmpDiscarded, whole_error(to_peer(500, ike(3))));
}

TEST_F(JudgingIpsec, AHostMaySendErrorsAboutItsOwnSpisAlone) {
  expect_pass(kHostA, icmp_error(kShared, kRemote, esp(kRemote, kShared, kSpiOfA)));
  EXPECT_EQ(out(kHostA, icmp_error(kShared, kRemote, esp(kRemote, kShared, kSpiOfB))).owner,
            nullptr);
}

// G-14: an address is all that a ping needs
TEST_F(JudgingIpsec, AHostWithSpisAndNoPortsMayPing) {
  expect_pass(kHostB, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST));
  expect_to(kHostB, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY));
}

}  // namespace
}  // namespace rsip::gateway
