#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"

namespace rsip::agent {

/// What one lease lets the data path do.
struct Binding {
  BindId bind;
  Ipv4Address local;             ///< The leased public address.
  bool all_ports = false;        ///< RSA-IP: every port of the address is the host's own.
  std::vector<PortRange> ports;  ///< RSAP-IP: sorted; empty with all_ports.
  bool operator==(const Binding&) const = default;
};

/// Everything the data path has to know, as one immutable value. The control side publishes a new
/// one on every change; a consumer swaps it whole. User space pump and kernel fast path both live
/// from it.
struct FlowTable {
  std::uint64_t generation = 0;   ///< Rises by one with each publication.
  Ipv4Address endpoint;           ///< The tunnel's far end.
  std::vector<Binding> bindings;  ///< Empty: nothing may be sent.
  bool may_grow = false;          ///< Another port block can be asked for (ports_wanted).
};

/// Whoever moves packets by a FlowTable.
class FlowTableConsumer {
 public:
  virtual ~FlowTableConsumer() = default;
  /// thread   control thread; returns at once, the consumer picks it up when it can
  virtual void publish(std::shared_ptr<const FlowTable> table) = 0;
};

}  // namespace rsip::agent
