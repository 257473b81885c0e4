#pragma once

#include "agent/datapath/counters.h"
#include "agent/datapath/port_translator.h"
#include "agent/platform/tun_device.h"
#include "agent/platform/underlay_socket.h"
#include "common/packet/coalescer.h"

namespace rsip::agent {

/// The way of packets from the gateway to the host's stack, in this order:
///
///  1. check      IPv4, lengths fit; the socket has taken off the outer header
///  2. congestion what routers said in the outer header goes into the inner one (RFC 6040)
///  3. translate  a flow that began here, the application's port instead of the leased one
///  4. merge      consecutive TCP segments into super-packets
///  5. write      a batch at a time
class Inbound {
 public:
  Inbound(PortTranslator& translator, TunDevice& tun, Counters& counters);

  /// Must be called when the device's MTU may have changed.
  void use_mtu_of_device() { coalescer_.set_mtu(tun_.mtu()); }
  void forward(std::span<const TunnelPacket> packets, TimePoint now);

 private:
  void forward(const TunnelPacket& received, TimePoint now);
  void flush();
  void write(const packet::TunPacket& merged);

  PortTranslator& translator_;
  TunDevice& tun_;
  Counters& counters_;
  packet::Coalescer coalescer_;
};

}  // namespace rsip::agent
