#include "agent/transport/make_link.h"

#include "agent/transport/stream_link.h"
#include "agent/transport/udp_link.h"

namespace rsip::agent {

std::unique_ptr<GatewayLink> make_link(boost::asio::io_context& io, const LinkSettings& settings,
                                       LinkEvents events) {
  if (settings.transport == Transport::kUdp) {
    return std::make_unique<UdpLink>(io, settings, std::move(events));
  }
  return std::make_unique<StreamLink>(io, settings, std::move(events));
}

}  // namespace rsip::agent
