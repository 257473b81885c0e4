#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/ipc/status.h"

/// The snapshot in one glance: what a tray icon shows and the first line of `rsipctl status` says.
namespace rsip::ipc {

/// What all of it comes to. Each has an icon of its own shape.
enum class Mood : std::uint8_t {
  kAgentDown,   ///< Nobody answers on the agent's socket; never the result of summarize().
  kOff,         ///< Put down by the user.
  kNoNetwork,   ///< There is no way to any gateway.
  kConnecting,  ///< On the way to a lease.
  kSignIn,      ///< A captive portal wants the user first.
  kRegistered,  ///< The gateway knows this host, nothing is leased.
  kAssigned,    ///< A public address is leased and its tunnel stands.
  kDegraded,    ///< Leased, but something is wrong, or the lease ends soon and is not renewed.
  kError,       ///< Refused, or it cannot be done.
};
inline constexpr Mood kMoods[] = {Mood::kAgentDown,  Mood::kOff,      Mood::kNoNetwork,
                                  Mood::kConnecting, Mood::kSignIn,   Mood::kRegistered,
                                  Mood::kAssigned,   Mood::kDegraded, Mood::kError};
/// Stable name, "agent_down".
const char* to_string(Mood mood);

/// A lease that is nearer to its end than that was not renewed as it should have been.
inline constexpr std::uint32_t kSoonSeconds = 120;

struct Summary {
  Mood mood = Mood::kOff;
  std::string gateway;  ///< The one it is about; empty: none.
  std::string address;  ///< Public address; empty: none.
  std::uint32_t ports = 0;
  std::optional<std::uint32_t> ends_in_seconds;  ///< Of the lease that ends first.
  std::optional<ProblemStatus> problem;          ///< What makes it degraded or an error.
};

/// Of the gateway that is furthest; a problem of another one makes it degraded.
Summary summarize(const Status& status);

}  // namespace rsip::ipc
