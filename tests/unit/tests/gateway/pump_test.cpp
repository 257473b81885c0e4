#include "tests/gateway/tunnel/pump.h"

#include <thread>

#include "tests/unit/tests/gateway/pump_fixture.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

class PumpTest : public PumpFixture {};

// G-02: the tunnel's other end
TEST_F(PumpTest, CarriesPacketsBothWays) {
  to_host("to A");
  EXPECT_EQ(data_of(inner(host_->receive())), "to A");
  to_host("to B", 1010);
  EXPECT_EQ(data_of(inner(other_host_->receive())), "to B");
  to_public("from A");
  EXPECT_EQ(data_of(public_udp_->receive()), "from A");
}

TEST_F(PumpTest, CarriesAProtocolWithoutPortsToAWholeAddressAndBack) {
  const RawSocket esp(kRemote, IPPROTO_ESP);
  Tins::IP to_it = ip(kRemote, kWhole);
  to_it.protocol(IPPROTO_ESP);
  EXPECT_TRUE(public_->send(kWhole, (to_it / Tins::RawPDU("12345678request")).serialize()));
  EXPECT_EQ(data_of(inner(host_->receive())), "request");
  Tins::IP from_it = ip(kWhole, kRemote);
  from_it.protocol(IPPROTO_ESP);
  EXPECT_TRUE(host_->send(kGateway, (from_it / Tins::RawPDU("12345678reply")).serialize()));
  EXPECT_EQ(data_of(esp.receive()), "reply");
}

TEST_F(PumpTest, CarriesPacketsFromOneHostToAnother) {
  run("sysctl -qw net.ipv4.ip_forward=1");
  EXPECT_TRUE(host_->send(kGateway, udp(kWhole, 7, kShared, 1010, "hairpin")));
  EXPECT_EQ(data_of(inner(other_host_->receive())), "hairpin");
  EXPECT_TRUE(host_->send(kGateway, udp(kShared, 1000, kShared, 1010, "from the same address")));
  EXPECT_EQ(data_of(inner(other_host_->receive())), "from the same address");
}

TEST_F(PumpTest, AnswersPingsToALeasedAddress) {
  EXPECT_TRUE(public_->send(kShared, icmp(kRemote, kShared, Tins::ICMP::ECHO_REQUEST)));
  Bytes reply = public_icmp_->receive();
  ASSERT_FALSE(reply.empty());
  EXPECT_EQ(view(reply).source(), kShared);
  EXPECT_EQ(view(reply).payload()[0], Tins::ICMP::ECHO_REPLY);
}

TEST_F(PumpTest, JudgesByTheTableThatWasPublishedLast) {
  pump_->publish(std::make_shared<DemuxTable>());
  to_host("nobody's");
  wait_for(Counter::kNoOwner, 1);
  pump_->publish(two_hosts());
  to_host("A's");
  EXPECT_EQ(data_of(inner(host_->receive())), "A's");
}

TEST_F(PumpTest, LosesNothingWhileTablesChange) {
  std::atomic<bool> done = false;
  std::thread publisher([&] {
    while (!done) pump_->publish(two_hosts());
  });
  for (int i = 0; i < 300; ++i) {
    to_host("in " + std::to_string(i));
    to_public("out " + std::to_string(i));
    EXPECT_EQ(data_of(inner(host_->receive())), "in " + std::to_string(i));
    EXPECT_EQ(data_of(public_udp_->receive()), "out " + std::to_string(i));
  }
  done = true;
  publisher.join();
}

TEST_F(PumpTest, StopsUnderLoad) {
  std::atomic<bool> done = false;
  std::thread public_side([&] {
    const Bytes packet = udp(kRemote, 53, kShared, 1000);
    while (!done) public_->send(kShared, packet);
  });
  std::thread private_side([&] {
    const Bytes packet = udp(kShared, 1000, kRemote, 53);
    while (!done) host_->send(kGateway, packet);
  });
  EXPECT_FALSE(host_->receive().empty());
  EXPECT_FALSE(public_udp_->receive().empty());
  pump_.reset();
  done = true;
  public_side.join();
  private_side.join();
  EXPECT_EQ(gone_.size(), 0U);
}

TEST_F(PumpTest, SaysOnceThatItsDeviceIsGoneAndCanStillBeStopped) {
  run("ip link del rsip0");
  EXPECT_TRUE(gone_.wait());
  pump_->publish(two_hosts());
  pump_.reset();
  EXPECT_EQ(gone_.size(), 0U);
}

TEST_F(PumpTest, TellsOfAHostsMisuseAtMostOnceASecond) {
  for (int i = 0; i < 5; ++i) to_public("port of B", 1010);
  EXPECT_TRUE(other_host_->send(kGateway, udp(kWhole, 1, kRemote, 53)));
  EXPECT_EQ(misuses_.wait(), std::pair(kHostA, ErrorCode::kLocalAddrportUnallowed));
  EXPECT_EQ(misuses_.wait(), std::pair(kHostB, ErrorCode::kLocalAddrUnallowed));
  EXPECT_EQ(misuses_.size(), 0U);
  EXPECT_EQ(pump_->counters()[Counter::kHostPort], 5U);
}

TEST_F(PumpTest, CarriesACongestionMarkIntoThePacket) {
  host_->set_outer_tos(kExperienced);
  EXPECT_TRUE(host_->send(kGateway, marked(udp(kShared, 1000, kRemote, 53), kCapable)));
  Bytes arrived = public_udp_->receive();
  ASSERT_FALSE(arrived.empty());
  EXPECT_EQ(view(arrived).tos(), kExperienced);
}

TEST_F(PumpTest, DropsACongestedPacketThatCannotCarryTheMark) {
  host_->set_outer_tos(kExperienced);
  to_public("not capable");
  host_->set_outer_tos(0);
  to_public("not congested");
  EXPECT_EQ(data_of(public_udp_->receive()), "not congested");
  EXPECT_EQ(pump_->counters()[Counter::kEcnNotCapable], 1U);
}

TEST_F(PumpTest, CopiesTheTypeOfServiceToTheOuterHeader) {
  EXPECT_TRUE(public_->send(kShared, marked(udp(kRemote, 53, kShared, 1000), 0xB8 | kCapable)));
  Bytes outer = host_->receive();
  ASSERT_FALSE(outer.empty());
  EXPECT_EQ(view(outer).tos(), 0xB8 | kCapable);
}

// G-03: whole before it is judged
TEST_F(PumpTest, PutsFragmentsTogether) {
  const std::string data(2000, 'x');
  const auto [first, last] = fragments(udp(kRemote, 53, kShared, 1000, data), 0);
  EXPECT_TRUE(public_->send(kShared, last));
  EXPECT_TRUE(public_->send(kShared, first));
  EXPECT_EQ(data_of(inner(host_->receive())), data);
}

TEST_F(PumpTest, TellsTheSenderOfADatagramThatDoesNotFitAndMustNotBeCut) {
  const auto whole = udp(kRemote, 53, kShared, 1000, std::string(2000, 'x'));
  const auto [first, last] = fragments(whole, 0x4000);
  EXPECT_TRUE(public_->send(kShared, first));
  EXPECT_TRUE(public_->send(kShared, last));
  Bytes error = public_icmp_->receive();
  ASSERT_GE(error.size(), 28U);
  EXPECT_EQ(view(error).source(), kShared);
  EXPECT_EQ(error[20], Tins::ICMP::DEST_UNREACHABLE);
  EXPECT_EQ(packet::load_u16(&error[26]), kUnderlayMtu - 20);
}

/// Host B has SPIs 0x1000-0x1003 of the shared address, host A the next four.
std::shared_ptr<const DemuxTable> two_hosts_with_spis() {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add_host(kHostB, kClientB);
  keeper.add(kShared, {}, {kHostB, {1}}, {{0x1000, 4}});
  keeper.add(kShared, {}, {kHostA, {1}}, {{0x1004, 4}});
  return keeper.snapshot();
}

std::string with_spi(char last_byte, const std::string& data) {
  return std::string("\0\0\x10", 3) + last_byte + std::string("\0\0\0\1", 4) + data;
}

// H-014, H-217, G-42: each to its own, and back
TEST_F(PumpTest, CarriesEspBySpi) {
  pump_->publish(two_hosts_with_spis());
  const auto esp = [](Ipv4Address source, Ipv4Address destination, const std::string& data) {
    Tins::IP packet = ip(source, destination);
    packet.protocol(IPPROTO_ESP);
    return (packet / Tins::RawPDU(data)).serialize();
  };
  EXPECT_TRUE(public_->send(kShared, esp(kRemote, kShared, with_spi('\x08', "nobody's"))));
  EXPECT_TRUE(public_->send(kShared, esp(kRemote, kShared, with_spi('\x03', "to B"))));
  EXPECT_TRUE(public_->send(kShared, esp(kRemote, kShared, with_spi('\x04', "to A"))));
  EXPECT_EQ(data_of(inner(other_host_->receive())), "to B");
  EXPECT_EQ(data_of(inner(host_->receive())), "to A");
  wait_for(Counter::kSpiNotLeased, 1);
  const RawSocket peer(kRemote, IPPROTO_ESP);
  EXPECT_TRUE(host_->send(kGateway, esp(kShared, kRemote, with_spi('\x77', "from A"))));
  EXPECT_EQ(data_of(peer.receive()), "from A");
}

// H-217: later fragments have no SPI
TEST_F(PumpTest, PutsFragmentsOfEspTogether) {
  pump_->publish(two_hosts_with_spis());
  Tins::IP packet = ip(kRemote, kShared);
  packet.protocol(IPPROTO_ESP);
  const std::string data(2000, 'x');
  const auto [first, last] =
      fragments((packet / Tins::RawPDU(with_spi('\x01', data))).serialize(), 0);
  EXPECT_TRUE(public_->send(kShared, last));
  EXPECT_TRUE(public_->send(kShared, first));
  wait_for(Counter::kReassembled, 1);
  wait_for(Counter::kToHosts, 1);
}

// G-42: a sender's super-packet may be for several hosts
TEST_F(PumpTest, JudgesEachSegmentOfEspInUdpByItself) {
  pump_->publish(two_hosts_with_spis());
  const UniqueFd sender(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const sockaddr_in own = to_sockaddr(kRemote);
  ASSERT_EQ(bind(sender.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own), 0);
  sockaddr_in to = to_sockaddr(kShared);
  to.sin_port = htons(4500);
  const std::string all = with_spi('\x00', "to B") + with_spi('\x04', "to A") +
                          with_spi('\x08', "none") + with_spi('\x01', "to B");
  const int bytes = 12;
  constexpr int kUdpSegment = 103;
  ASSERT_EQ(setsockopt(sender.get(), IPPROTO_UDP, kUdpSegment, &bytes, sizeof bytes), 0);
  ASSERT_EQ(sendto(sender.get(), all.data(), all.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                   sizeof to),
            std::ssize(all));
  EXPECT_EQ(data_of(inner(host_->receive())), with_spi('\x04', "to A"));
  EXPECT_EQ(data_of(inner(other_host_->receive())), with_spi('\x00', "to B"));
  EXPECT_EQ(data_of(inner(other_host_->receive())), with_spi('\x01', "to B"));
  wait_for(Counter::kSpiNotLeased, 1);
}

}  // namespace
}  // namespace rsip::gateway
