#include "tests/gateway/tunnel/answers.h"

#include "common/packet/checksum.h"
#include "common/packet/icmp.h"

namespace rsip::gateway {
namespace {

constexpr std::uint8_t kOwnTtl = 64;
constexpr std::uint16_t kEchoRequestWord = 0x0800;  // type and code
constexpr std::uint16_t kEchoReplyWord = 0x0000;

}  // namespace

void make_echo_reply(const packet::Ipv4Packet& request) {
  const auto header = request.bytes();
  const Ipv4Address source = request.source();
  packet::store_u32(&header[12], request.destination().value);
  packet::store_u32(&header[16], source.value);
  header[8] = kOwnTtl;
  request.write_header_checksum();
  const auto icmp = request.payload();
  packet::store_u16(&icmp[0], kEchoReplyWord);
  packet::store_u16(&icmp[2],
                    packet::update(packet::load_u16(&icmp[2]), kEchoRequestWord, kEchoReplyWord));
}

std::vector<std::uint8_t> too_big_error(const packet::Ipv4Packet& packet, std::uint16_t mtu) {
  return packet::unreachable_error(packet, packet::Unreachable::kTooBig, mtu);
}

}  // namespace rsip::gateway
