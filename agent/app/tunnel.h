#pragma once

#include <memory>
#include <string>

#include "agent/datapath/datapath.h"
#include "agent/platform/underlay_socket.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Makes tunnels: the TUN device, the socket to the far end, and the pump between them. It all
/// goes away with the Datapath.
class TunnelFactory {
 public:
  virtual ~TunnelFactory() = default;
  /// errors   kPermission, kInUse or kOther naming the device or socket
  virtual Result<std::unique_ptr<Datapath>> open(const std::string& device, const TunnelEnd& end,
                                                 DatapathEvents events) = 0;
};

}  // namespace rsip::agent
