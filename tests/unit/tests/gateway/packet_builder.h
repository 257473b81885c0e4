#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tins/tins.h>

#include "common/packet/ipv4_packet.h"
#include "tests/gateway/engine/demux_table.h"

namespace rsip::gateway {

using Bytes = std::vector<std::uint8_t>;

inline constexpr Ipv4Address kHostA{0x0A010002};   // 10.1.0.2
inline constexpr Ipv4Address kHostB{0x0A010003};   // 10.1.0.3
inline constexpr Ipv4Address kShared{0xC6336401};  // 198.51.100.1
inline constexpr Ipv4Address kWhole{0xC6336410};   // 198.51.100.16
inline constexpr Ipv4Address kRemote{0xCB007105};  // 203.0.113.5
inline constexpr TimePoint kNow{std::chrono::hours(1)};

inline Tins::IP ip(Ipv4Address source, Ipv4Address destination) {
  Tins::IP packet(Tins::IPv4Address(destination.to_string()),
                  Tins::IPv4Address(source.to_string()));
  packet.ttl(50);
  return packet;
}

inline Bytes udp(Ipv4Address source, std::uint16_t source_port, Ipv4Address destination,
                 std::uint16_t destination_port, const std::string& data = "data") {
  return (ip(source, destination) / Tins::UDP(destination_port, source_port) / Tins::RawPDU(data))
      .serialize();
}

inline Bytes tcp(Ipv4Address source, std::uint16_t source_port, Ipv4Address destination,
                 std::uint16_t destination_port) {
  return (ip(source, destination) / Tins::TCP(destination_port, source_port)).serialize();
}

inline Bytes icmp(Ipv4Address source, Ipv4Address destination, Tins::ICMP::Flags type,
                  std::uint16_t id = 7, std::uint16_t sequence = 1) {
  Tins::ICMP message(type);
  message.id(id);
  message.sequence(sequence);
  return (ip(source, destination) / message / Tins::RawPDU("ping")).serialize();
}

/// An ICMP error about a packet.
inline Bytes icmp_error(Ipv4Address source, Ipv4Address destination, const Bytes& about,
                        Tins::ICMP::Flags type = Tins::ICMP::DEST_UNREACHABLE) {
  Tins::ICMP message(type);
  message.code(3);
  return (ip(source, destination) / message /
          Tins::RawPDU(about.data(),
                       static_cast<std::uint32_t>(std::min<std::size_t>(about.size(), 28))))
      .serialize();
}

inline packet::Ipv4Packet view(Bytes& bytes) {
  const auto packet = packet::Ipv4Packet::parse(bytes);
  EXPECT_TRUE(packet);
  return *packet;
}

inline constexpr ClientId kClientA{0x00071234};  // L2TP tunnel 0x1234
inline constexpr ClientId kClientB{0x00075678};

/// Ports 1000-1009 of kShared belong to host A (bind 1), 1010-1019 to host B (bind 1), kWhole to
/// host A (bind 2).
inline std::shared_ptr<const DemuxTable> two_hosts(
    msg::TunnelType tunnel = msg::TunnelType::kIpIp) {
  TableKeeper keeper({kShared});
  keeper.add_host(kHostA, kClientA);
  keeper.add_host(kHostB, kClientB);
  keeper.add(kShared, {{1000, 10}}, {kHostA, {1}});
  keeper.add(kShared, {{1010, 10}}, {kHostB, {1}});
  keeper.add_whole(kWhole, {kHostA, {2}});
  keeper.set_tunnel(kHostA, tunnel);
  keeper.set_tunnel(kHostB, tunnel);
  return keeper.snapshot();
}

}  // namespace rsip::gateway
