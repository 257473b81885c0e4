#include "common/packet/encapsulation.h"

#include <algorithm>

#include "common/base/bytes.h"
#include "common/packet/checksum.h"
#include "common/packet/offload.h"

namespace rsip::packet {
namespace {

// GRE: bits 0-15, numbered from the highest (RFC 2784 section 2.1, RFC 2890 section 2).
constexpr std::uint16_t kGreChecksum = 0x8000;
constexpr std::uint16_t kGreKey = 0x2000;
constexpr std::uint16_t kGreSequence = 0x1000;
/// Routing, strict source route, recursion: bits 1, 4 and 5, which only RFC 1701 knows. Version.
constexpr std::uint16_t kGreRefused = 0x4000 | 0x0800 | 0x0400 | 0x0007;
constexpr std::size_t kGreChecksumAt = 4;
constexpr std::uint16_t kEtherIpv4 = 0x0800;
constexpr std::uint16_t kRightSum = 0xFFFF;

// L2TP (RFC 2661 section 3.1).
constexpr std::uint16_t kL2tpControl = 0x8000;
constexpr std::uint16_t kL2tpLength = 0x4000;
constexpr std::uint16_t kL2tpSequence = 0x0800;
constexpr std::uint16_t kL2tpOffset = 0x0200;
constexpr std::uint16_t kL2tpVersionMask = 0x000F;
constexpr std::uint16_t kL2tpVersion = 2;

// PPP in HDLC-like framing (RFC 1662 section 3.1), and LCP (RFC 1661 section 5.8).
constexpr std::uint8_t kPppAddress = 0xFF;
constexpr std::uint8_t kPppControl = 0x03;
constexpr std::uint8_t kEchoRequest = 9;
constexpr std::uint8_t kEchoReply = 10;
constexpr std::size_t kEchoBytes = 8;  ///< Code, identifier, length, magic number.

// Linux leaves this checksum, or that of the packet inside, to the network card; the other one is
// made for the complete result. Virtual cards never complete anything, and receive offload undoes
// it: then there is nothing to compare with.
bool checksum_holds(std::span<const std::uint8_t> bytes, std::span<std::uint8_t> packet) {
  if (load_u16(&bytes[kGreChecksumAt]) == 0 || sum(bytes) == kRightSum) return true;
  const auto inner = Ipv4Packet::parse(packet);
  return inner && has_partial_checksum(*inner);
}

/// The message up to what its length field says, if it has one.
std::optional<std::span<std::uint8_t>> within_length(std::span<std::uint8_t> datagram) {
  if (datagram.size() < 4 || (load_u16(datagram.data()) & kL2tpLength) == 0) return datagram;
  const std::size_t length = load_u16(&datagram[2]);
  if (length > datagram.size()) return std::nullopt;
  return datagram.first(length);
}

/// Reads the PPP header.
std::uint16_t ppp_protocol(ByteReader& reader) {
  std::uint8_t byte = reader.u8();
  if (byte == kPppAddress) {
    if (reader.u8() != kPppControl) return 0;
    byte = reader.u8();
  }
  // The last byte of a protocol number is odd, the one before is even (RFC 1661 section 2).
  if (byte % 2 == 1) return byte;
  return static_cast<std::uint16_t>(byte << 8 | reader.u8());
}

}  // namespace

const char* to_string(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::kIpIp:
      return "ip-ip";
    case Encapsulation::kGre:
      return "gre";
    case Encapsulation::kL2tp:
      return "l2tp";
  }
  return "unknown";
}

EncapsulationHeader::EncapsulationHeader(Encapsulation encapsulation, const TunnelIds& ids) {
  const auto write = [this](std::uint16_t word) {
    store_u16(&bytes_[size_], word);
    size_ += 2;
  };
  if (encapsulation == Encapsulation::kGre) {
    write(0);
    write(kEtherIpv4);
  } else if (encapsulation == Encapsulation::kL2tp) {
    write(kL2tpVersion);
    write(ids.tunnel);
    write(ids.session);
    write(kPppAddress << 8 | kPppControl);
    write(kPppIpv4);
  }
}

std::optional<std::span<std::uint8_t>> unwrap_gre(std::span<std::uint8_t> bytes) {
  ByteReader reader(bytes);
  const std::uint16_t flags = reader.u16();
  const std::uint16_t protocol = reader.u16();
  if ((flags & kGreRefused) != 0 || protocol != kEtherIpv4) return std::nullopt;
  for (const std::uint16_t present : {kGreChecksum, kGreKey, kGreSequence}) {
    if ((flags & present) != 0) reader.u32();
  }
  if (!reader.ok()) return std::nullopt;
  const auto packet = bytes.subspan(reader.offset());
  if ((flags & kGreChecksum) != 0 && !checksum_holds(bytes, packet)) return std::nullopt;
  return packet;
}

std::optional<std::span<std::uint8_t>> unwrap_raw(Encapsulation encapsulation,
                                                  std::span<std::uint8_t> payload) {
  return encapsulation == Encapsulation::kGre ? unwrap_gre(payload) : std::optional(payload);
}

std::optional<PppFrame> unwrap_l2tp(std::span<std::uint8_t> datagram) {
  const auto message = within_length(datagram);
  if (!message) return std::nullopt;
  ByteReader reader(*message);
  const std::uint16_t flags = reader.u16();
  if ((flags & kL2tpControl) != 0 || (flags & kL2tpVersionMask) != kL2tpVersion) {
    return std::nullopt;
  }
  if ((flags & kL2tpLength) != 0) reader.u16();
  PppFrame frame;
  frame.ids = {.tunnel = reader.u16(), .session = reader.u16()};
  if ((flags & kL2tpSequence) != 0) reader.u32();
  if ((flags & kL2tpOffset) != 0) reader.bytes(reader.u16());
  frame.protocol = ppp_protocol(reader);
  if (!reader.ok()) return std::nullopt;
  frame.payload = message->subspan(reader.offset());
  return frame;
}

std::optional<LcpEcho> read_echo(const PppFrame& frame) {
  if (frame.protocol != kPppLcp || frame.payload.size() < kEchoBytes) return std::nullopt;
  const std::uint8_t code = frame.payload[0];
  const std::size_t length = load_u16(&frame.payload[2]);
  if (code != kEchoRequest && code != kEchoReply) return std::nullopt;
  if (length < kEchoBytes || length > frame.payload.size()) return std::nullopt;
  return LcpEcho{code == kEchoReply, frame.payload[1]};
}

std::array<std::uint8_t, kL2tpEchoBytes> l2tp_echo(const TunnelIds& ids, const LcpEcho& echo) {
  std::array<std::uint8_t, kL2tpEchoBytes> bytes{};
  const EncapsulationHeader header(Encapsulation::kL2tp, ids);
  std::ranges::copy(header.bytes(), bytes.begin());
  std::uint8_t* const lcp = &bytes[EncapsulationHeader::kMaxBytes];
  store_u16(lcp - 2, kPppLcp);
  lcp[0] = echo.reply ? kEchoReply : kEchoRequest;
  lcp[1] = echo.id;
  store_u16(lcp + 2, kEchoBytes);  // the magic number stays 0: none was negotiated
  return bytes;
}

}  // namespace rsip::packet
