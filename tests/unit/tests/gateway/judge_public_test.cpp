#include "tests/gateway/tunnel/judge.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

using Kind = PublicVerdict::Kind;
using std::chrono::seconds;

class FromPublic : public ::testing::Test {
 protected:
  PublicVerdict judge(Bytes bytes, TimePoint now = kNow) {
    return judge_from_public(*table_, memory_, view(bytes), now);
  }
  void expect_host(Ipv4Address host, const Bytes& bytes) {
    const PublicVerdict verdict = judge(bytes);
    ASSERT_EQ(verdict.kind, Kind::kToHost);
    EXPECT_EQ(verdict.owner->host, host);
  }
  void expect_drop(Counter why, const Bytes& bytes) {
    const PublicVerdict verdict = judge(bytes);
    EXPECT_EQ(verdict.kind, Kind::kDrop);
    EXPECT_STREQ(to_string(verdict.counter), to_string(why));
  }
  /// A host sends an ICMP request with this id from the shared address.
  void ping(Ipv4Address host, std::uint16_t id) {
    Bytes request = icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST, id);
    EXPECT_TRUE(judge_from_host(*table_, memory_, {host}, view(request), kNow).owner);
  }

  std::shared_ptr<const DemuxTable> table_ = two_hosts();
  TunnelMemory memory_;
};

// G-06: by the IP protocol
TEST_F(FromPublic, TcpAndUdpGoToTheHostThatLeasesTheDestinationPort) {
  expect_host(kHostA, udp(kRemote, 53, kShared, 1000));
  expect_host(kHostA, tcp(kRemote, 80, kShared, 1009));
  expect_host(kHostB, udp(kRemote, 53, kShared, 1010));
}

TEST_F(FromPublic, APortThatNobodyLeasesIsDropped) {
  expect_drop(Counter::kNoOwner, udp(kRemote, 53, kShared, 999));
  expect_drop(Counter::kNoOwner, tcp(kRemote, 80, kShared, 1020));
}

TEST_F(FromPublic, AnAddressThatIsNotOursIsDropped) {
  expect_drop(Counter::kNoOwner, udp(kRemote, 53, {kShared.value + 1}, 1000));
}

// G-06: by the address
TEST_F(FromPublic, EverythingToAWholeAddressGoesToItsHost) {
  expect_host(kHostA, udp(kRemote, 53, kWhole, 1));
  expect_host(kHostA, icmp(kRemote, kWhole, Tins::ICMP::ECHO_REPLY));
  expect_host(kHostA, icmp_error(kRemote, kWhole, udp(kWhole, 9, kRemote, 53)));
  Tins::IP esp = ip(kRemote, kWhole);
  esp.protocol(50);
  expect_host(kHostA, (esp / Tins::RawPDU("encrypted")).serialize());
}

// G-06, G-07: nothing is guessed from what may be encrypted
TEST_F(FromPublic, AProtocolWithoutPortsToASharedAddressIsDropped) {
  Tins::IP esp = ip(kRemote, kShared);
  esp.protocol(50);
  expect_drop(Counter::kSpiNotLeased, (esp / Tins::RawPDU("encrypted")).serialize());
  Tins::IP sctp = ip(kRemote, kShared);
  sctp.protocol(132);
  expect_drop(Counter::kNoOwner, (sctp / Tins::RawPDU("whatever")).serialize());
}

// G-14: requests are the gateway's
TEST_F(FromPublic, EchoRequestsAreAnsweredByTheGatewayForEveryAddress) {
  for (const Ipv4Address address : {kShared, kWhole}) {
    EXPECT_EQ(judge(icmp(kRemote, address, Tins::ICMP::ECHO_REQUEST)).kind, Kind::kAnswer);
  }
}

// G-14: requests are never forwarded
TEST_F(FromPublic, OtherRequestsAndRedirectsNeverReachAHost) {
  for (const auto type : {Tins::ICMP::TIMESTAMP_REQUEST, Tins::ICMP::ADDRESS_MASK_REQUEST,
                          Tins::ICMP::INFO_REQUEST, Tins::ICMP::REDIRECT}) {
    expect_drop(Counter::kIcmpDiscarded, icmp(kRemote, kShared, type));
    expect_drop(Counter::kIcmpDiscarded, icmp(kRemote, kWhole, type));
  }
}

TEST_F(FromPublic, AnEchoRequestFromABroadcastAddressIsNotAnswered) {
  expect_drop(Counter::kIcmpDiscarded, icmp({0xFFFFFFFF}, kShared, Tins::ICMP::ECHO_REQUEST));
}

// G-14: replies by identifier, sequence and addresses
TEST_F(FromPublic, AReplyGoesToTheHostThatAsked) {
  ping(kHostA, 7);
  ping(kHostB, 8);
  expect_host(kHostA, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 7));
  expect_host(kHostB, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 8));
}

TEST_F(FromPublic, AReplyThatDiffersInAnyFieldIsDiscarded) {
  ping(kHostA, 7);
  expect_drop(Counter::kIcmpDiscarded, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 9));
  expect_drop(Counter::kIcmpDiscarded, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 7, 2));
  expect_drop(Counter::kIcmpDiscarded,
              icmp({kRemote.value + 1}, kShared, Tins::ICMP::ECHO_REPLY, 7));
}

TEST_F(FromPublic, AReplyThatComesTooLateIsDiscarded) {
  ping(kHostA, 7);
  const Bytes reply = icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 7);
  EXPECT_EQ(judge(reply, kNow + EchoTable::kLifetime - Duration(1)).kind, Kind::kToHost);
  EXPECT_EQ(judge(reply, kNow + EchoTable::kLifetime).kind, Kind::kDrop);
}

TEST_F(FromPublic, AReplyGoesToNobodyOnceTheHostLeasesNothingFromTheAddress) {
  ping(kHostA, 7);
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, {1});
  keeper.add_host(kHostB, {2});
  keeper.add(kShared, {{1000, 10}}, {kHostB});
  keeper.add_whole(kWhole, {kHostA});
  table_ = keeper.snapshot();
  expect_drop(Counter::kIcmpDiscarded, icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 7));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRemote, kShared, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST, 7)));
}

// G-14: errors by the header they quote
TEST_F(FromPublic, AnErrorGoesToTheHostWhosePacketItQuotes) {
  expect_host(kHostB, icmp_error({1U << 24 | 1}, kShared, udp(kShared, 1011, kRemote, 53)));
  expect_host(kHostA, icmp_error(kRemote, kShared, tcp(kShared, 1001, kRemote, 80),
                                 Tins::ICMP::TIME_EXCEEDED));
}

TEST_F(FromPublic, AnErrorAboutAPingGoesToTheHostThatSentIt) {
  ping(kHostB, 8);
  expect_host(kHostB,
              icmp_error(kRemote, kShared, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST, 8)));
}

// G-14: the rest is discarded
TEST_F(FromPublic, AnErrorAboutNobodysPacketIsDiscarded) {
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRemote, kShared, udp(kShared, 999, kRemote, 53)));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRemote, kShared, udp(kWhole, 1000, kRemote, 53)));
  expect_drop(Counter::kIcmpDiscarded,
              icmp_error(kRemote, kShared, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST, 99)));
  Bytes later_fragment = udp(kShared, 1000, kRemote, 53);
  later_fragment[7] = 2;
  expect_drop(Counter::kIcmpDiscarded, icmp_error(kRemote, kShared, later_fragment));
}

TEST_F(FromPublic, AnErrorThatQuotesTooLittleIsDiscarded) {
  Bytes whole = icmp_error(kRemote, kShared, udp(kShared, 1000, kRemote, 53));
  for (std::size_t size = 20; size < whole.size(); ++size) {
    Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    cut[2] = 0;
    cut[3] = static_cast<std::uint8_t>(size);
    const PublicVerdict verdict = judge(cut);
    EXPECT_EQ(verdict.kind, Kind::kDrop) << size;
  }
}

/// Host A has 1000-1009 for any remote, 1020-1029 for kRemote (macro) and 1030 for port 80 of it
/// (micro); host B has kWhole for kRemote.
class ScopedFromPublic : public FromPublic {
 protected:
  ScopedFromPublic() {
    TableKeeper keeper({kShared});
    keeper.add_host(kHostA, kClientA);
    keeper.add_host(kHostB, kClientB);
    const RemoteScope macro{kRemote, std::nullopt};
    keeper.add(kShared, {{1000, 10}}, {kHostA, {1}});
    keeper.add(kShared, {{1020, 10}}, {kHostA, {2}, macro});
    keeper.add(kShared, {{1030, 1}}, {kHostA, {3}, {kRemote, 80}});
    keeper.add_whole(kWhole, {kHostB, {1}, macro});
    table_ = keeper.snapshot();
  }
  static Bytes esp(Ipv4Address from) {
    Tins::IP packet = ip(from, kWhole);
    packet.protocol(50);
    return (packet / Tins::RawPDU("encrypted")).serialize();
  }

  static constexpr Ipv4Address kElsewhere{kRemote.value + 1};
};

TEST_F(ScopedFromPublic, PacketsFromWhereTheBindIsForPass) {
  expect_host(kHostA, udp(kElsewhere, 53, kShared, 1000));
  expect_host(kHostA, udp(kRemote, 53, kShared, 1020));
  expect_host(kHostA, tcp(kRemote, 80, kShared, 1030));
  expect_host(kHostB, tcp(kRemote, 80, kWhole, 7));
  expect_host(kHostB, esp(kRemote));
}

// With micro flow policy the remote port counts as well (RFC 3103 section 7.2).
TEST_F(ScopedFromPublic, PacketsFromElsewhereAreDropped) {
  expect_drop(Counter::kRemoteScope, udp(kElsewhere, 53, kShared, 1020));
  expect_drop(Counter::kRemoteScope, tcp(kElsewhere, 80, kShared, 1030));
  expect_drop(Counter::kRemoteScope, tcp(kRemote, 81, kShared, 1030));
  expect_drop(Counter::kRemoteScope, tcp(kElsewhere, 80, kWhole, 7));
  expect_drop(Counter::kRemoteScope, esp(kElsewhere));
  expect_drop(Counter::kRemoteScope, icmp(kElsewhere, kWhole, Tins::ICMP::ECHO_REPLY));
}

TEST_F(ScopedFromPublic, AnErrorMayComeFromAnyRouterAboutAPacketToWhereTheBindIsFor) {
  const Ipv4Address router{0x01000001};
  expect_host(kHostA, icmp_error(router, kShared, udp(kShared, 1020, kRemote, 53)));
  expect_host(kHostB, icmp_error(router, kWhole, udp(kWhole, 9, kRemote, 53)));
  expect_drop(Counter::kRemoteScope,
              icmp_error(router, kShared, udp(kShared, 1020, kElsewhere, 53)));
  expect_drop(Counter::kRemoteScope, icmp_error(router, kShared, tcp(kShared, 1030, kRemote, 81)));
  expect_drop(Counter::kRemoteScope, icmp_error(router, kWhole, udp(kWhole, 9, kElsewhere, 53)));
}

TEST_F(ScopedFromPublic, AReplyToAPingIsCountedForTheBindThatLetItGo) {
  ping(kHostA, 7);
  const PublicVerdict verdict = judge(icmp(kRemote, kShared, Tins::ICMP::ECHO_REPLY, 7));
  ASSERT_EQ(verdict.kind, Kind::kToHost);
  EXPECT_EQ(verdict.owner->bind, BindId{1});
}

}  // namespace
}  // namespace rsip::gateway
