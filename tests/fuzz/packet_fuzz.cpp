#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/packet/checksum.h"
#include "common/packet/coalescer.h"
#include "common/packet/icmp.h"
#include "common/packet/ipv4_packet.h"
#include "common/packet/offload.h"
#include "common/packet/segmenter.h"
#include "common/packet/transport_header.h"
#include "tests/fuzz/require.h"

// Packets as they come out of a tunnel or a TUN device, and all that is done to them on the way: no
// read or write past their end, checksums that were right stay right, no byte lost. The input is a
// virtio_net_hdr for the first packet, then packets one behind the other.
namespace {

using rsip::fuzz::require;
using namespace rsip::packet;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint16_t kNewPort = 40000;
constexpr std::size_t kMtu = 1480;

bool transport_sum_is_right(const Ipv4Packet& packet) {
  return sum(packet.payload(), pseudo_header_sum(packet)) == 0xFFFF;
}
bool icmp_sum_is_right(const Ipv4Packet& packet) {
  return sum(packet.payload()) == 0xFFFF;
}

void check_ports(Bytes bytes) {
  const auto packet = Ipv4Packet::parse(bytes);
  if (!packet || !packet->has_ports()) return;
  const bool right = transport_sum_is_right(*packet);
  // One right checksum in 65,536 looks like a partial one; then it stays one, for TUN to complete.
  const bool partial = has_partial_checksum(*packet);
  rewrite_port(*packet, PortField::kSource, kNewPort, partial);
  require(packet->source_port() == kNewPort, "the port is the new one");
  const bool none = packet->is(Protocol::kUdp) && load_u16(&packet->payload()[6]) == 0;
  const std::size_t sum_ends_at = packet->is(Protocol::kTcp) ? kTcpChecksumAt + 2 : kUdpHeaderBytes;
  const bool whole = !packet->is_fragment() && packet->payload().size() >= sum_ends_at;
  if (partial) return require(has_partial_checksum(*packet), "a partial sum stays partial");
  if (right && whole && !none) require(transport_sum_is_right(*packet), "a right sum stays right");
}

void check_error(const Ipv4Packet& error) {
  const auto quoted = quoted_packet(error);
  if (!quoted) return;
  const bool right = icmp_sum_is_right(error);
  rewrite_quoted_port(error, *quoted, PortField::kSource, kNewPort);
  const std::uint16_t port = quoted->is(Protocol::kIcmp) ? icmp_id(*quoted) : quoted->source_port();
  require(port == kNewPort, "the quoted port is the new one");
  if (right) require(icmp_sum_is_right(error), "an error's right sum stays right");
}

void check_icmp(Bytes bytes) {
  const auto packet = Ipv4Packet::parse(bytes);
  if (!packet || !packet->is(Protocol::kIcmp) || packet->fragment_offset() != 0) return;
  const IcmpKind kind = icmp_kind(*packet);
  if (kind == IcmpKind::kError) return check_error(*packet);
  if (kind == IcmpKind::kOther) return;
  const bool right = icmp_sum_is_right(*packet);
  rewrite_icmp_id(*packet, kNewPort);
  require(icmp_id(*packet) == kNewPort, "the identifier is the new one");
  if (right) require(icmp_sum_is_right(*packet), "a query's right sum stays right");
}

/// Bytes of the batch, headers of cut packets not counted.
std::size_t payload_bytes(const WireBatch& batch) {
  std::size_t bytes = 0;
  for (const WirePacket& packet : batch.packets()) {
    require(packet.size() >= kIpv4HeaderBytes, "a wire packet has a header");
    bytes += packet.payload.size();
  }
  return bytes;
}

void check_segmenter(Bytes bytes, const Offload& offload) {
  static WireBatch batch;
  const auto packet = Ipv4Packet::parse(bytes);
  auto cut = packet ? Segmenter::start(*packet, offload) : std::nullopt;
  if (!cut) return;
  std::size_t written = 0;
  for (bool done = false; !done;) {
    batch.clear();
    done = cut->fill(batch);
    require(done || batch.full(), "a batch is left when it is full or all is done");
    written += payload_bytes(batch);
  }
  require(written <= packet->bytes().size(), "no byte is sent twice");
  require(written + WireBatch::kMaxHeaderBytes >= packet->bytes().size(), "no byte is lost");
}

/// The packets that stand in these bytes, up to the first that is none or as many as a batch has.
std::vector<Ipv4Packet> packets_in(Bytes& bytes) {
  std::vector<Ipv4Packet> found;
  std::span<std::uint8_t> rest(bytes);
  while (found.size() < Coalescer::kCapacity) {
    const auto packet = Ipv4Packet::parse(rest);
    if (!packet) break;
    found.push_back(*packet);
    rest = rest.subspan(packet->bytes().size());
  }
  return found;
}

void check_coalescer(Bytes bytes) {
  static Coalescer coalescer(kMtu);
  const auto packets = packets_in(bytes);
  std::size_t taken = 0;
  for (const Ipv4Packet& packet : packets) {
    taken += packet.bytes().size();
    coalescer.add(packet);
  }
  std::size_t given = 0;
  for (const TunPacket& packet : coalescer.finish()) {
    std::size_t size = 0;
    for (const auto piece : packet.pieces) size += piece.size();
    require(load_u16(&packet.pieces.front()[2]) == size, "a header says how long its packet is");
    given += size;
  }
  require(given <= taken && (packets.empty() || given > 0), "nothing is made up, not all is lost");
  coalescer.clear();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kVirtioNetHeaderBytes) return 0;
  const auto offload = load_offload(
      std::span<const std::uint8_t, kVirtioNetHeaderBytes>(data, kVirtioNetHeaderBytes));
  const Bytes bytes(data + kVirtioNetHeaderBytes, data + size);
  check_ports(bytes);
  check_icmp(bytes);
  check_coalescer(bytes);
  if (offload) check_segmenter(bytes, *offload);
  return 0;
}
