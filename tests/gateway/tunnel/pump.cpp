#include "tests/gateway/tunnel/pump.h"

#include <algorithm>
#include <poll.h>
#include <sys/eventfd.h>

#include "common/packet/congestion.h"
#include "common/packet/transport_header.h"
#include "tests/gateway/tunnel/boot_time.h"

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

}  // namespace

Pump::Pump(TunDevice tun, HostSocket hosts, std::uint16_t mtu, PumpEvents events)
    : tun_(std::move(tun)),
      hosts_(std::move(hosts)),
      mtu_(mtu),
      events_(std::move(events)),
      to_public_(mtu),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { run(); }) {}

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
}

void Pump::run() {
  pollfd ready[3] = {{tun_.fd(), POLLIN, 0}, {hosts_.fd(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  while (!stopping_) {
    poll(ready, 3, kIdleMs);
    now_ = boot_time();
    take_newer_table();
    from_public_.expire(now_);
    from_hosts_.expire(now_);
    if ((ready[0].revents & POLLERR) != 0) return events_.device_gone();
    if (ready[0].revents != 0) read_public();
    if (ready[1].revents != 0) read_hosts();
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

void Pump::deliver(const Ipv4Packet& packet, const Offload& offload) {
  const PublicVerdict verdict = judge_from_public(*table_, echoes_, packet, now_);
  switch (verdict.kind) {
    case PublicVerdict::Kind::kToHost:
      return to_host(packet, offload, verdict.host);
    case PublicVerdict::Kind::kAnswer:
      make_echo_reply(packet);
      counters_.add(Counter::kPingsAnswered);
      return write_public(packet.bytes());
    case PublicVerdict::Kind::kDrop:
      return counters_.add(verdict.counter);
  }
}

void Pump::to_host(const Ipv4Packet& packet, const Offload& offload, Ipv4Address host) {
  if (refuse_too_big(packet, offload)) return;
  auto cut = packet::Segmenter::start(packet, offload);
  if (!cut) return counters_.add(Counter::kMalformed);
  for (bool done = false; !done;) {
    if (to_hosts_.full()) flush_to_hosts();
    const std::size_t before = to_hosts_.packets().size();
    done = cut->fill(to_hosts_);
    std::fill(&destinations_[before], destinations_.data() + to_hosts_.packets().size(), host);
  }
}

// The kernel says so itself, for what it routes into the TUN: the TUN has the tunnel's MTU. Left to
// us are datagrams that came in fragments and carry DF all the same.
bool Pump::refuse_too_big(const Ipv4Packet& packet, const Offload& offload) {
  if (!packet.dont_fragment() || wire_bytes(packet, offload) <= mtu_) return false;
  counters_.add(Counter::kTooBig);
  if (!too_big_limit_.allow(now_)) return true;
  const auto error = too_big_error(packet, mtu_);
  if (error.empty()) return true;
  counters_.add(Counter::kTooBigTold);
  write_public(error);
  return true;
}

void Pump::flush_to_hosts() {
  const auto packets = to_hosts_.packets();
  if (packets.empty()) return;
  const auto sent = hosts_.send(packets, std::span(destinations_).first(packets.size()));
  counters_.add(Counter::kToHosts, sent.packets);
  counters_.add(Counter::kToHostsBytes, sent.bytes);
  counters_.add(Counter::kSendFailed, packets.size() - sent.packets);
  to_hosts_.clear();
}

void Pump::read_hosts() {
  for (const std::span<std::uint8_t> bytes : hosts_.receive()) from_host(bytes);
  flush_to_public();
  reassembled_.clear();
}

void Pump::from_host(std::span<std::uint8_t> bytes) {
  const auto outer = Ipv4Packet::parse(bytes);
  const auto inner = outer ? Ipv4Packet::parse(outer->payload()) : std::nullopt;
  if (!inner) return counters_.add(Counter::kMalformed);
  const auto tos = packet::decapsulated_tos(outer->tos(), inner->tos());
  if (!tos) return counters_.add(Counter::kEcnNotCapable);
  if (*tos != inner->tos()) inner->set_tos(*tos);
  const Ipv4Address host = outer->source();
  if (!inner->is_fragment()) return verify(host, *inner);
  if (!table_->is_registered(host)) return counters_.add(Counter::kHostNotRegistered);
  if (const auto whole = reassemble(from_hosts_, host, *inner)) verify(host, *whole);
}

void Pump::verify(Ipv4Address host, const Ipv4Packet& inner) {
  const HostVerdict verdict = judge_from_host(*table_, echoes_, host, inner, now_);
  if (!verdict.pass) return report(host, verdict);
  counters_.add(Counter::kFromHosts);
  counters_.add(Counter::kFromHostsBytes, inner.bytes().size());
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
