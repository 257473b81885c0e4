#include "agent/datapath/ports_caller.h"

#include <utility>

namespace rsip::agent {

PortsCaller::PortsCaller(std::function<void(std::vector<RemoteScope>)> ports_wanted)
    : ports_wanted_(std::move(ports_wanted)) {}

void PortsCaller::want(const RemoteScope& scope, TimePoint now) {
  if (const auto known = silent_until_.find(scope); known != silent_until_.end()) {
    if (now < known->second) return;
    known->second = now + kSpacing;
  } else {
    if (silent_until_.size() == kScopes) forget_old(now);
    if (silent_until_.size() == kScopes) return;
    silent_until_.emplace(scope, now + kSpacing);
  }
  wanted_.push_back(scope);
}

void PortsCaller::call() {
  if (wanted_.empty()) return;
  auto scopes = std::exchange(wanted_, {});
  if (ports_wanted_) ports_wanted_(std::move(scopes));
}

// Not for every packet: somebody may send to very many remotes.
void PortsCaller::forget_old(TimePoint now) {
  if (now < next_cleaning_) return;
  next_cleaning_ = now + kSpacing / 4;
  std::erase_if(silent_until_, [now](const auto& entry) { return entry.second <= now; });
}

}  // namespace rsip::agent
