#include "agent/datapath/datapath.h"

namespace rsip::agent {

const char* to_string(DropReason reason) {
  switch (reason) {
    case DropReason::kNotIpv4:
      return "not_ipv4";
    case DropReason::kMalformed:
      return "malformed";
    case DropReason::kSourceNotLeased:
      return "source_not_leased";
    case DropReason::kProtocolNotLeased:
      return "protocol_not_leased";
    case DropReason::kNoFlow:
      return "no_flow";
    case DropReason::kNoFreePort:
      return "no_free_port";
    case DropReason::kRemoteRefused:
      return "remote_refused";
    case DropReason::kHoldQueueFull:
      return "hold_queue_full";
    case DropReason::kIkeNotReleased:
      return "ike_not_released";
    case DropReason::kTooManyFlows:
      return "too_many_flows";
    case DropReason::kOrphanFragment:
      return "orphan_fragment";
    case DropReason::kNoLease:
      return "no_lease";
    case DropReason::kSpiNotLeased:
      return "spi_not_leased";
    case DropReason::kUnsolicited:
      return "unsolicited";
    case DropReason::kCongestionDropped:
      return "congestion_dropped";
    case DropReason::kNotFromGateway:
      return "not_from_gateway";
    case DropReason::kSendFailed:
      return "send_failed";
    case DropReason::kWriteFailed:
      return "write_failed";
    case DropReason::kCount:
      break;
  }
  return "unknown";
}

}  // namespace rsip::agent
