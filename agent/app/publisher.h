#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/app/wall_clock.h"
#include "common/base/time.h"
#include "common/ipc/requests.h"

namespace rsip::agent {

/// What subscribers want to be told.
struct EventWishes {
  bool anybody = false;
  bool log = false;
  Duration traffic_every{};  ///< The shortest pace that somebody wants counters at; 0: nobody does.
  Duration slowest_traffic{};  ///< The longest.
};

/// Makes events of the difference between the snapshot as it was told last and as it is now. It is
/// compared at most once in kSpacing, and only while somebody listens.
class Publisher {
 public:
  static constexpr Duration kSpacing = std::chrono::milliseconds(100);

  struct Source {
    std::function<ipc::Status()> status;
    std::function<TimePoint()> now;
    WallClock wall;
  };

  explicit Publisher(Source source) : source_(std::move(source)) {}

  void on_event(std::function<void(const ipc::Event&)> tell) { tell_ = std::move(tell); }
  void want(const EventWishes& wishes);

  /// Where a subscription begins; what others have not been told yet, they are told first.
  ipc::Snapshot snapshot();
  /// The snapshot may have changed.
  void changed();
  /// Told after what changed by it.
  void happened(ipc::Happening happening);
  void logged(const ipc::LogLine& line);
  /// Tells what is left, and that this was all.
  void stop();

  /// When look() is due; TimePoint::max() if there is nothing to look for.
  [[nodiscard]] TimePoint next_look() const;
  void look();

 private:
  struct ToldGateway {
    ipc::GatewayStatus status;
    TimePoint at;
  };
  struct ToldCounters {
    ipc::TrafficStatus traffic;
    ipc::PortUsage ports;
    TimePoint changed_at = TimePoint::min();
  };

  [[nodiscard]] bool listened() const { return wishes_.anybody && tell_ && !stopped_; }
  void tell_changes(const ipc::Status& status, TimePoint now);
  void tell_traffic(const ipc::Status& status, TimePoint now);
  void remember(const ipc::Status& status, TimePoint now);
  void emit(ipc::EventBody body);

  Source source_;
  std::function<void(const ipc::Event&)> tell_;
  EventWishes wishes_;
  std::uint64_t seq_ = 0;
  bool stopped_ = false;

  std::map<std::string, ToldGateway> gateways_;   ///< As told last, by name.
  std::map<std::string, ToldCounters> counters_;  ///< Same.
  std::string state_;
  ipc::NetworkStatus network_;
  std::string profile_;
  std::vector<ipc::Happening> happenings_;  ///< To be told with the next look.
  TimePoint last_look_ = TimePoint::min();
  TimePoint look_at_ = TimePoint::max();
  TimePoint traffic_at_ = TimePoint::max();
};

}  // namespace rsip::agent
