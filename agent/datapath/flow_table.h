#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"
#include "common/base/spi_range.h"

namespace rsip::agent {

/// How much of the remote side a lease has to name.
enum class RemoteDetail : std::uint8_t {
  kNone,            ///< no remote flow policy
  kAddress,         ///< macro
  kAddressAndPort,  ///< micro
};

/// What one lease lets the data path do.
struct Binding {
  BindId bind;
  Ipv4Address local;             ///< The leased public address.
  bool all_ports = false;        ///< RSA-IP: every port of the address is the host's own.
  std::vector<PortRange> ports;  ///< RSAP-IP: sorted; empty with all_ports.
  RemoteScope remote{};
  /// Leased by LISTEN: anybody may begin a flow to its ports, and no flow from here is given one.
  bool listening = false;
  /// Of a listening binding: where the first leased port's server listens; 0: same numbers.
  std::uint16_t server_port = 0;
  bool retiring = false;  ///< About to be given back: no new flow.
  /// RSIPSEC (RFC 3104): ESP and AH come in with these SPIs alone, and may leave with any. With
  /// all_ports every SPI is the host's own, whatever is listed.
  std::vector<SpiRange> spis{};
  bool operator==(const Binding&) const = default;
};

/// Everything the data path has to know, as one immutable value. The control side publishes a new
/// one on every change; a consumer swaps it whole. User space pump and kernel fast path both live
/// from it.
struct FlowTable {
  std::uint64_t generation = 0;   ///< Rises by one with each publication.
  Ipv4Address endpoint;           ///< The tunnel's far end.
  std::vector<Binding> bindings;  ///< Empty: nothing may be sent.
  bool may_grow = false;  ///< Another lease can be asked for (DatapathEvents::ports_wanted).
  RemoteDetail detail = RemoteDetail::kNone;  ///< What ports_wanted has to name.
  std::vector<RemoteScope> refused{};         ///< Remotes that the gateway does not allow.
  /// The leases are being asked for again: flows are kept although their ports are not leased, and
  /// nothing is sent or let in for them meanwhile.
  bool suspended = false;
  /// Packets to and from leased tuples pass as they are: they belong to other hosts, for which this
  /// one is the gateway (RFC 3102 section 4.2.1).
  bool forward = false;
  /// IKE leaves from and comes to ports 500 and 4500 of addresses with SPIs as it is: the gateway
  /// tells hosts apart by cookie and SPI (RFC 3104 sections 4 and 6.1).
  bool ike_on_500 = false;
  /// IKE messages that announce a new SPI wait for Datapath::release() (DatapathEvents::ike_held).
  bool hold_ike = false;
  bool operator==(const FlowTable&) const = default;
};

/// Whoever moves packets by a FlowTable.
class FlowTableConsumer {
 public:
  virtual ~FlowTableConsumer() = default;
  /// thread   control thread; returns at once, the consumer picks it up when it can
  virtual void publish(std::shared_ptr<const FlowTable> table) = 0;
};

}  // namespace rsip::agent
