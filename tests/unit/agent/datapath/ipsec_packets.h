#pragma once

#include "common/packet/ipv4_packet.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::fakes {

inline constexpr std::uint8_t kEspProtocol = 50;
inline constexpr std::uint8_t kAhProtocol = 51;

/// ESP or AH with this SPI and some bytes after it.
inline Bytes ipsec_packet(std::uint8_t protocol, Ipv4Address from, Ipv4Address to,
                          std::uint32_t spi, std::size_t bytes = 64) {
  Bytes packet = udp_packet({from, 0}, {to, 0}, pattern(bytes));
  packet[9] = protocol;
  packet::store_u32(&packet[packet::kIpv4HeaderBytes + (protocol == kAhProtocol ? 4 : 0)], spi);
  packet::Ipv4Packet::parse(packet)->write_header_checksum();
  return packet;
}

inline Bytes esp_packet(Ipv4Address from, Ipv4Address to, std::uint32_t spi,
                        std::size_t bytes = 64) {
  return ipsec_packet(kEspProtocol, from, to, spi, bytes);
}

struct IkeHeader {
  std::uint8_t version = 0x20;
  std::uint8_t exchange = 35;
  std::uint32_t message_id = 1;
  std::uint8_t next_payload = 46;
  std::uint32_t fragment = 0;  ///< After the header of the first payload.
  bool marker = false;
};

inline Bytes ike_packet(const Endpoint& from, const Endpoint& to, const IkeHeader& ike,
                        std::size_t bytes = 100) {
  Bytes message = pattern(bytes);
  message[0] = 0x11;
  message[16] = ike.next_payload;
  message[17] = ike.version;
  message[18] = ike.exchange;
  packet::store_u32(&message[20], ike.message_id);
  packet::store_u32(&message[24], static_cast<std::uint32_t>(bytes));
  packet::store_u32(&message[32], ike.fragment);
  if (ike.marker) message.insert(message.begin(), 4, 0);
  return udp_packet(from, to, message);
}

/// SPIs 0x1000-0x1007 of 203.0.113.10, ports 5000-5031 beside them.
inline agent::FlowTable leased_spis(const RemoteScope& remote = {}, std::uint64_t generation = 1) {
  agent::FlowTable table = leased_ports({{5000, 32}}, false, generation);
  agent::Binding binding{BindId{2}, ip("203.0.113.10"), false, {}, remote};
  binding.spis = {{0x1000, 8}};
  table.bindings.push_back(binding);
  return table;
}

}  // namespace rsip::fakes
