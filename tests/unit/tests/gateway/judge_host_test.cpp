#include "tests/gateway/tunnel/judge.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

class FromHost : public ::testing::Test {
 protected:
  HostVerdict judge(Ipv4Address host, Bytes bytes) {
    return judge_from_host(*table_, echoes_, host, view(bytes), kNow);
  }
  void expect_refused(Counter why, ErrorCode tell, const HostVerdict& verdict) {
    EXPECT_FALSE(verdict.pass);
    EXPECT_STREQ(to_string(verdict.counter), to_string(why));
    EXPECT_EQ(verdict.tell, tell);
  }

  std::shared_ptr<const DemuxTable> table_ = two_hosts();
  EchoTable echoes_;
};

TEST_F(FromHost, PacketsFromLeasedPortsPass) {
  EXPECT_TRUE(judge(kHostA, udp(kShared, 1000, kRemote, 53)).pass);
  EXPECT_TRUE(judge(kHostB, tcp(kShared, 1019, kRemote, 80)).pass);
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
  EXPECT_FALSE(verdict.pass);
  EXPECT_STREQ(to_string(verdict.counter), to_string(Counter::kHostNotRegistered));
}

TEST_F(FromHost, EverythingFromAWholeAddressPasses) {
  EXPECT_TRUE(judge(kHostA, udp(kWhole, 1, kRemote, 53)).pass);
  EXPECT_TRUE(judge(kHostA, icmp(kWhole, kRemote, Tins::ICMP::ECHO_REPLY)).pass);
  Tins::IP esp = ip(kWhole, kRemote);
  esp.protocol(50);
  EXPECT_TRUE(judge(kHostA, (esp / Tins::RawPDU("encrypted")).serialize()).pass);
}

TEST_F(FromHost, AProtocolWithoutPortsFromASharedAddressIs313) {
  Tins::IP esp = ip(kShared, kRemote);
  esp.protocol(50);
  expect_refused(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                 judge(kHostA, (esp / Tins::RawPDU("encrypted")).serialize()));
}

TEST_F(FromHost, IcmpRequestsFromASharedAddressPass) {
  EXPECT_TRUE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::ECHO_REQUEST)).pass);
  EXPECT_TRUE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::TIMESTAMP_REQUEST)).pass);
}

TEST_F(FromHost, IcmpRepliesFromASharedAddressDoNotPass) {
  EXPECT_FALSE(judge(kHostA, icmp(kShared, kRemote, Tins::ICMP::ECHO_REPLY)).pass);
}

TEST_F(FromHost, IcmpErrorsAboutItsOwnPortsPass) {
  const Bytes received = udp(kRemote, 53, kShared, 1005);
  EXPECT_TRUE(judge(kHostA, icmp_error(kShared, kRemote, received)).pass);
}

TEST_F(FromHost, IcmpErrorsAboutPortsOfOthersDoNotPass) {
  const Bytes received_by_b = udp(kRemote, 53, kShared, 1015);
  expect_refused(Counter::kHostPort, ErrorCode::kLocalAddrportUnallowed,
                 judge(kHostA, icmp_error(kShared, kRemote, received_by_b)));
  const Bytes to_other_address = udp(kRemote, 53, kWhole, 1005);
  EXPECT_FALSE(judge(kHostA, icmp_error(kShared, kRemote, to_other_address)).pass);
}

}  // namespace
}  // namespace rsip::gateway
