#include <gtest/gtest.h>

#include "tests/unit/agent/datapath/ipsec_packets.h"

// ESP, AH and IKE of an address with leased SPIs (RFC 3104).
namespace rsip::agent {
namespace {

using namespace rsip::fakes;

class PacketPathIpsecTest : public PathTest {
 protected:
  void SetUp() override { lease(leased_spis()); }
  /// True if it gets through to the stack as it is.
  bool comes_in(const Bytes& packet) { return receive(packet) == std::vector<Bytes>{packet}; }
  bool goes_out(const Bytes& packet) { return send(packet) == std::vector<Bytes>{packet}; }

  const Ipv4Address local_ = host_.address;
  const Ipv4Address peer_ = server_.address;
  const Ipv4Address stranger_ = ip("192.0.2.9");
  std::uint64_t generation_ = 10;
  void lease_next(FlowTable table) {
    table.generation = ++generation_;
    lease(std::move(table));
  }
};

// H-014, H-217: by protocol, SPI and destination, and by nothing that is encrypted
TEST_F(PacketPathIpsecTest, LeasedSpisComeInAndNoOthers) {
  for (const std::uint8_t protocol : {kEspProtocol, kAhProtocol}) {
    for (const std::uint32_t spi : {0x1000U, 0x1007U}) {
      EXPECT_TRUE(comes_in(ipsec_packet(protocol, peer_, local_, spi))) << int{protocol};
    }
    for (const std::uint32_t spi : {0U, 0xFFFU, 0x1008U, 0xFFFFFFFFU}) {
      EXPECT_FALSE(comes_in(ipsec_packet(protocol, peer_, local_, spi))) << int{protocol};
    }
  }
  EXPECT_EQ(drops(DropReason::kSpiNotLeased), 8U);
  EXPECT_FALSE(comes_in(ipsec_packet(kEspProtocol, peer_, stranger_, 0x1000)));
  EXPECT_EQ(drops(DropReason::kNoLease), 1U);
}

TEST_F(PacketPathIpsecTest, WhatIsTooShortForAnSpiStaysOut) {
  Bytes esp = esp_packet(peer_, local_, 0x1000);
  esp.resize(packet::kIpv4HeaderBytes + 3);
  packet::store_u16(&esp[2], static_cast<std::uint16_t>(esp.size()));
  packet::Ipv4Packet::parse(esp)->write_header_checksum();
  EXPECT_FALSE(comes_in(esp));
  EXPECT_EQ(drops(DropReason::kMalformed), 1U);
}

// H-217: what leaves has the peer's SPI
TEST_F(PacketPathIpsecTest, AnythingOfIpsecLeavesAsItIs) {
  EXPECT_TRUE(goes_out(esp_packet(local_, peer_, 0xDEADBEEF)));
  EXPECT_TRUE(goes_out(ipsec_packet(kAhProtocol, local_, peer_, 0xDEADBEEF)));
  EXPECT_TRUE(send(esp_packet(stranger_, peer_, 0xDEADBEEF)).empty());
  EXPECT_EQ(drops(DropReason::kSourceNotLeased), 1U);
  EXPECT_TRUE(send(ipsec_packet(47, local_, peer_, 1)).empty());
  EXPECT_EQ(drops(DropReason::kProtocolNotLeased), 1U);
}

TEST_F(PacketPathIpsecTest, WithoutSpisAPortLeaseCoversNoIpsec) {
  lease_next(leased_ports({{5000, 32}}));
  EXPECT_TRUE(send(esp_packet(local_, peer_, 1)).empty());
  EXPECT_EQ(drops(DropReason::kProtocolNotLeased), 1U);
  EXPECT_FALSE(comes_in(esp_packet(peer_, local_, 0x1000)));
}

// H-219
TEST_F(PacketPathIpsecTest, ALeaseForOnePeerServesThatPeer) {
  for (const RemoteScope& scope : {RemoteScope{peer_, {}}, RemoteScope{peer_, 500}}) {
    lease_next(leased_spis(scope));
    EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x1000)));
    EXPECT_FALSE(comes_in(esp_packet(stranger_, local_, 0x1000)));
    EXPECT_TRUE(goes_out(esp_packet(local_, peer_, 1)));
    EXPECT_TRUE(send(esp_packet(local_, stranger_, 1)).empty());
  }
}

TEST_F(PacketPathIpsecTest, OtherPacketsGoOnAsBefore) {
  EXPECT_EQ(send(udp_packet(host_, server_, pattern(40))),
            std::vector<Bytes>{udp_packet(mapped_, server_, pattern(40))});
  EXPECT_EQ(receive(udp_packet(server_, mapped_, pattern(40))),
            std::vector<Bytes>{udp_packet(server_, host_, pattern(40))});
}

TEST_F(PacketPathIpsecTest, FragmentsFollowTheirFirstBothWays) {
  const auto in = fragments_of(esp_packet(peer_, local_, 0x1001, 3000), 1480);
  for (const Bytes& fragment : in) EXPECT_TRUE(comes_in(fragment));
  const auto out = fragments_of(esp_packet(local_, peer_, 7, 3000), 1480);
  for (const Bytes& fragment : out) EXPECT_TRUE(goes_out(fragment));
  for (const Bytes& fragment : fragments_of(esp_packet(stranger_, local_, 0x9999, 3000), 1480)) {
    EXPECT_FALSE(comes_in(fragment));
  }
  EXPECT_EQ(drops(DropReason::kSpiNotLeased), 3U);
}

TEST_F(PacketPathIpsecTest, RetiringSpisStillReceiveAndLostOnesDoNot) {
  FlowTable table = leased_spis();
  table.bindings[1].retiring = true;
  lease_next(table);
  EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x1000)));
  table.bindings[1].spis = {{0x1004, 4}};
  lease_next(table);
  EXPECT_FALSE(comes_in(esp_packet(peer_, local_, 0x1000)));
  EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x1004)));
}

TEST_F(PacketPathIpsecTest, WhileLeasesAreAskedForAgainNothingPasses) {
  FlowTable table = leased_spis();
  table.bindings.clear();
  table.suspended = true;
  lease_next(table);
  EXPECT_TRUE(send(esp_packet(local_, peer_, 1)).empty());
  EXPECT_FALSE(comes_in(esp_packet(peer_, local_, 0x1000)));
  lease_next(leased_spis());
  EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x1000)));
}

// Path MTU discovery of a security association lives from these.
TEST_F(PacketPathIpsecTest, ErrorsAboutItPassBothWays) {
  const Ipv4Address router = ip("192.0.2.1");
  for (const std::uint8_t protocol : {kEspProtocol, kAhProtocol}) {
    const Bytes sent = ipsec_packet(protocol, local_, peer_, 0xDEADBEEF);
    EXPECT_TRUE(comes_in(unreachable_packet(router, local_, sent, 28)));
    const Bytes got = ipsec_packet(protocol, peer_, local_, 0x1002);
    EXPECT_TRUE(goes_out(unreachable_packet(local_, peer_, got, 28)));
    const Bytes not_got = ipsec_packet(protocol, peer_, local_, 0x2002);
    EXPECT_TRUE(send(unreachable_packet(local_, peer_, not_got, 28)).empty());
  }
  const Bytes forged = esp_packet(stranger_, peer_, 1);
  EXPECT_FALSE(comes_in(unreachable_packet(router, local_, forged, 28)));
}

// H-211, H-214
TEST_F(PacketPathIpsecTest, IkeKeepsToItsPortsIfTheGatewayTellsHostsApart) {
  FlowTable table = leased_spis();
  table.ike_on_500 = true;
  lease_next(table);
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{500, 4500}) {
    const Endpoint here{local_, port};
    const Endpoint there{peer_, port};
    EXPECT_TRUE(comes_in(udp_packet(there, here, pattern(60)))) << "whoever begins";
    const Bytes sent = udp_packet(here, there, pattern(60));
    EXPECT_TRUE(goes_out(sent));
    EXPECT_TRUE(comes_in(unreachable_packet(ip("192.0.2.1"), local_, sent, 28)));
    EXPECT_TRUE(
        goes_out(unreachable_packet(local_, peer_, udp_packet(there, here, pattern(60)), 28)));
  }
  EXPECT_FALSE(goes_out(udp_packet({local_, 501}, {peer_, 500}, pattern(60))));
  EXPECT_FALSE(comes_in(udp_packet({peer_, 500}, {local_, 501}, pattern(60))));
  pass(std::chrono::seconds(1));
  EXPECT_EQ(path_->stats().ports_in_use, 1U) << "of the one that is not IKE";
}

// H-210, H-220: else it takes a leased port, like all others
TEST_F(PacketPathIpsecTest, OtherwiseIkeTakesALeasedPort) {
  const auto sent = send(udp_packet({local_, 500}, {peer_, 500}, pattern(60)));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(source_port(sent[0]), 500);
  EXPECT_FALSE(comes_in(udp_packet({peer_, 500}, {local_, 500}, pattern(60))));
}

TEST_F(PacketPathIpsecTest, WithAWholeAddressAnySpiComesIn) {
  FlowTable table = leased_address();
  lease_next(table);
  EXPECT_FALSE(comes_in(esp_packet(peer_, local_, 0x5555))) << "as long as it is not for IPsec";
  table.bindings[0].spis = {{256, 0xFFFFFF00}};
  lease_next(table);
  EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x5555)));
  EXPECT_TRUE(goes_out(esp_packet(local_, peer_, 0x5555)));
  pass(std::chrono::seconds(1));
  EXPECT_TRUE(path_->binding_use(clock_.now()).at(0).in_use) << "the address is";
}

TEST_F(PacketPathIpsecTest, ForwardedPacketsAreJudgedByTheirSpiToo) {
  FlowTable table = leased_spis();
  table.forward = true;
  lease_next(table);
  EXPECT_TRUE(comes_in(esp_packet(peer_, local_, 0x1000)));
  EXPECT_FALSE(comes_in(esp_packet(peer_, local_, 0x2000)));
  EXPECT_TRUE(goes_out(esp_packet(local_, peer_, 1)));
}

TEST_F(PacketPathIpsecTest, SpisAreNoPortsAndNoFlowLivesOnThem) {
  send(esp_packet(local_, peer_, 1));
  receive(esp_packet(peer_, local_, 0x1000));
  EXPECT_EQ(path_->stats().ports_in_use, 0U);
  pass(std::chrono::seconds(2));
  for (const BindingUse& use : path_->binding_use(clock_.now())) EXPECT_FALSE(use.in_use);
}

}  // namespace
}  // namespace rsip::agent
