#include "tests/gateway/tunnel/answers.h"

#include "common/packet/checksum.h"
#include "tests/unit/tests/gateway/packet_builder.h"

namespace rsip::gateway {
namespace {

/// Serializes again what libtins reads: it computes all checksums afresh.
Bytes with_right_checksums(const Bytes& bytes) {
  return Tins::IP(bytes.data(), static_cast<std::uint32_t>(bytes.size())).serialize();
}

TEST(EchoReply, SwapsTheAddressesAndKeepsIdSequenceAndData) {
  Bytes bytes = icmp(kRemote, kShared, Tins::ICMP::ECHO_REQUEST, 0x1234, 5);
  make_echo_reply(view(bytes));
  Bytes expected = icmp(kShared, kRemote, Tins::ICMP::ECHO_REPLY, 0x1234, 5);
  expected[8] = 64;
  EXPECT_EQ(bytes, with_right_checksums(expected));
}

TEST(TooBig, TellsTheSenderTheTunnelsMtuFromTheAddressItSentTo) {
  Bytes packet = udp(kRemote, 53, kShared, 1000, std::string(2000, 'x'));
  const Bytes error = too_big_error(view(packet), 1480);
  EXPECT_EQ(packet::sum(std::span(error).first(20)), 0xFFFF);
  EXPECT_EQ(packet::sum(std::span(error).subspan(20)), 0xFFFF);
  const Tins::IP read(error.data(), static_cast<std::uint32_t>(error.size()));
  EXPECT_EQ(read.src_addr(), kShared.to_string());
  EXPECT_EQ(read.dst_addr(), kRemote.to_string());
  const auto& message = read.rfind_pdu<Tins::ICMP>();
  EXPECT_EQ(message.type(), Tins::ICMP::DEST_UNREACHABLE);
  EXPECT_EQ(message.code(), 4);
  EXPECT_EQ(message.mtu(), 1480);
  EXPECT_EQ(error.size(), 576U);
  EXPECT_TRUE(std::equal(packet.begin(), packet.begin() + 548, error.begin() + 28));
}

TEST(TooBig, IsNeverSaidAboutAnIcmpError) {
  Bytes error = icmp_error(kRemote, kShared, udp(kShared, 1000, kRemote, 53));
  EXPECT_TRUE(too_big_error(view(error), 1480).empty());
}

TEST(TooBig, IsNeverSaidToAnAddressThatIsNoMachines) {
  for (const Ipv4Address source :
       {Ipv4Address{}, Ipv4Address{0xE0000001}, Ipv4Address{0x7F000001}}) {
    Bytes packet = udp(kRemote, 53, kShared, 1000);
    packet::store_u32(&packet[12], source.value);
    EXPECT_TRUE(too_big_error(view(packet), 1480).empty());
  }
}

}  // namespace
}  // namespace rsip::gateway
