#include "tests/gateway/tunnel/reassembler.h"

#include <algorithm>
#include <iterator>

namespace rsip::gateway {
namespace {

constexpr std::size_t kMaxDatagram = 65535;
/// What a part costs beside its bytes: a flood of tiny fragments has to count as well.
constexpr std::size_t kPartOverhead = 128;

}  // namespace

std::size_t Reassembler::KeyHash::operator()(const Key& key) const noexcept {
  std::uint64_t mixed = key.sender.value;
  for (const std::uint32_t part : {key.source.value, key.destination.value, key.protocol_and_id}) {
    mixed = (mixed ^ part) * 0x9E3779B97F4A7C15U;
    mixed ^= mixed >> 32;
  }
  return mixed;
}

std::optional<std::vector<std::uint8_t>> Reassembler::add(Ipv4Address sender,
                                                          const packet::Ipv4Packet& fragment,
                                                          TimePoint now) {
  expire(now);
  const Key key{sender, fragment.source(), fragment.destination(),
                std::uint32_t{fragment.protocol()} << 16 | fragment.id()};
  const Place place = find_or_start(key, now);
  const std::size_t before = cost(*place);
  if (!insert(*place, fragment)) {
    give_up(place);
    return std::nullopt;
  }
  charge(place, before);
  if (!place->header.empty() && place->total == place->bytes) {
    auto whole = assemble(*place);
    erase(place);
    return whole;
  }
  while (exceeds_bytes(sender)) give_up(victim(sender, 1));
  return std::nullopt;
}

void Reassembler::expire(TimePoint now) {
  while (!datagrams_.empty() && datagrams_.front().since + limits_.timeout <= now) {
    give_up(datagrams_.begin());
  }
}

Reassembler::Place Reassembler::find_or_start(const Key& key, TimePoint now) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) return known->second;
  const auto known = senders_.find(key.sender);
  const bool sender_full =
      known != senders_.end() && known->second.datagrams.size() >= limits_.sender_datagrams;
  if (sender_full || datagrams_.size() >= limits_.datagrams) give_up(victim(key.sender, 0));
  const Place place = datagrams_.insert(datagrams_.end(), Datagram{key, now, {}, {}, 0, {}});
  by_key_.emplace(key, place);
  senders_[key.sender].datagrams.push_back(place);
  return place;
}

std::size_t Reassembler::cost(const Datagram& datagram) {
  return datagram.bytes + datagram.parts.size() * kPartOverhead;
}

void Reassembler::charge(Place place, std::size_t cost_before) {
  const std::size_t more = cost(*place) - cost_before;
  bytes_ += more;
  senders_[place->key.sender].bytes += more;
}

bool Reassembler::exceeds_bytes(Ipv4Address sender) const {
  const auto known = senders_.find(sender);
  return bytes_ > limits_.bytes ||
         (known != senders_.end() && known->second.bytes > limits_.sender_bytes);
}

Reassembler::Place Reassembler::victim(Ipv4Address sender, std::size_t spared) {
  const auto known = senders_.find(sender);
  const bool pays = known != senders_.end() && (known->second.datagrams.size() > spared ||
                                                known->second.bytes > limits_.sender_bytes);
  return pays ? known->second.datagrams.front() : datagrams_.begin();
}

// Fragments that overlap are an attack or a broken network, never a retransmission with the same
// id: the whole datagram goes, as in RFC 5722. An exact copy of a fragment is harmless.
bool Reassembler::insert(Datagram& datagram, const packet::Ipv4Packet& fragment) {
  const std::size_t offset = fragment.fragment_offset();
  const auto data = fragment.payload();
  const std::size_t end = offset + data.size();
  if (data.empty() || (fragment.more_fragments() && data.size() % 8 != 0)) return false;
  if (end + fragment.header_bytes() > kMaxDatagram) return false;
  const auto after = datagram.parts.lower_bound(offset);
  if (after != datagram.parts.end() && after->first == offset) {
    return after->second.size() == data.size();
  }
  if (after != datagram.parts.end() && after->first < end) return false;
  if (after != datagram.parts.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second.size() > offset) return false;
  }
  if (datagram.total && end > *datagram.total) return false;
  if (!fragment.more_fragments()) {
    if (datagram.total || after != datagram.parts.end()) return false;
    datagram.total = end;
  }
  if (offset == 0) {
    const auto header = fragment.bytes().first(fragment.header_bytes());
    datagram.header.assign(header.begin(), header.end());
  }
  datagram.parts.emplace_hint(after, offset, std::vector<std::uint8_t>(data.begin(), data.end()));
  datagram.bytes += data.size();
  return true;
}

std::vector<std::uint8_t> Reassembler::assemble(const Datagram& datagram) {
  std::vector<std::uint8_t> whole = datagram.header;
  if (whole.size() + datagram.bytes > kMaxDatagram) return {};
  whole.reserve(whole.size() + datagram.bytes);
  for (const auto& [offset, data] : datagram.parts) {
    whole.insert(whole.end(), data.begin(), data.end());
  }
  packet::store_u16(&whole[2], static_cast<std::uint16_t>(whole.size()));
  packet::store_u16(&whole[6], packet::load_u16(&whole[6]) & 0x4000);  // "don't fragment" stays
  if (const auto packet = packet::Ipv4Packet::parse(whole)) packet->write_header_checksum();
  return whole;
}

void Reassembler::give_up(Place place) {
  ++lost_;
  erase(place);
}

void Reassembler::erase(Place place) {
  const auto sender = senders_.find(place->key.sender);
  bytes_ -= cost(*place);
  sender->second.bytes -= cost(*place);
  std::erase(sender->second.datagrams, place);
  if (sender->second.datagrams.empty()) senders_.erase(sender);
  by_key_.erase(place->key);
  datagrams_.erase(place);
}

}  // namespace rsip::gateway
