#pragma once

#include <optional>

#include "agent/datapath/binding_set.h"
#include "agent/datapath/fragment_table.h"
#include "common/packet/ipv4_packet.h"

namespace rsip::agent {

/// Judges packets of IPsec (RFC 3104 section 5). What has no ports is told apart by its SPI: the
/// one thing in it that is leased. Nothing is rewritten, no flow is kept.
///
/// Packets are whole or first fragments.
class IpsecFilter {
 public:
  explicit IpsecFilter(const BindingSet& bindings) : bindings_(bindings) {}

  void use(const FlowTable& table) { ike_on_500_ = table.ike_on_500; }

  /// ESP, AH and IKE that leave as they are; errors about such packets. False: not for IPsec to
  /// judge.
  [[nodiscard]] bool passes_out(const packet::Ipv4Packet& packet) const;
  /// The same for what comes in. Nothing: not for IPsec to judge.
  ///
  /// errors   kSpiNotLeased, kMalformed as refusal
  [[nodiscard]] std::optional<Translated> inbound(const packet::Ipv4Packet& packet) const;

 private:
  [[nodiscard]] bool is_ike(Ipv4Address local, Ipv4Address remote, std::uint16_t port) const;
  [[nodiscard]] bool was_sent(const packet::Ipv4Packet& packet) const;
  [[nodiscard]] bool was_received(const packet::Ipv4Packet& packet) const;
  [[nodiscard]] Translated judge_spi(const packet::Ipv4Packet& packet) const;

  const BindingSet& bindings_;
  bool ike_on_500_ = false;
};

}  // namespace rsip::agent
