#include "tests/gateway/tunnel/pump.h"

#include <algorithm>
#include <poll.h>
#include <sys/eventfd.h>

#include "common/packet/congestion.h"
#include "common/packet/transport_header.h"
#include "tests/gateway/tunnel/boot_time.h"
#include "tests/gateway/tunnel/tunnel_type.h"

namespace rsip::gateway {
namespace {

using packet::Ipv4Packet;
using packet::Offload;

constexpr int kIdleMs = 1000;  // fragments that wait too long are given up then
constexpr std::size_t kMaxTold = 4096;
constexpr Duration kTellAgain = std::chrono::seconds(1);

/// Bytes of the largest wire packet that this packet or super-packet becomes.
std::size_t wire_bytes(const Ipv4Packet& packet, const Offload& offload) {
  if (offload.segmentation == packet::Segmentation::kNone) return packet.bytes().size();
  const std::size_t transport = packet.is(packet::Protocol::kUdp)
                                    ? packet::kUdpHeaderBytes
                                    : packet::tcp_header_bytes(packet).value_or(0);
  return packet.header_bytes() + transport + offload.segment_bytes;
}

/// MTU of the tunnel of these that has the largest.
std::uint16_t largest_mtu(std::span<const HostSocket> sockets, std::uint16_t underlay_mtu) {
  std::uint16_t largest = 0;
  for (const HostSocket& socket : sockets) {
    const auto kind = socket.encapsulation();
    largest = std::max(largest, tunnel_mtu(underlay_mtu, {&kind, 1}));
  }
  return largest;
}

// The table is read by others at the same time; only this thread adds.
void count(std::atomic<std::uint64_t>& sum, std::uint64_t amount) {
  sum.fetch_add(amount, std::memory_order_relaxed);
}

}  // namespace

Pump::Pump(TunDevice tun, std::vector<HostSocket> hosts, std::uint16_t underlay_mtu,
           PumpEvents events, IkeSettings ike)
    : tun_(std::move(tun)),
      events_(std::move(events)),
      memory_{{}, {}, IkeTable(ike)},
      to_public_(largest_mtu(hosts, underlay_mtu)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (HostSocket& socket : hosts) {
    const auto kind = socket.encapsulation();
    outlets_.at(static_cast<std::size_t>(kind)) =
        std::make_unique<Outlet>(std::move(socket), tunnel_mtu(underlay_mtu, {&kind, 1}));
  }
  thread_ = std::thread([this] { run(); });
}

Pump::~Pump() {
  stopping_ = true;
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void Pump::publish(std::shared_ptr<const DemuxTable> table) {
  const std::lock_guard lock(mutex_);
  published_ = std::move(table);
  ++generation_;
}

void Pump::take_newer_table() {
  if (generation_.load(std::memory_order_acquire) == generation_taken_) return;
  const std::lock_guard lock(mutex_);
  table_ = published_;
  generation_taken_ = generation_;
  l2tp_peers_.forget_others_than(*table_);
  memory_.ike.forget_others_than(*table_);
}

void Pump::run() {
  std::array<pollfd, 2 + kTunnelKinds> ready{{{tun_.fd(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  for (std::size_t i = 0; i < kTunnelKinds; ++i) {  // poll(2) passes over descriptor -1
    ready[2 + i] = {outlets_[i] == nullptr ? -1 : outlets_[i]->socket.fd(), POLLIN, 0};
  }
  while (!stopping_) {
    poll(ready.data(), ready.size(), kIdleMs);
    now_ = boot_time();
    take_newer_table();
    from_public_.expire(now_);
    from_hosts_.expire(now_);
    memory_.ike.expire(now_);
    if ((ready[0].revents & POLLERR) != 0) return events_.device_gone();
    if (ready[0].revents != 0) read_public();
    for (std::size_t i = 0; i < kTunnelKinds; ++i) {
      if (ready[2 + i].revents != 0) read_hosts(*outlets_[i]);
    }
    count_lost_fragments();
  }
}

void Pump::read_public() {
  for (std::size_t i = 0; i < kReadBatch; ++i) {
    const std::span buffer(&buffers_[i * kBufferBytes], kBufferBytes);
    const TunDevice::Received received = tun_.read(buffer);
    if (received.bytes == 0) break;
    if (received.offload) {
      from_public(buffer.first(received.bytes), *received.offload);
    } else {
      counters_.add(Counter::kNotIpv4);
    }
  }
  flush_to_hosts();
  reassembled_.clear();
}

void Pump::from_public(std::span<std::uint8_t> bytes, const Offload& offload) {
  const auto packet = Ipv4Packet::parse(bytes);
  if (!packet) return counters_.add(bytes[0] >> 4 == 4 ? Counter::kMalformed : Counter::kNotIpv4);
  if (!packet->is_fragment()) return deliver(*packet, offload);
  if (const auto whole = reassemble(from_public_, packet->source(), *packet)) deliver(*whole, {});
}

void Pump::deliver_segments(const Ipv4Packet& packet, const Offload& offload) {
  auto cut = packet::Segmenter::start(packet, offload);
  if (!cut) return counters_.add(Counter::kMalformed);
  for (bool done = false; !done;) {
    segments_.clear();
    done = cut->fill(segments_);
    for (const packet::WirePacket& segment : segments_.packets()) {
      auto& bytes = reassembled_.emplace_back(segment.header.begin(), segment.header.end());
      bytes.insert(bytes.end(), segment.payload.begin(), segment.payload.end());
      if (const auto whole = Ipv4Packet::parse(bytes)) deliver(*whole, {});
    }
  }
}

void Pump::deliver(const Ipv4Packet& packet, const Offload& offload) {
  const bool several = offload.segmentation != packet::Segmentation::kNone;
  if (several && may_be_for_several(*table_, packet)) return deliver_segments(packet, offload);
  const PublicVerdict verdict = judge_from_public(*table_, memory_, packet, now_);
  switch (verdict.kind) {
    case PublicVerdict::Kind::kToHost:
      return to_host(packet, offload, *verdict.owner);
    case PublicVerdict::Kind::kAnswer:
      make_echo_reply(packet);
      counters_.add(Counter::kPingsAnswered);
      return write_public(packet.bytes());
    case PublicVerdict::Kind::kDrop:
      return counters_.add(verdict.counter);
  }
}

void Pump::to_host(const Ipv4Packet& packet, const Offload& offload, const Owner& owner) {
  const DemuxTable::Host* const host = table_->host(owner.host);
  if (host == nullptr) return counters_.add(Counter::kNoOwner);
  const auto kind = encapsulation_of(host->tunnel);
  const auto& outlet = outlets_.at(static_cast<std::size_t>(kind));
  auto peer = std::optional(TunnelPeer{host->address});
  if (kind == packet::Encapsulation::kL2tp) peer = l2tp_peers_.find(*host);
  if (outlet == nullptr || !peer) return counters_.add(Counter::kNoPeer);
  if (refuse_too_big(packet, offload, outlet->mtu)) return;
  auto cut = packet::Segmenter::start(packet, offload);
  if (!cut) return counters_.add(Counter::kMalformed);
  queue(*outlet, *cut, *peer, owner);
}

void Pump::queue(Outlet& outlet, packet::Segmenter& cut, const TunnelPeer& peer,
                 const Owner& owner) {
  for (bool done = false; !done;) {
    if (outlet.packets.full()) flush(outlet);
    const std::size_t before = outlet.packets.packets().size();
    done = cut.fill(outlet.packets);
    const auto added = outlet.packets.packets().subspan(before);
    std::fill_n(&outlet.peers[before], added.size(), peer);
    if (owner.usage == nullptr) continue;
    count(owner.usage->to_host_packets, added.size());
    for (const auto& packet : added) count(owner.usage->to_host_bytes, packet.size());
  }
}

// The kernel says so itself, for what it routes into the TUN: the TUN has the MTU of the smallest
// tunnel. Left to us are datagrams that came in fragments and carry DF all the same.
bool Pump::refuse_too_big(const Ipv4Packet& packet, const Offload& offload, std::uint16_t mtu) {
  if (!packet.dont_fragment() || wire_bytes(packet, offload) <= mtu) return false;
  counters_.add(Counter::kTooBig);
  if (!too_big_limit_.allow(now_)) return true;
  const auto error = too_big_error(packet, mtu);
  if (error.empty()) return true;
  counters_.add(Counter::kTooBigTold);
  write_public(error);
  return true;
}

void Pump::flush(Outlet& outlet) {
  const auto packets = outlet.packets.packets();
  if (packets.empty()) return;
  const auto sent = outlet.socket.send(packets, std::span(outlet.peers).first(packets.size()));
  counters_.add(Counter::kToHosts, sent.packets);
  counters_.add(Counter::kToHostsBytes, sent.bytes);
  counters_.add(Counter::kSendFailed, packets.size() - sent.packets);
  outlet.packets.clear();
}

void Pump::flush_to_hosts() {
  for (const auto& outlet : outlets_) {
    if (outlet != nullptr) flush(*outlet);
  }
}

void Pump::read_hosts(Outlet& outlet) {
  for (const HostSocket::Received& received : outlet.socket.receive()) {
    const TunnelSource from{received.source, outlet.socket.encapsulation()};
    if (const auto bytes = unwrap(outlet, received)) from_host(from, received.tos, *bytes);
  }
  flush_to_public();
  reassembled_.clear();
}

std::optional<std::span<std::uint8_t>> Pump::unwrap(Outlet& outlet,
                                                    const HostSocket::Received& received) {
  const auto kind = outlet.socket.encapsulation();
  if (kind == packet::Encapsulation::kL2tp) return unwrap_l2tp(outlet, received);
  const auto bytes = packet::unwrap_raw(kind, received.payload);
  if (!bytes) counters_.add(Counter::kMalformed);
  return bytes;
}

// Whoever is not registered gets to know, whatever its packet says: it may have been, before a
// restart of the gateway.
std::optional<std::span<std::uint8_t>> Pump::unwrap_l2tp(Outlet& outlet,
                                                         const HostSocket::Received& received) {
  const auto frame = packet::unwrap_l2tp(received.payload);
  const auto refuse = [this](Counter why) {
    counters_.add(why);
    return std::nullopt;
  };
  if (!frame) return refuse(Counter::kMalformed);
  if (!table_->is_registered(received.source)) {
    report(received.source,
           {nullptr, Counter::kHostNotRegistered, msg::ErrorCode::kLocalAddrUnallowed});
    return std::nullopt;
  }
  const TunnelPeer peer{received.source, received.port, frame->ids};
  if (l2tp_peers_.recognise(*table_, peer, now_) == nullptr) return refuse(Counter::kTunnelId);
  if (frame->protocol == packet::kPppIpv4) return frame->payload;
  answer_keep_alive(outlet, *frame, peer);
  return std::nullopt;
}

void Pump::answer_keep_alive(Outlet& outlet, const packet::PppFrame& frame,
                             const TunnelPeer& peer) {
  const auto echo = packet::read_echo(frame);
  if (!echo || echo->reply) return counters_.add(Counter::kMalformed);
  outlet.socket.send_as_is(packet::l2tp_echo(peer.ids, {.reply = true, .id = echo->id}), peer);
  counters_.add(Counter::kKeepAlives);
}

void Pump::from_host(const TunnelSource& from, std::uint8_t outer_tos,
                     std::span<std::uint8_t> bytes) {
  const auto inner = Ipv4Packet::parse(bytes);
  if (!inner) return counters_.add(Counter::kMalformed);
  const auto tos = packet::decapsulated_tos(outer_tos, inner->tos());
  if (!tos) return counters_.add(Counter::kEcnNotCapable);
  if (*tos != inner->tos()) inner->set_tos(*tos);
  if (!inner->is_fragment()) return verify(from, *inner);
  if (!table_->is_registered(from.host)) return counters_.add(Counter::kHostNotRegistered);
  if (const auto whole = reassemble(from_hosts_, from.host, *inner)) verify(from, *whole);
}

void Pump::verify(const TunnelSource& from, const Ipv4Packet& inner) {
  const HostVerdict verdict = judge_from_host(*table_, memory_, from, inner, now_);
  if (verdict.owner == nullptr) return report(from.host, verdict);
  counters_.add(Counter::kFromHosts);
  counters_.add(Counter::kFromHostsBytes, inner.bytes().size());
  if (verdict.owner->usage != nullptr) {
    count(verdict.owner->usage->from_host_packets, 1);
    count(verdict.owner->usage->from_host_bytes, inner.bytes().size());
  }
  to_public_.add(inner);
}

void Pump::report(Ipv4Address host, const HostVerdict& verdict) {
  counters_.add(verdict.counter);
  if (!verdict.tell) return;
  if (told_.size() >= kMaxTold && !told_.contains(host)) told_.clear();
  const auto [known, fresh] = told_.try_emplace(host, now_);
  if (!fresh && now_ - known->second < kTellAgain) return;
  if (!misuse_limit_.allow(now_)) return;
  known->second = now_;
  events_.misuse(host, *verdict.tell);
}

void Pump::flush_to_public() {
  if (to_public_.empty()) return;
  for (const packet::TunPacket& packet : to_public_.finish()) {
    if (!tun_.write(packet)) counters_.add(Counter::kWriteFailed);
  }
  to_public_.clear();
}

void Pump::write_public(std::span<const std::uint8_t> packet) {
  if (!tun_.write(packet)) counters_.add(Counter::kWriteFailed);
}

std::optional<Ipv4Packet> Pump::reassemble(Reassembler& fragments, Ipv4Address sender,
                                           const Ipv4Packet& fragment) {
  auto whole = fragments.add(sender, fragment, now_);
  if (!whole) return std::nullopt;
  counters_.add(Counter::kReassembled);
  return Ipv4Packet::parse(reassembled_.emplace_back(std::move(*whole)));
}

void Pump::count_lost_fragments() {
  const std::uint64_t lost = from_public_.lost() + from_hosts_.lost();
  counters_.add(Counter::kFragmentsLost, lost - lost_counted_);
  lost_counted_ = lost;
}

}  // namespace rsip::gateway
