#include "agent/datapath/outbound.h"

#include <utility>

namespace rsip::agent {
namespace {

bool is_ipv4(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && bytes[0] >> 4 == 4;
}

}  // namespace

Outbound::Outbound(PortTranslator& translator, TunDevice& tun, UnderlaySocket& socket,
                   Counters& counters, std::function<void(std::vector<RemoteScope>)> ports_wanted)
    : translator_(translator),
      socket_(socket),
      counters_(counters),
      caller_(std::move(ports_wanted)),
      refusals_(tun) {}

void Outbound::forward(std::span<const TunRead> packets, TimePoint now) {
  for (const TunRead& read : packets) {
    if (read.offload) {
      forward(read.bytes, *read.offload, now, now);
    } else {
      counters_.drop(is_ipv4(read.bytes) ? DropReason::kMalformed : DropReason::kNotIpv4);
    }
  }
  flush();
  caller_.call();
}

bool Outbound::forward(std::span<std::uint8_t> bytes, const packet::Offload& offload,
                       TimePoint since, TimePoint now) {
  const auto packet = packet::Ipv4Packet::parse(bytes);
  if (!packet) {
    counters_.drop(is_ipv4(bytes) ? DropReason::kMalformed : DropReason::kNotIpv4);
    return false;
  }
  const Translated outcome = translator_.outbound(*packet, offload.partial_checksum, now);
  if (!outcome.refused) {
    cut(*packet, offload);
    return true;
  }
  const BindingSet& bindings = translator_.bindings();
  const bool may_be_served =
      bindings.may_grow(outcome.socket.local, outcome.wanted) || bindings.suspended();
  if (*outcome.refused == DropReason::kNoFreePort && may_be_served) {
    hold({outcome.socket, outcome.wanted, offload, {bytes.begin(), bytes.end()}, since}, now);
  } else {
    give_up(*packet, *outcome.refused, now);
  }
  return false;
}

void Outbound::give_up(const packet::Ipv4Packet& packet, DropReason reason, TimePoint now) {
  counters_.drop(reason);
  if (reason == DropReason::kNoFreePort || reason == DropReason::kRemoteRefused) {
    refusals_.tell(packet, now);
  }
}

void Outbound::cut(const packet::Ipv4Packet& packet, const packet::Offload& offload) {
  auto segmenter = packet::Segmenter::start(packet, offload);
  if (!segmenter) return counters_.drop(DropReason::kMalformed);
  while (!segmenter->fill(batch_)) flush();
}

// While leases are asked for again they come by themselves, or there will be another table.
void Outbound::hold(HeldPacket packet, TimePoint now) {
  if (held_.empty()) next_retry_ = now + kRetryHeldEvery;
  if (!translator_.bindings().suspended()) caller_.want(packet.wanted, now);
  counters_.drop(DropReason::kHoldQueueFull, held_.add(std::move(packet)));
}

void Outbound::leases_changed(TimePoint now) {
  retry_held(now);
}

void Outbound::retry_held(TimePoint now) {
  auto packets = held_.take_all();  // what is sent refers to their bytes until flush()
  for (HeldPacket& packet : packets) {
    if (HoldQueue::is_too_old(packet, now)) {
      give_up(packet, now);
    } else if (forward(packet.bytes, packet.offload, packet.since, now)) {
      caller_.served(packet.wanted);
    }
  }
  flush();
  caller_.call();
}

void Outbound::give_up(HeldPacket& packet, TimePoint now) {
  if (translator_.bindings().suspended()) return counters_.drop(DropReason::kNoFreePort);
  if (const auto view = packet::Ipv4Packet::parse(packet.bytes)) {
    give_up(*view, DropReason::kNoFreePort, now);
  }
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
