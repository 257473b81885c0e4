#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "agent/datapath/flow_list.h"
#include "agent/datapath/flow_table.h"
#include "agent/datapath/traffic_book.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Why a packet was dropped. Each has a counter and a stable name.
enum class DropReason : std::uint8_t {
  kNotIpv4,            ///< IPv6 or garbage from the TUN device
  kMalformed,          ///< lengths that do not fit, from either side
  kSourceNotLeased,    ///< outbound packet with a source address that is not leased; when
                       ///< forwarding, with a source address and port that are not
  kProtocolNotLeased,  ///< outbound protocol or ICMP message that a port lease does not cover
  kNoFlow,             ///< outbound TCP reset or ICMP error about a flow that is not known
  kNoFreePort,         ///< no leased port serves the packet and no more can be had, in time
  kRemoteRefused,      ///< the gateway does not allow the remote (FlowTable::refused)
  kHoldQueueFull,      ///< too many packets wait for more ports, or IKE messages for SPIs
  kIkeNotReleased,     ///< IKE message whose SPI could not be leased, in time
  kTooManyFlows,       ///< no memory for another flow
  kOrphanFragment,     ///< later fragment, from either side, whose first was not seen
  kNoLease,            ///< inbound packet to an address or port that is not leased
  kSpiNotLeased,       ///< inbound ESP or AH with an SPI that is not leased
  kUnsolicited,        ///< inbound packet to a leased port with no flow (design decision D10)
  kCongestionDropped,  ///< inbound, marked on the way, and its flow does not know marks (RFC 6040)
  kNotFromGateway,     ///< tunnel packet from elsewhere, or with a broken outer header
  kSendFailed,         ///< the underlay socket refused it
  kWriteFailed,        ///< the TUN device refused it
  kCount,
};
const char* to_string(DropReason reason);

inline constexpr std::size_t kDropReasons = static_cast<std::size_t>(DropReason::kCount);

/// A consistent enough reading of the counters, for status.
struct DatapathStats {
  std::uint64_t sent_packets = 0;      ///< Through the tunnel towards the gateway.
  std::uint64_t sent_bytes = 0;        ///< Inner bytes.
  std::uint64_t received_packets = 0;  ///< Taken by the host's stack.
  std::uint64_t received_bytes = 0;
  std::uint32_t ports_in_use = 0;  ///< Leased ports that live flows of any protocol hold.
  std::array<std::uint64_t, kDropReasons> drops{};
  std::uint32_t ports_high_water = 0;  ///< The most that ports_in_use was.
};

/// An IKE message that waits because it may tell the peer a new SPI: IKE_AUTH and CREATE_CHILD_SA
/// of IKEv2 (RFC 7296), Quick Mode of IKEv1 (RFC 2409).
struct IkeHold {
  std::uint64_t id = 0;  ///< For Datapath::release().
  Ipv4Address local;
  Ipv4Address remote;
};

/// Called from the pump thread; must not block.
struct DatapathEvents {
  /// Packets wait because no lease serves them: ask the gateway for more. Names the remotes that
  /// FlowTable::detail wants named, each once a second at most while the need lasts, but at once
  /// when a lease came that was not enough; with kNone one empty scope.
  std::function<void(std::vector<RemoteScope>)> ports_wanted;
  /// With FlowTable::hold_ike, for each message that waits. What nobody releases is dropped after
  /// some seconds; the daemon sends it again.
  std::function<void(IkeHold)> ike_held{};
  /// Somebody deleted the TUN device. Once: nothing moves any more.
  std::function<void()> device_gone;
  /// Gets what each lease has moved, a second later at most; the rest when the tunnel ends.
  std::shared_ptr<TrafficBook> traffic{};
};

/// How much a binding is used, as the pump saw it last.
struct BindingUse {
  BindId bind;
  bool retiring = false;           ///< The pump knows that it is: no flow can begin any more.
  bool in_use = false;             ///< A flow lives on it, or its tuple is still remembered.
  Duration idle{};                 ///< For so long it has not been in use.
  std::uint32_t ports_in_use = 0;  ///< How many of its ports live flows hold.
};

/// The running tunnel as the control side sees it.
class Datapath : public FlowTableConsumer {
 public:
  [[nodiscard]] virtual DatapathStats stats() const = 0;
  /// Of every binding in the table that the pump goes by.
  ///
  /// thread   any
  [[nodiscard]] virtual std::vector<BindingUse> use() const { return {}; }
  /// Copies out what goes through the tunnel. Calls back once, from the pump's thread, which must
  /// not be blocked; with nothing from the thread that closes the tunnel if that comes first.
  ///
  /// thread   any
  virtual void list_flows(std::function<void(FlowList)> listed) = 0;
  /// Lets a held IKE message go, after the table published last is in force, or drops it. Nothing
  /// happens if it waits no more.
  ///
  /// thread   any
  virtual void release(std::uint64_t hold, bool send) = 0;
};

}  // namespace rsip::agent
