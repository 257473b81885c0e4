#include "tests/gateway/tunnel/judge.h"
#include "tests/gateway/tunnel/tunnel_type.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

class FromHost : public ::testing::Test {
 protected:
  HostVerdict judge(Ipv4Address host, Bytes bytes) {
    return judge_from_host(*table_, memory_, {host}, view(bytes), kNow);
  }
  void expect_refused(Counter why, ErrorCode tell, const HostVerdict& verdict) {
    EXPECT_EQ(verdict.owner, nullptr);
    EXPECT_STREQ(to_string(verdict.counter), to_string(why));
    EXPECT_EQ(verdict.tell, tell);
  }

  std::shared_ptr<const DemuxTable> table_ = two_hosts();
  TunnelMemory memory_;
};

TEST_F(FromHost, PacketsFromLeasedPortsPass) {
  EXPECT_TRUE(judge(kHostA, udp(kShared, 1000, kRemote, 53)).owner);
  EXPECT_TRUE(judge(kHostB, tcp(kShared, 1019, kRemote, 80)).owner);
}

// G-39: LOCAL_ADDRPORT_UNALLOWED
TEST_F(FromHost, APortOfAnotherHostOrOfNobodyIs313) {
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{1010, 999, 1020}) {
    expect_refused(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                   judge(kHostA, udp(kShared, port, kRemote, 53)));
  }
}

// G-39: LOCAL_ADDR_UNALLOWED
TEST_F(FromHost, AnAddressOfAnotherHostOrOfNobodyIs312) {
  expect_refused(Counter::kHostAddress, ErrorCode::kLocalAddrUnallowed,
                 judge(kHostB, udp(kWhole, 1010, kRemote, 53)));
  expect_refused(Counter::kHostAddress, ErrorCode::kLocalAddrUnallowed,
                 judge(kHostA, udp({0x08080808}, 1000, kRemote, 53)));
}

TEST_F(FromHost, AHostThatIsNotRegisteredIsCountedAsSuch) {
  const HostVerdict verdict = judge({0x0A0100FF}, udp(kShared, 1000, kRemote, 53));
  EXPECT_EQ(verdict.owner, nullptr);
  EXPECT_STREQ(to_string(verdict.counter), to_string(Counter::kHostNotRegistered));
}

TEST_F(FromHost, EverythingFromAWholeAddressPasses) {
  EXPECT_TRUE(judge(kHostA, udp(kWhole, 1, kRemote, 53)).owner);
  EXPECT_TRUE(judge(kHostA, icmp(kWhole, kRemote, Tins::ICMP::ECHO_REPLY)).owner);
  Tins::IP esp = ip(kWhole, kRemote);
  esp.protocol(50);
  EXPECT_TRUE(judge(kHostA, (esp / Tins::RawPDU("encrypted")).serialize()).owner);
}

TEST_F(FromHost, AProtocolWithoutPortsFromASharedAddressIs313) {
  Tins::IP esp = ip(kShared, kRemote);
  esp.protocol(50);
  expect_refused(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                 judge(kHostA, (esp / Tins::RawPDU("encrypted")).serialize()));
}

TEST_F(FromHost, IcmpRequestsFromASharedAddressPass) {
  EXPECT_TRUE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST)).owner);
  EXPECT_TRUE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::TIMESTAMP_REQUEST)).owner);
}

TEST_F(FromHost, IcmpRepliesFromASharedAddressDoNotPass) {
  EXPECT_FALSE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::ECHO_REPLY)).owner);
}

TEST_F(FromHost, IcmpErrorsAboutItsOwnPortsPass) {
  const Bytes received = udp(kRemote, 53, kShared, 1005);
  EXPECT_TRUE(judge(kHostA, icmp_error(kShared, kRemote, received)).owner);
}

TEST_F(FromHost, IcmpErrorsAboutPortsOfOthersDoNotPass) {
  const Bytes received_by_b = udp(kRemote, 53, kShared, 1015);
  expect_refused(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                 judge(kHostA, icmp_error(kShared, kRemote, received_by_b)));
  const Bytes to_other_address = udp(kRemote, 53, kWhole, 1005);
  EXPECT_FALSE(judge(kHostA, icmp_error(kShared, kRemote, to_other_address)).owner);
}

// G-39: 307 is for misuse of another tunnel type
TEST_F(FromHost, ATunnelOfAnotherKindThanAgreedIs307) {
  const auto through = [this](packet::Encapsulation tunnel) {
    Bytes bytes = udp(kShared, 1000, kRemote, 53);
    return judge_from_host(*table_, memory_, {kHostA, tunnel}, view(bytes), kNow);
  };
  for (const auto agreed :
       {msg::TunnelType::kIpIp, msg::TunnelType::kGre, msg::TunnelType::kL2tp}) {
    table_ = two_hosts(agreed);
    for (const auto tunnel : {packet::Encapsulation::kIpIp, packet::Encapsulation::kGre,
                              packet::Encapsulation::kL2tp}) {
      if (tunnel == encapsulation_of(agreed)) {
        EXPECT_TRUE(through(tunnel).owner);
      } else {
        expect_refused(Counter::kTunnelType, ErrorCode::kBadTunnelType, through(tunnel));
      }
    }
  }
}

TEST_F(FromHost, WhatIsNotLeasedIsToldBeforeTheTunnel) {
  table_ = two_hosts(msg::TunnelType::kGre);
  expect_refused(Counter::kHostAddress, ErrorCode::kLocalAddrUnallowed,
                 judge(kHostB, udp(kWhole, 1010, kRemote, 53)));
}

TEST_F(FromHost, SaysWhichBindLetsItPass) {
  EXPECT_EQ(judge(kHostA, udp(kShared, 1000, kRemote, 53)).owner->bind, BindId{1});
  EXPECT_EQ(judge(kHostA, udp(kWhole, 1000, kRemote, 53)).owner->bind, BindId{2});
}

/// Host A has ports 1000-1009 for any remote, 1020-1029 for kRemote (macro), 1030 for port 80 of it
/// (micro), kWhole for kRemote; host B has 1010-1019 for kRemote.
class ScopedFromHost : public FromHost {
 protected:
  ScopedFromHost() {
    TableKeeper keeper({kShared});
    keeper.add_host(kHostA, kClientA);
    keeper.add_host(kHostB, kClientB);
    const RemoteScope macro{kRemote, std::nullopt};
    keeper.add(kShared, {{1000, 10}}, {kHostA, {1}});
    keeper.add(kShared, {{1020, 10}}, {kHostA, {2}, macro});
    keeper.add(kShared, {{1030, 1}}, {kHostA, {3}, {kRemote, 80}});
    keeper.add_whole(kWhole, {kHostA, {4}, macro});
    keeper.add(kShared, {{1010, 10}}, {kHostB, {1}, macro});
    table_ = keeper.snapshot();
  }

  static constexpr Ipv4Address kElsewhere{kRemote.value + 1};
};

TEST_F(ScopedFromHost, PacketsToWhereTheBindIsForPass) {
  EXPECT_EQ(judge(kHostA, udp(kShared, 1000, kElsewhere, 53)).owner->bind, BindId{1});
  EXPECT_EQ(judge(kHostA, udp(kShared, 1020, kRemote, 53)).owner->bind, BindId{2});
  EXPECT_EQ(judge(kHostA, tcp(kShared, 1030, kRemote, 80)).owner->bind, BindId{3});
  EXPECT_EQ(judge(kHostA, tcp(kWhole, 7, kRemote, 80)).owner->bind, BindId{4});
}

// G-39: macro and micro remotes are kept to
TEST_F(ScopedFromHost, AnotherRemoteAddressIs314) {
  for (const Bytes& packet :
       {udp(kShared, 1020, kElsewhere, 53), tcp(kShared, 1030, kElsewhere, 80),
        tcp(kWhole, 7, kElsewhere, 80), icmp(kWhole, kElsewhere, Tins::ICMP::ECHO_REQUEST)}) {
    expect_refused(Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed, judge(kHostA, packet));
  }
}

// G-39: the port of a micro remote
TEST_F(ScopedFromHost, AnotherPortOfTheRemoteIs315) {
  expect_refused(Counter::kRemotePort, ErrorCode::kRemoteAddrportUnallowed,
                 judge(kHostA, tcp(kShared, 1030, kRemote, 81)));
}

TEST_F(ScopedFromHost, AProtocolWithoutPortsFromAWholeAddressIsJudgedByTheRemoteAddress) {
  Tins::IP allowed = ip(kWhole, kRemote);
  allowed.protocol(50);
  EXPECT_TRUE(judge(kHostA, (allowed / Tins::RawPDU("encrypted")).serialize()).owner);
  Tins::IP refused = ip(kWhole, kElsewhere);
  refused.protocol(50);
  expect_refused(Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed,
                 judge(kHostA, (refused / Tins::RawPDU("encrypted")).serialize()));
}

TEST_F(ScopedFromHost, APingNeedsOneBindThatIsForItsDestination) {
  EXPECT_EQ(judge(kHostA, icmp(kShared, kElsewhere, Tins::ICMP::ECHO_REQUEST)).owner->bind,
            BindId{1});
  EXPECT_TRUE(judge(kHostB, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST)).owner);
  expect_refused(Counter::kRemoteAddress, ErrorCode::kRemoteAddrUnallowed,
                 judge(kHostB, icmp(kShared, kElsewhere, Tins::ICMP::ECHO_REQUEST)));
}

TEST_F(ScopedFromHost, ARefusedPingIsNotLearned) {
  judge(kHostB, icmp(kShared, kElsewhere, Tins::ICMP::ECHO_REQUEST, 7));
  EXPECT_FALSE(memory_.echoes.find({7, 1, kShared, kElsewhere}, kNow));
  judge(kHostB, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST, 7));
  EXPECT_EQ(memory_.echoes.find({7, 1, kShared, kRemote}, kNow), kHostB);
}

}  // namespace
}  // namespace rsip::gateway
