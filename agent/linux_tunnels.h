#pragma once

#include "agent/app/tunnel.h"
#include "agent/linux/boot_clock.h"

namespace rsip::agent {

/// Tunnels of the real machine: a TUN device, a raw or UDP socket, and the pump between them.
class LinuxTunnels : public TunnelFactory {
 public:
  Result<std::unique_ptr<Datapath>> open(const std::string& device, const TunnelEnd& end,
                                         DatapathEvents events) override;

 private:
  BootClock clock_;
};

}  // namespace rsip::agent
