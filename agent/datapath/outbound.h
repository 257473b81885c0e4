#pragma once

#include <functional>

#include "agent/datapath/counters.h"
#include "agent/datapath/hold_queue.h"
#include "agent/datapath/port_translator.h"
#include "agent/platform/tun_device.h"
#include "agent/platform/underlay_socket.h"
#include "common/packet/segmenter.h"

namespace rsip::agent {

/// The way of packets from the host's stack to the gateway, in this order:
///
///  1. check      IPv4, lengths fit, a kind of offload that was asked for
///  2. translate  source leased, a leased port instead of the application's: one header write per
///                super-packet
///  3. hold       if no leased port is free and more can be had
///  4. cut        super-packet into wire packets with complete checksums
///  5. send       a batch at a time
class Outbound {
 public:
  Outbound(PortTranslator& translator, UnderlaySocket& socket, Counters& counters,
           std::function<void(std::vector<RemoteScope>)> ports_wanted);

  /// There is a new table: what waits is tried again, and may call for ports at once.
  ///
  /// may_grow   the gateway can be asked for more ports
  void leases_changed(bool may_grow, TimePoint now);

  void forward(std::span<const TunRead> packets, TimePoint now);
  /// Tries the held packets again if that was not done for kRetryHeldEvery: a flow may have ended.
  void tidy(TimePoint now);
  [[nodiscard]] bool holding() const { return !held_.empty(); }

  static constexpr Duration kRetryHeldEvery = std::chrono::seconds(1);

 private:
  void forward(std::span<std::uint8_t> bytes, const packet::Offload& offload, TimePoint since,
               TimePoint now);
  void cut(const packet::Ipv4Packet& packet, const packet::Offload& offload);
  void hold(HeldPacket packet, TimePoint now);
  /// Tries the held packets again, in order.
  void retry_held(TimePoint now);
  void flush();

  PortTranslator& translator_;
  UnderlaySocket& socket_;
  Counters& counters_;
  std::function<void(std::vector<RemoteScope>)> ports_wanted_;
  bool may_grow_ = false;
  TimePoint next_call_for_ports_;
  TimePoint next_retry_;
  HoldQueue held_;
  packet::WireBatch batch_;
};

}  // namespace rsip::agent
