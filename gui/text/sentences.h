#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "common/ipc/summary.h"

/// What the state of everything is, in one sentence each for tray, menu, window and notifications.
namespace rsip::gui {

/// What a person would do next. One for each mood.
enum class MainAction {
  kNone,
  kHelpToStart,
  kTurnOn,
  kTurnOff,
  kSignIn,
  kRequest,
  kRenew,
  kDetails
};

struct Situation {
  ipc::Summary summary;
  ipc::Status status;
  Error why_not;  ///< Only while the agent is away.
};

/// "149.112.240.156, 32 ports, 21 min", "Registering with hotel (2 of 4)".
QString stateSentence(const Situation& now);
/// One or two words: "Assigned", "Sign-in needed".
QString moodName(ipc::Mood mood);
/// "Lease ends in 21 min (14:32)"; empty if nothing is leased.
QString leaseSentence(const Situation& now, const QDateTime& localTime);
/// Three plain lines at most.
QStringList tooltipLines(const Situation& now, const QDateTime& localTime);
/// What to do about it: the agent's hint, or how to start the agent; may be empty.
QString adviceSentence(const Situation& now);

MainAction mainAction(ipc::Mood mood);
/// "Renew now"; empty for kNone.
QString actionName(MainAction action);
/// What starts the agent on this host.
QString startCommand();

}  // namespace rsip::gui
