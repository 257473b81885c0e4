#include "agent/datapath/outbound.h"

#include <utility>

namespace rsip::agent {
namespace {

bool is_ipv4(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && bytes[0] >> 4 == 4;
}

}  // namespace

Outbound::Outbound(PortTranslator& translator, TunDevice& tun, UnderlaySocket& socket,
                   Counters& counters, std::function<void(std::vector<RemoteScope>)> ports_wanted,
                   std::function<void(IkeHold)> ike_held)
    : translator_(translator),
      socket_(socket),
      counters_(counters),
      caller_(std::move(ports_wanted)),
      refusals_(tun),
      ike_(std::move(ike_held)) {}

void Outbound::forward(std::span<const TunRead> packets, TimePoint now) {
  for (const TunRead& read : packets) {
    if (read.offload) {
      forward(read.bytes, *read.offload, {now}, now);
    } else {
      counters_.drop(is_ipv4(read.bytes) ? DropReason::kMalformed : DropReason::kNotIpv4);
    }
  }
  flush();
  caller_.call();
}

bool Outbound::forward(std::span<std::uint8_t> bytes, const packet::Offload& offload,
                       const Past& past, TimePoint now) {
  const auto packet = packet::Ipv4Packet::parse(bytes);
  if (!packet) {
    counters_.drop(is_ipv4(bytes) ? DropReason::kMalformed : DropReason::kNotIpv4);
    return false;
  }
  if (!past.ike_released && hold_ike(*packet, offload, now)) return false;
  const Translated outcome = translator_.outbound(*packet, offload, now);
  if (!outcome.refused) {
    cut(*packet, offload);
    return true;
  }
  const BindingSet& bindings = translator_.bindings();
  const bool may_be_served =
      bindings.may_grow(outcome.socket.local, outcome.wanted) || bindings.suspended();
  if (*outcome.refused == DropReason::kNoFreePort && may_be_served) {
    hold({outcome.socket,
          outcome.wanted,
          offload,
          {bytes.begin(), bytes.end()},
          past.since,
          past.ike_released},
         now);
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
  HeldBinding* const payer = translator_.payer(packet.source());
  for (bool done = false; !done;) {
    const std::size_t before = batch_.packets().size();
    done = segmenter->fill(batch_);
    count(payer, batch_.packets().subspan(before));
    if (!done) flush();
  }
}

// Before they are sent: which ones the socket refuses, one batch for all leases does not say.
void Outbound::count(HeldBinding* payer, std::span<const packet::WirePacket> packets) {
  if (payer == nullptr) return;
  payer->traffic.sent_packets += packets.size();
  for (const packet::WirePacket& packet : packets) payer->traffic.sent_bytes += packet.size();
}

// While leases are asked for again they come by themselves, or there will be another table.
void Outbound::hold(HeldPacket packet, TimePoint now) {
  if (held_.empty()) next_retry_ = now + kRetryHeldEvery;
  if (!translator_.bindings().suspended()) caller_.want(packet.wanted, now);
  counters_.drop(DropReason::kHoldQueueFull, held_.add(std::move(packet)));
}

void Outbound::use(const FlowTable& table, TimePoint now) {
  holds_ike_ = table.hold_ike;
  if (!holds_ike_) {
    auto released = ike_.release_all();
    for (IkeHolds::Message& message : released) send(message, now);
    flush();
  }
  retry_held(now);
}

// With RSA-IP every SPI is this host's own already.
bool Outbound::hold_ike(const packet::Ipv4Packet& packet, const packet::Offload& offload,
                        TimePoint now) {
  const BindingSet& bindings = translator_.bindings();
  const Ipv4Address local = packet.source();
  if (!holds_ike_ || !bindings.has_spis(local) || bindings.has_all_ports(local)) return false;
  counters_.drop(DropReason::kIkeNotReleased, ike_.expire(now));
  const bool held = ike_.take(packet, offload, now);
  counters_.drop(DropReason::kHoldQueueFull, ike_.take_lost());
  return held;
}

void Outbound::release(std::uint64_t hold, bool send_it, TimePoint now) {
  auto message = ike_.release(hold);
  if (!message) return;
  if (!send_it) return counters_.drop(DropReason::kIkeNotReleased, message->pieces.size());
  send(*message, now);
  flush();  // what is sent refers to the message until then
  caller_.call();
}

void Outbound::send(IkeHolds::Message& message, TimePoint now) {
  for (IkeHolds::Piece& piece : message.pieces) {
    forward(piece.bytes, piece.offload, {now, true}, now);
  }
}

void Outbound::retry_held(TimePoint now) {
  auto packets = held_.take_all();  // what is sent refers to their bytes until flush()
  for (HeldPacket& packet : packets) {
    if (HoldQueue::is_too_old(packet, now)) {
      give_up(packet, now);
    } else if (forward(packet.bytes, packet.offload, {packet.since, packet.ike_released}, now)) {
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
  counters_.drop(DropReason::kIkeNotReleased, ike_.expire(now));
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
