#include "agent/linux_tunnels.h"

#include "agent/datapath/tunnel_pump.h"
#include "agent/linux/tun_device.h"
#include "agent/linux/underlay_socket.h"
#include "agent/platform/host_network.h"

namespace rsip::agent {
namespace {

/// A running tunnel together with the device and socket it works on.
class LinuxTunnel : public Datapath {
 public:
  LinuxTunnel(std::unique_ptr<LinuxTunDevice> device, std::unique_ptr<UnderlaySocket> socket,
              const BootClock& clock, DatapathEvents events)
      : device_(std::move(device)),
        socket_(std::move(socket)),
        pump_(*device_, *socket_, clock, std::move(events)) {}

  void publish(std::shared_ptr<const FlowTable> table) override { pump_.publish(std::move(table)); }
  [[nodiscard]] DatapathStats stats() const override { return pump_.stats(); }
  [[nodiscard]] std::vector<BindingUse> use() const override { return pump_.use(); }
  void release(std::uint64_t hold, bool send) override { pump_.release(hold, send); }
  void list_flows(std::function<void(FlowList)> listed) override {
    pump_.list_flows(std::move(listed));
  }

 private:
  std::unique_ptr<LinuxTunDevice> device_;
  std::unique_ptr<UnderlaySocket> socket_;
  TunnelPump pump_;  ///< Last: its thread ends before what it works on.
};

}  // namespace

Result<std::unique_ptr<Datapath>> LinuxTunnels::open(const std::string& device,
                                                     const TunnelEnd& end, DatapathEvents events) {
  auto tun = LinuxTunDevice::open(device);
  if (!tun) return tl::unexpected(tun.error());
  auto socket = open_underlay(end, kTunnelMark);
  if (!socket) return tl::unexpected(socket.error());
  return std::make_unique<LinuxTunnel>(std::move(*tun), std::move(*socket), clock_,
                                       std::move(events));
}

}  // namespace rsip::agent
