#include "agent/app/happenings.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace rsip::agent {
namespace {

/// "20 seconds", "30 minutes", "2 hours".
std::string in_words(Duration time) {
  const auto seconds =
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(time).count());
  if (seconds == 1) return "1 second";
  if (seconds < 120) return std::to_string(seconds) + " seconds";
  if (seconds < 7200) return std::to_string(seconds / 60) + " minutes";
  return std::to_string(seconds / 3600) + " hours";
}

/// "203.0.113.10, ports 5000-5031".
std::string in_words(const Lease& lease) {
  const std::string address = lease.local.to_string();
  const bool one = lease.ports.size() == 1 && lease.ports.front().count == 1;
  if (!lease.ports.empty()) {
    return address + (one ? ", port " : ", ports ") + to_string(lease.ports);
  }
  return lease.spis.empty() ? address : address + ", SPIs " + to_string(lease.spis);
}

/// Why a lease ended.
struct Ending {
  std::string_view reason;  ///< Of LeaseLost.
  bool ours;                ///< Given back, not lost.
  const char* words;
};
constexpr std::array kEndings = {
    Ending{"idle", true, "nothing used it"},
    Ending{"unwanted", true, "the server it was for is not to be reached any more"},
    Ending{"released", true, "somebody gave it back"},
    Ending{"stopped", true, "the gateway is not used any more"},
    Ending{"expired", false, "it was not extended in time"},
    Ending{"freed_by_gateway", false, "the gateway took it back"},
    Ending{"deregistered_by_gateway", false, "the gateway ended the registration"},
    Ending{"gateway_lost_state", false,
           "the gateway has forgotten this host, perhaps by a restart"},
    Ending{"gateway_lost_bind", false, "the gateway has forgotten it"},
};
constexpr Ending kUnknownEnding{"", false, "it is over"};

ipc::Happening of_the_agent(std::string kind, std::string words) {
  ipc::Happening happening;
  happening.kind = std::move(kind);
  happening.words = std::move(words);
  return happening;
}

}  // namespace

void Happenings::tell(std::string kind, std::string words, const Lease* lease,
                      const Error* problem) const {
  ipc::Happening happening;
  happening.kind = std::move(kind);
  happening.gateway = gateway_;
  happening.words = std::move(words);
  if (lease != nullptr) {
    happening.bind = lease->bind.value;
    happening.address = lease->local.to_string();
  }
  if (problem != nullptr) happening.problem = ipc::problem_of(*problem);
  if (tell_) tell_(std::move(happening));
}

void Happenings::registered() {
  tell("registered", "Registered with gateway " + gateway_ + ".", nullptr, nullptr);
}

void Happenings::granted(const Lease& lease, bool alone) {
  tell("lease_granted",
       "Leased from " + gateway_ + " for " + in_words(lease.granted) + ": " + in_words(lease) + ".",
       &lease, nullptr);
  if (alone) tell_address(lease);
}

void Happenings::tell_address(const Lease& lease) {
  const auto before = std::exchange(address_, lease.local);
  if (!before || *before == lease.local) return;
  tell("address_changed",
       "The public address through " + gateway_ + " is now " + lease.local.to_string() +
           "; before it was " + before->to_string() + ".",
       &lease, nullptr);
}

void Happenings::extended(const Lease& lease) {
  tell("lease_extended",
       "The lease of " + in_words(lease) + " was extended to " + in_words(lease.granted) + ".",
       &lease, nullptr);
}

void Happenings::renewal_failed(const Lease& lease, const Error& why, TimePoint now) {
  tell("renewal_failed",
       "The lease of " + in_words(lease) + " could not be extended and ends in " +
           in_words(lease.expires_at - now) + ": " + why.message + ".",
       &lease, &why);
}

void Happenings::lost(const Lease& lease, std::string_view reason,
                      const std::optional<Error>& why) {
  const auto found = std::ranges::find(kEndings, reason, &Ending::reason);
  const Ending& ending = found != kEndings.end() ? *found : kUnknownEnding;
  if (ending.ours || lease.retiring) {
    const std::string what =
        (ending.ours ? "Gave back " : "No longer leased, and not in use: ") + in_words(lease);
    return tell("lease_ended", what + ": " + ending.words + ".", &lease, nullptr);
  }
  tell("lease_lost", "Lost " + in_words(lease) + ": " + ending.words + ".", &lease,
       why ? &*why : nullptr);
}

void Happenings::listen_failed(const ListenFailed& failure) {
  tell("listen_failed",
       "The server on port " + std::to_string(failure.wish.server_port) +
           " cannot be reached from the public side: " + failure.error.message + ".",
       nullptr, &failure.error);
}

void Happenings::trouble(const Error& error, TimePoint now) {
  const bool silent = error.kind == ErrorKind::kUnreachable || error.kind == ErrorKind::kTimeout;
  if (silent) {
    if (std::exchange(unreachable_, true)) return;
    return tell("gateway_unreachable",
                "Gateway " + gateway_ + " cannot be reached: " + error.message + ".", nullptr,
                &error);
  }
  const bool full = error.kind == ErrorKind::kNoResources;
  TimePoint& next = full ? next_pool_full_at_ : next_refusal_at_;
  if (now < next) return;
  next = now + kRefusalSpacing;
  const bool denied = error.kind == ErrorKind::kDenied || error.kind == ErrorKind::kInUse;
  const char* const words = full     ? " has nothing left to lease: "
                            : denied ? " refuses: "
                                     : " cannot be used: ";
  tell(full ? "pool_full" : "refused", "Gateway " + gateway_ + words + error.message + ".", nullptr,
       &error);
}

ipc::Happening network_lost() {
  return of_the_agent("network_lost", "This host has no way to any gateway any more.");
}

ipc::Happening network_back() {
  return of_the_agent("network_back", "This host has a way to a gateway again.");
}

}  // namespace rsip::agent
