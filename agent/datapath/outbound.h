#pragma once

#include <functional>

#include "agent/datapath/counters.h"
#include "agent/datapath/hold_queue.h"
#include "agent/datapath/ike_hold.h"
#include "agent/datapath/port_translator.h"
#include "agent/datapath/ports_caller.h"
#include "agent/datapath/refusals.h"
#include "agent/platform/tun_device.h"
#include "agent/platform/underlay_socket.h"
#include "common/packet/segmenter.h"

namespace rsip::agent {

/// The way of packets from the host's stack to the gateway, in this order:
///
///  1. check      IPv4, lengths fit, a kind of offload that was asked for
///  2. hold IKE   if it announces an SPI, until that is leased
///  3. translate  source leased, a leased port instead of the application's: one header write per
///                super-packet
///  4. hold       if no lease serves it and one can be had; if not, tell the application
///  5. cut        super-packet into wire packets with complete checksums
///  6. send       a batch at a time
class Outbound {
 public:
  Outbound(PortTranslator& translator, TunDevice& tun, UnderlaySocket& socket, Counters& counters,
           std::function<void(std::vector<RemoteScope>)> ports_wanted,
           std::function<void(IkeHold)> ike_held);

  /// There is a new table: what waits is tried again.
  void use(const FlowTable& table, TimePoint now);
  /// See Datapath::release().
  void release(std::uint64_t hold, bool send_it, TimePoint now);

  void forward(std::span<const TunRead> packets, TimePoint now);
  /// Tries the held packets again if that was not done for kRetryHeldEvery: a flow may have ended.
  void tidy(TimePoint now);
  [[nodiscard]] bool holding() const { return !held_.empty() || !ike_.empty(); }

  static constexpr Duration kRetryHeldEvery = std::chrono::seconds(1);

 private:
  /// What a packet has behind it.
  struct Past {
    TimePoint since;
    bool ike_released = false;
  };
  /// returns  true if it has left
  bool forward(std::span<std::uint8_t> bytes, const packet::Offload& offload, const Past& past,
               TimePoint now);
  [[nodiscard]] bool hold_ike(const packet::Ipv4Packet& packet, const packet::Offload& offload,
                              TimePoint now);
  void send(IkeHolds::Message& message, TimePoint now);
  void cut(const packet::Ipv4Packet& packet, const packet::Offload& offload);
  void count(HeldBinding* payer, std::span<const packet::WirePacket> packets);
  void hold(HeldPacket packet, TimePoint now);
  void give_up(const packet::Ipv4Packet& packet, DropReason reason, TimePoint now);
  void give_up(HeldPacket& packet, TimePoint now);
  /// Tries the held packets again, in order.
  void retry_held(TimePoint now);
  void flush();

  PortTranslator& translator_;
  UnderlaySocket& socket_;
  Counters& counters_;
  PortsCaller caller_;
  Refusals refusals_;
  TimePoint next_retry_;
  HoldQueue held_;
  IkeHolds ike_;
  bool holds_ike_ = false;
  packet::WireBatch batch_;
};

}  // namespace rsip::agent
