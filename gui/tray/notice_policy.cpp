#include "gui/tray/notice_policy.h"

#include <algorithm>

#include <QCoreApplication>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

constexpr std::int64_t kBetweenRefusalsMs = 10 * 60 * 1000;

class Notices {
  Q_DECLARE_TR_FUNCTIONS(Notices)
};

bool isLeased(ipc::Mood mood) {
  return mood == ipc::Mood::kAssigned || mood == ipc::Mood::kDegraded;
}

QString wordsOf(const ipc::Happening& what) {
  QString words = text(what.words);
  if (what.problem && !what.problem->hint.empty()) {
    words += QLatin1Char('\n') + text(what.problem->hint);
  }
  return words;
}

const ipc::LeaseStatus* leaseOf(const ipc::Happening& what, const ipc::Status& status) {
  for (const auto& gateway : status.gateways) {
    if (gateway.name != what.gateway) continue;
    for (const auto& lease : gateway.leases) {
      if (what.bind && lease.bind == *what.bind) return &lease;
    }
  }
  return nullptr;
}

/// The agent tries three times; the first failures are its own business (R13). The last is at
/// seven eighths of the lease's life.
bool isLastTry(const ipc::Happening& what, const ipc::Status& status) {
  const ipc::LeaseStatus* const lease = leaseOf(what, status);
  return lease == nullptr || lease->expires_in_seconds <= lease->granted_seconds / 7;
}

std::optional<Notification> noticeOf(const ipc::Happening& what, const ipc::Status& status) {
  const auto notice = [&](Topic topic, const QString& title, MainAction action, bool urgent) {
    return Notification{topic, title, wordsOf(what), action, urgent};
  };
  if (what.kind == "lease_lost") {
    return notice(Topic::kLeaseLost, Notices::tr("Lease lost"), MainAction::kNone, true);
  }
  if (what.kind == "renewal_failed" && isLastTry(what, status)) {
    return notice(Topic::kRenewalFailed, Notices::tr("Lease not renewed"), MainAction::kRenew,
                  true);
  }
  if (what.kind == "address_changed") {
    return notice(Topic::kAddressChanged, Notices::tr("Another public address"), MainAction::kNone,
                  false);
  }
  if (what.kind == "refused") {
    return notice(Topic::kRefused, Notices::tr("The gateway refused"), MainAction::kNone, false);
  }
  if (what.kind == "pool_full") {
    return notice(Topic::kRefused, Notices::tr("The gateway has nothing left"), MainAction::kNone,
                  false);
  }
  return std::nullopt;
}

/// What is over in this mood.
///
/// isNew   it was another until now: who loses one of two leases stays assigned
std::vector<Topic> overIn(ipc::Mood mood, bool isNew) {
  std::vector<Topic> over;
  if (mood != ipc::Mood::kSignIn) over.push_back(Topic::kSignIn);
  if (mood != ipc::Mood::kAgentDown) over.push_back(Topic::kAgentStopped);
  if (mood != ipc::Mood::kDegraded) over.push_back(Topic::kRenewalFailed);
  if (isNew && (mood == ipc::Mood::kAssigned || mood == ipc::Mood::kOff)) {
    over.push_back(Topic::kLeaseLost);
    over.push_back(Topic::kRefused);
  }
  return over;
}

}  // namespace

NoticePolicy::Verdict NoticePolicy::on(const ipc::Happening& what, const Situation& now,
                                       std::int64_t nowMs) {
  Verdict verdict{gui::noticeOf(what, now.status), {}};
  if (what.kind == "lease_extended") verdict.close.push_back(Topic::kRenewalFailed);
  if (!verdict.show || verdict.show->topic != Topic::kRefused) return verdict;
  if (refused_at_ && nowMs - *refused_at_ < kBetweenRefusalsMs) {
    verdict.show.reset();
  } else {
    refused_at_ = nowMs;
  }
  return verdict;
}

NoticePolicy::Verdict NoticePolicy::on(const Situation& now, bool goodbye) {
  const ipc::Mood mood = now.summary.mood;
  Verdict verdict{noticeOf(now, goodbye), overIn(mood, before_ != mood)};
  if (verdict.show) std::erase(verdict.close, verdict.show->topic);
  before_ = mood;
  return verdict;
}

std::optional<Notification> NoticePolicy::noticeOf(const Situation& now, bool goodbye) {
  const ipc::Mood mood = now.summary.mood;
  const bool ends = isLeased(mood) &&
                    now.summary.ends_in_seconds.value_or(ipc::kSoonSeconds) < ipc::kSoonSeconds &&
                    mood == ipc::Mood::kDegraded;
  const bool saidEnding = std::exchange(said_ending_, ends);
  if (ends && !saidEnding) {
    return Notification{Topic::kRenewalFailed, Notices::tr("Lease about to end"),
                        stateSentence(now), MainAction::kRenew, true};
  }
  if (mood == ipc::Mood::kSignIn && before_ != mood) {
    return Notification{
        Topic::kSignIn, Notices::tr("Sign-in needed"),
        Notices::tr("This network wants you to sign in before anything can be leased."),
        MainAction::kSignIn, false};
  }
  if (!before_ || *before_ == mood) return std::nullopt;
  if (mood == ipc::Mood::kAgentDown) {
    if (goodbye) return std::nullopt;
    return Notification{Topic::kAgentStopped, Notices::tr("The RSIP agent stopped"),
                        adviceSentence(now), MainAction::kNone, true};
  }
  if (mood == ipc::Mood::kAssigned && !isLeased(*before_)) {
    return Notification{Topic::kConnected, Notices::tr("Public address leased"), stateSentence(now),
                        MainAction::kNone, false};
  }
  if (isLeased(*before_) && !isLeased(mood)) {
    return Notification{Topic::kConnected, Notices::tr("No public address any more"),
                        stateSentence(now), MainAction::kNone, false};
  }
  return std::nullopt;
}

}  // namespace rsip::gui
