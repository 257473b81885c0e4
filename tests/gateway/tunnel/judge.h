#pragma once

#include <optional>

#include "common/base/ipv4.h"
#include "common/base/time.h"
#include "common/packet/encapsulation.h"
#include "common/packet/ipv4_packet.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/tunnel/counters.h"
#include "tests/gateway/tunnel/echo_table.h"
#include "tests/gateway/tunnel/esp_table.h"
#include "tests/gateway/tunnel/ike_table.h"

/// What becomes of a packet. Packets are whole: fragments have been put together before.
namespace rsip::gateway {

/// What has to be remembered of packets to tell whose others are.
struct TunnelMemory {
  EchoTable echoes;
  EspTable esp;
  IkeTable ike;
};

/// Of a packet from the public side.
struct PublicVerdict {
  enum class Kind { kToHost, kAnswer, kDrop };

  Kind kind = Kind::kDrop;
  const Owner* owner = nullptr;         ///< kToHost: whose it is; valid as long as the table.
  Counter counter = Counter::kNoOwner;  ///< kDrop: why.
};

/// Finds the bind that a packet from the public side is for, by the fields that its protocol
/// offers (RFC 3102 sections 3.2 and 6.2), and drops it if the bind is not for where it comes from
/// (RFC 3103 section 7.2). ICMP requests to our addresses are answered here.
///
/// On shared addresses ESP and AH are told apart by SPI, and IKE on ports 500 and 4500 that nobody
/// has leased by its cookie (RFC 3104 sections 4 and 5). Segments that the kernel has put together
/// have to be taken apart before, see may_be_for_several().
PublicVerdict judge_from_public(const DemuxTable& table, TunnelMemory& memory,
                                const packet::Ipv4Packet& packet, TimePoint now);

/// Datagrams of the same two ports may be for different hosts: a super-packet has to be judged in
/// pieces.
bool may_be_for_several(const DemuxTable& table, const packet::Ipv4Packet& from_public);

/// The tunnel that a packet came out of.
struct TunnelSource {
  Ipv4Address host;
  packet::Encapsulation encapsulation = packet::Encapsulation::kIpIp;
};

/// Of a packet out of a host's tunnel.
struct HostVerdict {
  const Owner* owner = nullptr;           ///< Whose bind lets it pass; nullptr if none does.
  Counter counter = Counter::kMalformed;  ///< Why not.
  std::optional<msg::ErrorCode> tell;     ///< What the host did wrong (RFC 3103 section 10.4).
};

/// Lets a packet pass if its source is leased to the host whose tunnel it came out of, the tunnel
/// is of the kind agreed, and the bind is for where it goes. Learns ICMP requests, IKE cookies and
/// the SPIs of peers, so that their answers can be told apart.
HostVerdict judge_from_host(const DemuxTable& table, TunnelMemory& memory, const TunnelSource& from,
                            const packet::Ipv4Packet& packet, TimePoint now);

}  // namespace rsip::gateway
