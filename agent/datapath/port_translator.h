#pragma once

#include "agent/datapath/flow_map.h"
#include "agent/datapath/forwarder.h"
#include "agent/datapath/fragment_table.h"
#include "agent/datapath/ipsec_filter.h"
#include "common/packet/icmp.h"
#include "common/packet/ipv4_packet.h"
#include "common/packet/offload.h"

namespace rsip::agent {

/// Carries the decisions of a FlowMap out on packets: checks them, replaces ports and keeps every
/// checksum right. Packets that already use a leased port of their own are not touched, nor are
/// those of IPsec, and none at all with FlowTable::forward.
class PortTranslator {
 public:
  /// Goes by a new table.
  void use(const FlowTable& table, TimePoint now);
  /// Ends flows whose time is up: a bounded number of them. True if there may be more.
  bool expire(TimePoint now) { return flows_.expire(now); }
  [[nodiscard]] std::size_t ports_in_use() const { return flows_.ports_in_use(); }
  [[nodiscard]] std::size_t ports_high_water() const { return flows_.ports_high_water(); }
  bool list(FlowListing& listing, TimePoint now) const { return flows_.list(listing, now); }
  [[nodiscard]] bool idle() const { return flows_.flows() == 0; }
  [[nodiscard]] const BindingSet& bindings() const { return flows_.bindings(); }

  /// What the packet that may pass last counts to; null: nothing.
  [[nodiscard]] HeldBinding* payer(Ipv4Address address) { return flows_.bindings().payer(address); }
  void tell_traffic(TrafficBook& book) { flows_.bindings().tell_traffic(book); }

  /// Application's port to leased port.
  ///
  /// offload   what the packet still needs
  Translated outbound(const packet::Ipv4Packet& packet, const packet::Offload& offload,
                      TimePoint now);
  /// Leased port to application's port.
  Translated inbound(const packet::Ipv4Packet& packet, TimePoint now);

 private:
  using Packet = packet::Ipv4Packet;
  using Offload = packet::Offload;

  [[nodiscard]] Translated refused_outbound(DropReason reason, const FlowKey& flow) const;
  Translated judge_outbound(const Packet& packet, const Offload& offload, TimePoint now);
  Translated judge_inbound(const Packet& packet, TimePoint now);
  [[nodiscard]] Translated later_outbound(const Packet& packet, TimePoint now);
  [[nodiscard]] Translated later_inbound(const Packet& packet, TimePoint now);
  Translated translate_outbound(const Packet& packet, const Offload& offload, TimePoint now);
  Translated ports_outbound(const Packet& packet, const Offload& offload, TimePoint now);
  Translated icmp_outbound(const Packet& packet, TimePoint now);
  Translated query_outbound(const Packet& packet, TimePoint now);
  Translated error_outbound(const Packet& packet, TimePoint now);
  Translated portless_error_outbound(const Packet& packet, TimePoint now);
  Translated other_outbound(const Packet& packet, TimePoint now);

  Translated translate_inbound(const Packet& packet, TimePoint now);
  Translated ports_inbound(const Packet& packet, TimePoint now);
  Translated icmp_inbound(const Packet& packet, TimePoint now);
  Translated reply_inbound(const Packet& packet, TimePoint now);
  Translated error_inbound(const Packet& packet, TimePoint now);
  Translated portless_error_inbound(const Packet& packet, TimePoint now);
  Translated other_inbound(const Packet& packet, TimePoint now);

  FlowMap flows_;
  Forwarder forwarder_{flows_.bindings()};
  IpsecFilter ipsec_{flows_.bindings()};
  bool forward_ = false;
  FragmentTable sent_fragments_;
  FragmentTable received_fragments_;
};

}  // namespace rsip::agent
