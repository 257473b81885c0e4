#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <QString>

#include "common/ipc/events.h"
#include "gui/settings/preferences.h"
#include "gui/text/sentences.h"

namespace rsip::gui {

struct Notification {
  Topic topic = Topic::kSignIn;
  QString title;
  QString words;
  MainAction action = MainAction::kNone;  ///< Besides Details, which each has.
  bool urgent = false;
};

/// Decides what is worth a notification, and when one has had its day. Knows no bus and no clock.
class NoticePolicy {
 public:
  struct Verdict {
    std::optional<Notification> show;
    std::vector<Topic> close;  ///< What they are about is over.
  };

  /// nowMs   of a clock that never goes back
  Verdict on(const ipc::Happening& what, const Situation& now, std::int64_t nowMs);
  /// What is has changed.
  ///
  /// goodbye   the agent is away because somebody stopped it
  Verdict on(const Situation& now, bool goodbye);

 private:
  std::optional<Notification> noticeOf(const Situation& now, bool goodbye);

  std::optional<ipc::Mood> before_;
  std::optional<std::int64_t> refused_at_;
  bool said_ending_ = false;  ///< Of the lease that is about to end.
};

}  // namespace rsip::gui
