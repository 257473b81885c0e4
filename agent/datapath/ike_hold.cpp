#include "agent/datapath/ike_hold.h"

#include <algorithm>
#include <span>
#include <utility>

#include "common/packet/transport_header.h"

namespace rsip::agent {
namespace {

using packet::Ipv4Packet;
using packet::Protocol;

// The IKE header, in bytes from its start (RFC 2408 section 3.1, RFC 7296 section 3.1).
constexpr std::size_t kHeaderBytes = 28;
constexpr std::size_t kNextPayloadAt = 16;
constexpr std::size_t kVersionAt = 17;
constexpr std::size_t kExchangeAt = 18;
constexpr std::size_t kMessageIdAt = 20;
constexpr std::size_t kLengthAt = 24;
constexpr std::size_t kFragmentAt = kHeaderBytes + 4;  // after the payload's generic header

constexpr std::uint8_t kQuickMode = 32;
constexpr std::uint8_t kIkeAuth = 35;
constexpr std::uint8_t kCreateChildSa = 36;
constexpr std::uint8_t kFragmentIkev2 = 53;   // RFC 7383
constexpr std::uint8_t kFragmentIkev1 = 132;  // of Cisco, and of all others since

constexpr std::size_t kMarkerBytes = 4;  // RFC 3948 section 2.2

/// The IKE message that is the payload of a UDP packet; empty if there is none. Its length is
/// compared with UDP's, so that nothing else is taken for it.
std::span<const std::uint8_t> ike_message(const Ipv4Packet& packet) {
  const std::span<const std::uint8_t> udp = packet.payload();
  if (!packet.is(Protocol::kUdp) || udp.size() < packet::kUdpHeaderBytes + kMarkerBytes) return {};
  std::size_t before = packet::kUdpHeaderBytes;
  if (packet::load_u32(&udp[before]) == 0) before += kMarkerBytes;
  if (udp.size() < before + kHeaderBytes) return {};
  const auto message = udp.subspan(before);
  const std::size_t length = packet::load_u16(&udp[packet::kUdpLengthAt]);
  return packet::load_u32(&message[kLengthAt]) + before == length ? message
                                                                  : std::span<const std::uint8_t>{};
}

bool is_exchange_with_spi(std::uint8_t version, std::uint8_t exchange) {
  if (version >> 4 == 1) return exchange == kQuickMode;
  return version >> 4 == 2 && (exchange == kIkeAuth || exchange == kCreateChildSa);
}

std::uint32_t fragment_of(std::span<const std::uint8_t> message) {
  const std::uint8_t first = message[kNextPayloadAt];
  if (first != kFragmentIkev2 && first != kFragmentIkev1) return 0;
  return message.size() < kFragmentAt + 4 ? 0 : packet::load_u32(&message[kFragmentAt]);
}

bool are_of_one_packet(const Ipv4Packet& a, const Ipv4Packet& b) {
  return a.source() == b.source() && a.destination() == b.destination() && a.id() == b.id() &&
         a.protocol() == b.protocol();
}

IkeHolds::Piece copy_of(const Ipv4Packet& packet, const packet::Offload& offload) {
  return {offload, {packet.bytes().begin(), packet.bytes().end()}};
}

}  // namespace

std::optional<IkeMessageKey> announces_spi(const Ipv4Packet& packet) {
  const auto message = ike_message(packet);
  if (message.empty()) return std::nullopt;
  if (!is_exchange_with_spi(message[kVersionAt], message[kExchangeAt])) return std::nullopt;
  IkeMessageKey key{packet.source(), packet.destination()};
  std::copy_n(message.begin(), key.cookies.size(), key.cookies.begin());
  key.message_id = packet::load_u32(&message[kMessageIdAt]);
  key.fragment = fragment_of(message);
  return key;
}

// Super-packets of UDP (segmentation offload) are never IKE.
bool IkeHolds::take(const Ipv4Packet& packet, const packet::Offload& offload, TimePoint now) {
  if (offload.segmentation != packet::Segmentation::kNone) return false;
  if (packet.fragment_offset() != 0) return take_later_fragment(packet, offload);
  const auto key = announces_spi(packet);
  if (!key) return false;
  const auto known = std::ranges::find(messages_, *key, &Message::key);
  if (known != messages_.end()) {
    known->pieces = {copy_of(packet, offload)};
    return true;
  }
  // What waits stays, so that there are never more questions than messages.
  if (messages_.size() >= kMost) {
    ++lost_;
    return true;
  }
  messages_.push_back({++last_id_, *key, {copy_of(packet, offload)}, now});
  if (ike_held_) ike_held_({last_id_, key->local, key->remote});
  return true;
}

bool IkeHolds::take_later_fragment(const Ipv4Packet& packet, const packet::Offload& offload) {
  const auto known = std::ranges::find_if(messages_, [&packet](Message& message) {
    const auto first = Ipv4Packet::parse(message.pieces.front().bytes);
    return first->more_fragments() && are_of_one_packet(*first, packet);
  });
  if (known == messages_.end() || known->pieces.size() >= kPieces) return false;
  known->pieces.push_back(copy_of(packet, offload));
  return true;
}

std::size_t IkeHolds::take_lost() {
  return std::exchange(lost_, 0);
}

std::optional<IkeHolds::Message> IkeHolds::release(std::uint64_t id) {
  const auto at = std::ranges::find(messages_, id, &Message::id);
  if (at == messages_.end()) return std::nullopt;
  Message message = std::move(*at);
  messages_.erase(at);
  return message;
}

std::deque<IkeHolds::Message> IkeHolds::release_all() {
  return std::exchange(messages_, {});
}

std::size_t IkeHolds::expire(TimePoint now) {
  std::size_t expired = 0;
  for (; !messages_.empty() && messages_.front().since + kPatience <= now; ++expired) {
    messages_.pop_front();
  }
  return expired;
}

}  // namespace rsip::agent
