#pragma once

#include <cstdint>
#include <memory>

#include "agent/platform/underlay_socket.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Opens this host's end of a tunnel: IP-in-IP (RFC 2003) or GRE (RFC 2784) on a raw socket, L2TP
/// (RFC 2661) on a UDP socket. The kernel makes the outer headers and puts fragments of outer
/// packets together. No socket is connected: the outer source address follows the routing of the
/// moment, and there may be no route for a while. The UDP port is chosen once and stays.
///
/// mark     of every packet sent, so that policy routing keeps them out of the tunnel
/// errors   kPermission, kNoResources if no UDP port is left
Result<std::unique_ptr<UnderlaySocket>> open_underlay(const TunnelEnd& end, std::uint32_t mark);

}  // namespace rsip::agent
