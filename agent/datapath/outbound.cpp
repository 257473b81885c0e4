#include "agent/datapath/outbound.h"

#include <utility>

namespace rsip::agent {
namespace {

constexpr Duration kPortsWantedSpacing = std::chrono::seconds(1);

bool is_ipv4(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && bytes[0] >> 4 == 4;
}

}  // namespace

Outbound::Outbound(PortTranslator& translator, UnderlaySocket& socket, Counters& counters,
                   std::function<void(std::vector<RemoteScope>)> ports_wanted)
    : translator_(translator),
      socket_(socket),
      counters_(counters),
      ports_wanted_(std::move(ports_wanted)) {}

void Outbound::forward(std::span<const TunRead> packets, TimePoint now) {
  for (const TunRead& read : packets) {
    if (read.offload) {
      forward(read.bytes, *read.offload, now, now);
    } else {
      counters_.drop(is_ipv4(read.bytes) ? DropReason::kMalformed : DropReason::kNotIpv4);
    }
  }
  flush();
}

void Outbound::forward(std::span<std::uint8_t> bytes, const packet::Offload& offload,
                       TimePoint since, TimePoint now) {
  if (!is_ipv4(bytes)) return counters_.drop(DropReason::kNotIpv4);
  const auto packet = packet::Ipv4Packet::parse(bytes);
  if (!packet) return counters_.drop(DropReason::kMalformed);

  const Translated outcome = translator_.outbound(*packet, offload.partial_checksum, now);
  if (!outcome.refused) return cut(*packet, offload);
  if (*outcome.refused == DropReason::kNoFreePort && may_grow_) {
    return hold({outcome.socket, offload, {bytes.begin(), bytes.end()}, since}, now);
  }
  counters_.drop(*outcome.refused);
}

void Outbound::cut(const packet::Ipv4Packet& packet, const packet::Offload& offload) {
  auto segmenter = packet::Segmenter::start(packet, offload);
  if (!segmenter) return counters_.drop(DropReason::kMalformed);
  while (!segmenter->fill(batch_)) flush();
}

void Outbound::hold(HeldPacket packet, TimePoint now) {
  if (held_.empty()) next_retry_ = now + kRetryHeldEvery;
  counters_.drop(DropReason::kHoldQueueFull, held_.add(std::move(packet)));
  if (now < next_call_for_ports_ || !ports_wanted_) return;
  next_call_for_ports_ = now + kPortsWantedSpacing;
  ports_wanted_({RemoteScope{}});
}

void Outbound::leases_changed(bool may_grow, TimePoint now) {
  may_grow_ = may_grow;
  next_call_for_ports_ = now;
  retry_held(now);
}

void Outbound::retry_held(TimePoint now) {
  if (held_.empty()) return;
  std::size_t too_old = 0;
  auto packets = held_.take_all(now, too_old);
  counters_.drop(DropReason::kNoFreePort, too_old);
  for (HeldPacket& packet : packets) forward(packet.bytes, packet.offload, packet.since, now);
  flush();
}

void Outbound::tidy(TimePoint now) {
  if (now >= next_retry_) retry_held(now);
}

void Outbound::flush() {
  const auto packets = batch_.packets();
  if (packets.empty()) return;
  const Sent sent = socket_.send(packets);
  counters_.sent_packets.add(sent.packets);
  counters_.sent_bytes.add(sent.bytes);
  counters_.drop(DropReason::kSendFailed, packets.size() - sent.packets);
  batch_.clear();
}

}  // namespace rsip::agent
