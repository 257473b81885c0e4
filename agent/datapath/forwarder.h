#pragma once

#include "agent/datapath/binding_set.h"
#include "agent/datapath/fragment_table.h"
#include "common/packet/ipv4_packet.h"

namespace rsip::agent {

/// Judges packets of other hosts, to which this host hands its leases on (RFC 3102 section 4.2.1):
/// what uses a leased tuple passes as it is, in both directions and whoever began. Identifiers of
/// ICMP queries are not looked at: a port lease covers them all.
class Forwarder {
 public:
  explicit Forwarder(BindingSet& bindings) : bindings_(bindings) {}

  /// A packet with its own L4 header, or a first fragment.
  ///
  /// errors   kMalformed, kSourceNotLeased, kProtocolNotLeased as refusal
  Translated outbound(const packet::Ipv4Packet& packet, TimePoint now);
  /// Same; errors kMalformed, kNoLease.
  Translated inbound(const packet::Ipv4Packet& packet, TimePoint now);
  /// True if even fragments without ports can be judged: the whole address is leased for the
  /// remote.
  [[nodiscard]] bool is_whole(Ipv4Address local, Ipv4Address remote);

 private:
  struct Sides;
  Translated judge(const packet::Ipv4Packet& packet, const Sides& sides, TimePoint now);
  Translated judge_icmp(const packet::Ipv4Packet& packet, const Sides& sides, TimePoint now);
  Translated judge_error(const packet::Ipv4Packet& error, const Sides& sides, TimePoint now);
  bool is_leased(const FlowKey& flow, TimePoint now);

  BindingSet& bindings_;
};

}  // namespace rsip::agent
