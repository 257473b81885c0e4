#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "agent/datapath/counters.h"
#include "agent/datapath/inbound.h"
#include "agent/datapath/outbound.h"
#include "agent/datapath/port_translator.h"
#include "agent/datapath/use_report.h"

namespace rsip::agent {

/// Everything the pump does, without its thread and without waiting: each call does a bounded
/// amount of work with what is there.
///
/// thread   one at a time, but stats() and binding_use() from any
class PacketPath {
 public:
  /// ports_wanted, ike_held, traffic   see DatapathEvents
  PacketPath(TunDevice& tun, UnderlaySocket& socket,
             std::function<void(std::vector<RemoteScope>)> ports_wanted,
             std::function<void(IkeHold)> ike_held = {}, std::shared_ptr<TrafficBook> traffic = {});
  ~PacketPath();
  PacketPath(const PacketPath&) = delete;
  PacketPath& operator=(const PacketPath&) = delete;

  /// Goes by a new table; held packets are tried again.
  void use(std::shared_ptr<const FlowTable> table, TimePoint now);
  /// See Datapath::release().
  void release(std::uint64_t hold, bool send, TimePoint now) { outbound_.release(hold, send, now); }
  /// Reads a batch from the TUN and sends it.
  ///
  /// returns  false if there was nothing
  bool pump_out(TimePoint now);
  /// Receives a batch from the tunnel and writes it. Same result.
  bool pump_in(TimePoint now);
  /// Ends flows whose time is up, tries held packets again, keeps the tunnel's path alive.
  void tidy(TimePoint now);

  /// See FlowMap::list().
  bool list(FlowListing& listing, TimePoint now) const { return translator_.list(listing, now); }

  /// How long tidy() can wait if no packet comes; nothing: for ever.
  [[nodiscard]] std::optional<Duration> patience() const;
  [[nodiscard]] DatapathStats stats() const { return counters_.read(); }
  /// See Datapath::use().
  [[nodiscard]] std::vector<BindingUse> binding_use(TimePoint now) const {
    return use_report_.read(now);
  }

 private:
  void count_ports();
  void report_use(TimePoint now);
  void tell_traffic();
  void keep_alive(TimePoint now);

  TunDevice& tun_;
  UnderlaySocket& socket_;
  Counters counters_;
  PortTranslator translator_;
  Outbound outbound_;
  Inbound inbound_;
  std::shared_ptr<const FlowTable> table_;
  std::uint64_t refused_ = 0;  ///< What the socket had refused when it was looked at last.
  bool more_to_expire_ = false;
  UseReport use_report_;
  std::shared_ptr<TrafficBook> traffic_;  ///< May be null.
  TimePoint next_report_;
  bool report_is_old_ = false;
  TimePoint next_keep_alive_;
  std::optional<Duration> until_keep_alive_;
};

}  // namespace rsip::agent
