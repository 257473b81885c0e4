#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"

struct nl_sock;

namespace rsip::gateway {

/// After the rule by which rsipd takes what is sent from addresses that it has leased for others.
inline constexpr std::uint32_t kBarrierPriority = 4553;

/// An address of this machine.
struct OwnAddress {
  Ipv4Address address;
  std::uint8_t prefix_length = 32;
  int device = 0;  ///< Interface index.
};

/// The kernel's addresses, routes and neighbours (rtnetlink), as far as the gateway needs them.
///
/// Routes need no clean-up: they vanish with the TUN device, however the program ends. ARP proxies
/// and barriers outlive it: those that this object added, it removes when it is destroyed.
class Network {
 public:
  /// errors   kOther
  static Result<std::unique_ptr<Network>> open();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  Result<std::vector<OwnAddress>> own_addresses();
  Result<std::uint16_t> mtu(int device);
  /// errors   kConfigInvalid if there is no such device
  Result<int> index(const std::string& device);

  Result<void> bring_up(int device, std::uint16_t mtu);
  /// errors   kInUse if there is a route to exactly this network already
  Result<void> add_route(const Ipv4Prefix& to, int device);
  /// errors   kOther, also if there is no such route
  Result<void> remove_route(const Ipv4Prefix& to, int device);
  /// Answers ARP for the address on the device. One that is there already is left to its owner.
  Result<void> add_arp_proxy(Ipv4Address address, int device);
  /// What comes from the device goes only where a routing rule before kBarrierPriority sends it,
  /// to this machine, or nowhere. One that an earlier run left is taken over.
  Result<void> add_barrier(const std::string& device);

 private:
  explicit Network(nl_sock* socket) : socket_(socket) {}

  /// libnl's return value.
  int change_route(const Ipv4Prefix& to, int device, bool add);

  struct Proxy {
    Ipv4Address address;
    int device;
  };

  nl_sock* socket_;
  std::vector<Proxy> proxies_;
  std::vector<std::string> barriers_;  ///< Devices.
};

/// net.ipv4.ip_forward: without it nothing gets from the TUN to the outside.
bool forwarding_is_on();

}  // namespace rsip::gateway
