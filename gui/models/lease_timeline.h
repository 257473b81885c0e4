#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <QString>

#include "common/ipc/events.h"
#include "common/ipc/status.h"

namespace rsip::gui {

/// Leases in time: from an hour ago to the end of the last one. All times are milliseconds of the
/// wall clock; it keeps leases that are gone until they are more than an hour old.
class LeaseTimeline {
 public:
  enum class Mark : std::uint8_t { kGranted, kExtended, kFailed, kLost, kEnded };
  struct Marker {
    std::int64_t at = 0;
    Mark mark = Mark::kGranted;
    QString words;
    bool operator==(const Marker&) const = default;
  };
  struct Bar {
    std::string gateway;
    std::uint32_t bind = 0;
    QString name = {};
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::optional<std::int64_t> renewsAt = {};  ///< T1: when the agent asks for more by itself.
    std::optional<std::int64_t> lastTry = {};   ///< T2: its last try, at 7/8 of the life.
    bool gone = false;
    std::vector<Marker> markers = {};
    bool operator==(const Bar&) const = default;
  };
  struct Band {
    std::int64_t from = 0;
    std::int64_t to = 0;
    bool operator==(const Band&) const = default;
  };
  using SecondsLeft = std::function<std::uint32_t(const std::string& gateway, std::uint32_t)>;
  static constexpr std::int64_t kPastMilliseconds = 3'600'000;

  /// Takes what is leased now. Not to be called while the agent is away: nothing ended then.
  void update(const ipc::Status& status, const SecondsLeft& secondsLeft, std::int64_t now);
  /// Why a lease went, if the agent says so.
  void happened(const ipc::Happening& what, std::int64_t now);
  /// Tells sleep from the two clocks: only one of them goes on meanwhile.
  void observeClocks(std::int64_t boottime, std::int64_t monotonic, std::int64_t now);

  [[nodiscard]] const std::vector<Bar>& bars() const { return bars_; }
  [[nodiscard]] const std::vector<Band>& suspended() const { return suspended_; }
  /// The part of time that is worth a look: an hour back, and as far as a lease goes.
  [[nodiscard]] Band span(std::int64_t now) const;
  /// "hotel, lease 3: ends in 21 min, renewed 2 times", for a screen reader.
  [[nodiscard]] static QString words(const Bar& bar, std::int64_t now);

 private:
  Bar* find(const std::string& gateway, std::uint32_t bind);
  void end(Bar& bar, Mark mark, std::int64_t now);
  void forget(std::int64_t now);

  std::vector<Bar> bars_;
  std::vector<Band> suspended_;
  std::optional<std::int64_t> slept_;
};

QString markText(LeaseTimeline::Mark mark);

}  // namespace rsip::gui
