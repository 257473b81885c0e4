#include <utility>

#include <boost/asio/post.hpp>

#include "agent/ipsec/charon_coordinator.h"

namespace rsip::agent {
namespace {

constexpr std::chrono::milliseconds kForce{1500};  ///< Until peers that do not answer are left ...
constexpr std::chrono::milliseconds kAfterForce{500};  ///< ... and then until charon is.
constexpr std::chrono::milliseconds kStopLook{50};

}  // namespace

void CharonCoordinator::stop(std::function<void()> stopped) {
  stopped_ = std::move(stopped);
  if (std::exchange(stopping_, true)) return;
  limit_stop();
  connections_.unload();
  charon_.refresh();
  if (!charon_.up()) finish();
}

void CharonCoordinator::limit_stop() {
  stop_timer_.expires_after(kForce);
  stop_timer_.async_wait(
      [this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
        if (cancelled || alive.expired()) return;
        charon_.terminate_at(addresses(), true);
        stop_timer_.expires_after(kAfterForce);
        stop_timer_.async_wait([this, alive](boost::system::error_code late) {
          if (!late && !alive.expired()) finish();
        });
      });
}

/// Ends what begins at leased addresses, which go away, and looks until charon has told all peers
/// so.
void CharonCoordinator::stop_after_list() {
  if (removing_ || finished_) return;
  if (terminations_at(charon_.sas(), addresses(), false).empty()) {
    removing_ = true;
    return steering_.clear([this] { finish(); });
  }
  if (!std::exchange(terminated_, true)) charon_.terminate_at(addresses(), false);
  stop_poll_.expires_after(kStopLook);
  stop_poll_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
    if (!cancelled && !alive.expired() && !finished_) charon_.refresh();
  });
}

void CharonCoordinator::finish() {
  if (std::exchange(finished_, true)) return;
  steering_.clear_file();
  kernel_.stop();
  charon_.stop();
  tick_.cancel();
  stop_timer_.cancel();
  stop_poll_.cancel();
  boost::asio::post(io_, std::move(stopped_));
}

}  // namespace rsip::agent
