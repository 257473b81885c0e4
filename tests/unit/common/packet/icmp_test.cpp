#include "common/packet/icmp.h"

#include <gtest/gtest.h>

#include "common/packet/checksum.h"
#include "common/packet/transport_header.h"
#include "tests/fakes/packets.h"

namespace rsip::packet {
namespace {

using namespace rsip::fakes;

const Endpoint kHost = at("203.0.113.10", 40000);
const Endpoint kServer = at("198.51.100.7", 443);
const Ipv4Address kRouter = ip("192.0.2.1");

TEST(Icmp, KindFollowsTheType) {
  const auto kind_of = [](int type) {
    Bytes bytes = echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, 1);
    bytes[20] = static_cast<std::uint8_t>(type);
    return icmp_kind(Ipv4Packet::parse(bytes).value());
  };
  for (const int type : {8, 13, 15, 17}) EXPECT_EQ(kind_of(type), IcmpKind::kRequest);
  for (const int type : {0, 14, 16, 18}) EXPECT_EQ(kind_of(type), IcmpKind::kReply);
  for (const int type : {3, 4, 11, 12}) EXPECT_EQ(kind_of(type), IcmpKind::kError);
  for (const int type : {5, 9, 10, 255}) EXPECT_EQ(kind_of(type), IcmpKind::kOther);
}

TEST(Icmp, RewritesTheIdentifierOfAnEcho) {
  Bytes bytes =
      echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, 77, pattern(56));
  const auto packet = Ipv4Packet::parse(bytes).value();
  EXPECT_EQ(icmp_id(packet), 77);
  rewrite_icmp_id(packet, 5001);
  EXPECT_EQ(bytes, echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, 5001,
                               pattern(56)));
}

// The quoted checksums must be right as well: some stacks compare what is quoted with what they
// sent.
TEST(Icmp, RewritesTheQuotedPortAsIfTheOtherPacketHadBeenQuoted) {
  const Endpoint mapped{kHost.address, 5001};
  struct Case {
    const char* name;
    Bytes quoted, expected;
  };
  const Case cases[] = {
      {"tcp", tcp_packet(kHost, kServer, pattern(50)), tcp_packet(mapped, kServer, pattern(50))},
      {"udp", udp_packet(kHost, kServer, pattern(50)), udp_packet(mapped, kServer, pattern(50))},
      {"echo", echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, kHost.port),
       echo_packet(kHost.address, kServer.address, Tins::ICMP::ECHO_REQUEST, mapped.port)},
  };
  for (const Case& c : cases) {
    for (const std::size_t quoted_bytes : {28U, 36U, 38U, 60U}) {
      Bytes bytes = unreachable_packet(kRouter, kHost.address, c.quoted, quoted_bytes);
      const auto error = Ipv4Packet::parse(bytes).value();
      const auto quoted = quoted_packet(error);
      ASSERT_TRUE(quoted) << c.name;
      rewrite_quoted_port(error, *quoted, PortField::kSource, mapped.port);
      EXPECT_EQ(bytes, unreachable_packet(kRouter, kHost.address, c.expected, quoted_bytes))
          << c.name << ", " << quoted_bytes << " bytes quoted";
    }
  }
}

TEST(Icmp, KeepsItsChecksumRightWhenThePartialChecksumIsQuoted) {
  const Bytes partial = with_partial_checksum(udp_packet(kServer, kHost, pattern(50)));
  Bytes bytes = unreachable_packet(kHost.address, kServer.address, partial, 60);
  const auto error = Ipv4Packet::parse(bytes).value();
  rewrite_quoted_port(error, quoted_packet(error).value(), PortField::kDestination, 5001);
  EXPECT_TRUE(is_right(bytes));
  EXPECT_EQ(load_u16(&bytes[28 + 22]), 5001);
  EXPECT_EQ(load_u16(&bytes[28 + 26]), load_u16(&partial[26]));
}

TEST(Icmp, QuotesNothingUsefulWhenTheQuoteIsShortOrALaterFragmentOrAnError) {
  const Bytes udp = udp_packet(kHost, kServer, pattern(100));
  const auto quotes = [](const Bytes& quoted, std::size_t bytes_quoted) {
    Bytes bytes = unreachable_packet(kRouter, kHost.address, quoted, bytes_quoted);
    return quoted_packet(Ipv4Packet::parse(bytes).value()).has_value();
  };
  EXPECT_TRUE(quotes(udp, 28));
  EXPECT_FALSE(quotes(udp, 27));
  EXPECT_FALSE(quotes(udp, 10));
  EXPECT_FALSE(quotes(udp, 0));
  EXPECT_FALSE(quotes(fragments_of(udp, 48)[1], 60));
  EXPECT_FALSE(quotes(unreachable_packet(kRouter, kHost.address, udp, 28), 60));
}

// What Linux acts on at once: type 3, code 13, from the address it sent to, quoting what it sent.
TEST(Icmp, UnreachableComesFromTheDestinationAndQuotesThePacket) {
  Bytes about = tcp_packet(kHost, kServer, pattern(1000));
  const Bytes error = unreachable_error(Ipv4Packet::parse(about).value(), Unreachable::kProhibited);
  ASSERT_EQ(error.size(), 576U);
  EXPECT_EQ(sum(std::span(error).first(20)), 0xFFFF);
  EXPECT_EQ(sum(std::span(error).subspan(20)), 0xFFFF);
  const Tins::IP read = parsed(error);
  EXPECT_EQ(read.src_addr(), kServer.address.to_string());
  EXPECT_EQ(read.dst_addr(), kHost.address.to_string());
  const auto& message = read.rfind_pdu<Tins::ICMP>();
  EXPECT_EQ(message.type(), Tins::ICMP::DEST_UNREACHABLE);
  EXPECT_EQ(message.code(), 13);
  EXPECT_TRUE(std::equal(error.begin() + 28, error.end(), about.begin()));
}

TEST(Icmp, UnreachableQuotesAShortPacketWhole) {
  Bytes about = udp_packet(kHost, kServer, pattern(10));
  const Bytes error = unreachable_error(Ipv4Packet::parse(about).value(), Unreachable::kTooBig, 68);
  EXPECT_EQ(Bytes(error.begin() + 28, error.end()), about);
  EXPECT_EQ(parsed(error).rfind_pdu<Tins::ICMP>().mtu(), 68);
}

// RFC 1812 section 4.3.2.7.
TEST(Icmp, UnreachableIsNeverSaidAboutErrorsLaterFragmentsAndGroups) {
  const Bytes packet = udp_packet(kHost, kServer, pattern(3000));
  Bytes from_nobody = packet;
  store_u32(&from_nobody[12], 0);
  const Bytes cases[] = {
      unreachable_packet(kRouter, kHost.address, packet, 28),
      fragments_of(packet, 1000).at(1),
      udp_packet(kHost, at("224.0.0.1", 53), {}),
      udp_packet(kHost, at("255.255.255.255", 53), {}),
      from_nobody,
  };
  for (Bytes about : cases) {
    EXPECT_TRUE(
        unreachable_error(Ipv4Packet::parse(about).value(), Unreachable::kProhibited).empty());
  }
}

}  // namespace
}  // namespace rsip::packet
