#pragma once

#include <optional>

#include "agent/linux/arp_silence.h"
#include "agent/linux/netlink.h"
#include "agent/linux/network_objects.h"

namespace rsip::agent {

/// Value of rtm_protocol and FRA_PROTOCOL by which the agent's routes and rules are told from
/// others' (`ip route show proto 155`).
inline constexpr std::uint8_t kOriginRsip = 155;

/// Talks to the kernel about one object at a time. Errors name object and reason.
class NetworkInstaller {
 public:
  /// The network namespace is the one of the first call.
  Result<NetlinkSocket*> netlink();

  /// Makes an object that must not exist yet.
  Result<void> install(const NetworkObject& object);
  /// Makes an object that was made before if somebody removed it since.
  ///
  /// returns  false if it is there, and then nothing was changed or announced
  /// errors   kNotFound if its device is gone
  Result<bool> restore(const NetworkObject& object);
  /// Makes an object in the place of one that same_place() says it excludes.
  Result<void> replace(const NetworkObject& object);
  /// Removes an object; one that is gone already is fine.
  Result<void> remove(const NetworkObject& object);

 private:
  enum class Action : std::uint8_t { kInstall, kReplace, kRemove };
  Result<void> perform(Action action, const NetworkObject& object);
  Result<bool> is_in_place(const DeviceUp& link);

  std::optional<NetlinkSocket> netlink_;
  ArpSilenceTable arp_silence_;
};

}  // namespace rsip::agent
