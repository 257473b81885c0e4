#include "tests/gateway/tunnel/answers.h"

#include <algorithm>

#include <tins/icmp.h>
#include <tins/ip.h>
#include <tins/rawpdu.h>

#include "common/packet/checksum.h"
#include "common/packet/icmp.h"

namespace rsip::gateway {
namespace {

constexpr std::uint8_t kOwnTtl = 64;
constexpr std::uint16_t kEchoRequestWord = 0x0800;  // type and code
constexpr std::uint16_t kEchoReplyWord = 0x0000;
constexpr std::size_t kQuotedBytes = 548;  // 576 bytes in all, RFC 1812 section 4.3.2.3

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
  const bool error_itself = packet.is(packet::Protocol::kIcmp) &&
                            packet::icmp_kind(packet) != packet::IcmpKind::kRequest &&
                            packet::icmp_kind(packet) != packet::IcmpKind::kReply;
  if (error_itself || !packet.source().is_usable_source()) return {};
  const auto quoted = packet.bytes().first(std::min(packet.bytes().size(), kQuotedBytes));
  Tins::IP error(Tins::IPv4Address(packet.source().to_string()),
                 Tins::IPv4Address(packet.destination().to_string()));
  error.ttl(kOwnTtl);
  Tins::ICMP icmp(Tins::ICMP::DEST_UNREACHABLE);
  icmp.code(4);
  icmp.mtu(mtu);
  error /= icmp / Tins::RawPDU(quoted.data(), static_cast<std::uint32_t>(quoted.size()));
  return error.serialize();
}

bool RateLimit::allow(TimePoint now) {
  if (now >= refill_at_) {
    left_ = per_second_;
    refill_at_ = now + std::chrono::seconds(1);
  }
  if (left_ == 0) return false;
  --left_;
  return true;
}

}  // namespace rsip::gateway
