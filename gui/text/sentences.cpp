#include "gui/text/sentences.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

class Sentences {
  Q_DECLARE_TR_FUNCTIONS(Sentences)
};

const ipc::GatewayStatus* gatewayOf(const Situation& now) {
  const auto found =
      std::ranges::find(now.status.gateways, now.summary.gateway, &ipc::GatewayStatus::name);
  return found != now.status.gateways.end() ? &*found : nullptr;
}

QString connectingSentence(const Situation& now) {
  const ipc::GatewayStatus* const gateway = gatewayOf(now);
  if (gateway == nullptr) return Sentences::tr("No gateway is configured");
  const QString name = text(gateway->name);
  if (gateway->state == "discovering") return Sentences::tr("Looking for a gateway (1 of 4)");
  if (gateway->state == "registering")
    return Sentences::tr("Registering with %1 (2 of 4)").arg(name);
  if (gateway->state == "assigning")
    return Sentences::tr("Asking %1 for a lease (3 of 4)").arg(name);
  if (gateway->state == "assigned")
    return Sentences::tr("Making the tunnel to %1 (4 of 4)").arg(name);
  if (gateway->state == "stopping") return Sentences::tr("Leaving %1").arg(name);
  return Sentences::tr("Connecting to %1 (1 of 4)").arg(name);
}

QString leasedSentence(const ipc::Summary& summary) {
  QStringList parts{text(summary.address)};
  parts << (summary.ports == 0 ? Sentences::tr("all ports")
                               : Sentences::tr("%n port(s)", nullptr, int(summary.ports)));
  if (summary.ends_in_seconds) parts << durationText(*summary.ends_in_seconds);
  return parts.join(QStringLiteral(", "));
}

QString degradedSentence(const ipc::Summary& summary) {
  const bool ends = summary.ends_in_seconds && *summary.ends_in_seconds < ipc::kSoonSeconds;
  if (ends) {
    return Sentences::tr("Lease ends in %1, renewal failed")
        .arg(durationText(*summary.ends_in_seconds));
  }
  return summary.problem ? capitalized(text(summary.problem->message)) : leasedSentence(summary);
}

QString downSentence(const Error& why) {
  switch (why.kind) {
    case ErrorKind::kProtocol:
      return Sentences::tr("The RSIP agent is of another release");
    case ErrorKind::kPermission:
      return Sentences::tr("Not allowed to talk to the RSIP agent");
    case ErrorKind::kTimeout:
      return Sentences::tr("The RSIP agent does not answer");
    default:
      return Sentences::tr("RSIP agent is not running");
  }
}

QString gatewayLine(const Situation& now) {
  const ipc::GatewayStatus* const gateway = gatewayOf(now);
  if (gateway == nullptr || gateway->address.empty()) return {};
  return Sentences::tr("Gateway %1 (%2)").arg(text(gateway->name), text(gateway->address));
}

}  // namespace

QString stateSentence(const Situation& now) {
  switch (now.summary.mood) {
    case ipc::Mood::kAgentDown:
      return downSentence(now.why_not);
    case ipc::Mood::kOff:
      return now.status.gateways.empty() ? Sentences::tr("No gateway is configured")
                                         : Sentences::tr("Off");
    case ipc::Mood::kNoNetwork:
      return Sentences::tr("No network");
    case ipc::Mood::kConnecting:
      return connectingSentence(now);
    case ipc::Mood::kSignIn:
      return Sentences::tr("This network needs sign-in");
    case ipc::Mood::kRegistered:
      return Sentences::tr("Registered, no address leased");
    case ipc::Mood::kAssigned:
      return leasedSentence(now.summary);
    case ipc::Mood::kDegraded:
      return degradedSentence(now.summary);
    case ipc::Mood::kError:
      return now.summary.problem ? capitalized(text(now.summary.problem->message))
                                 : Sentences::tr("The gateway refused");
  }
  return {};
}

QString moodName(ipc::Mood mood) {
  switch (mood) {
    case ipc::Mood::kAgentDown:
      return Sentences::tr("Agent not running");
    case ipc::Mood::kOff:
      return Sentences::tr("Off");
    case ipc::Mood::kNoNetwork:
      return Sentences::tr("No network");
    case ipc::Mood::kConnecting:
      return Sentences::tr("Connecting");
    case ipc::Mood::kSignIn:
      return Sentences::tr("Sign-in needed");
    case ipc::Mood::kRegistered:
      return Sentences::tr("Registered");
    case ipc::Mood::kAssigned:
      return Sentences::tr("Assigned");
    case ipc::Mood::kDegraded:
      return Sentences::tr("Needs attention");
    case ipc::Mood::kError:
      return Sentences::tr("Failed");
  }
  return {};
}

QString leaseSentence(const Situation& now, const QDateTime& localTime) {
  if (!now.summary.ends_in_seconds) return {};
  const std::uint32_t seconds = *now.summary.ends_in_seconds;
  const QString at = QLocale().toString(localTime.addSecs(seconds).time(), QLocale::ShortFormat);
  return Sentences::tr("Lease ends in %1 (%2)").arg(durationText(seconds), at);
}

QStringList tooltipLines(const Situation& now, const QDateTime& localTime) {
  QStringList lines{stateSentence(now)};
  const QString second = leaseSentence(now, localTime);
  lines << (second.isEmpty() ? adviceSentence(now) : second) << gatewayLine(now);
  lines.removeAll({});
  return lines;
}

QString adviceSentence(const Situation& now) {
  if (now.summary.mood == ipc::Mood::kAgentDown) {
    if (now.why_not.kind == ErrorKind::kAgentNotRunning) {
      return Sentences::tr("Start it with: %1").arg(startCommand());
    }
    return text(now.why_not.hint);
  }
  return now.summary.problem ? text(now.summary.problem->hint) : QString();
}

MainAction mainAction(ipc::Mood mood) {
  switch (mood) {
    case ipc::Mood::kAgentDown:
      return MainAction::kHelpToStart;
    case ipc::Mood::kOff:
      return MainAction::kTurnOn;
    case ipc::Mood::kNoNetwork:
      return MainAction::kNone;
    case ipc::Mood::kConnecting:
      return MainAction::kTurnOff;
    case ipc::Mood::kSignIn:
      return MainAction::kSignIn;
    case ipc::Mood::kRegistered:
      return MainAction::kRequest;
    case ipc::Mood::kAssigned:
    case ipc::Mood::kDegraded:
      return MainAction::kRenew;
    case ipc::Mood::kError:
      return MainAction::kDetails;
  }
  return MainAction::kNone;
}

QString actionName(MainAction action) {
  switch (action) {
    case MainAction::kNone:
      return {};
    case MainAction::kHelpToStart:
      return Sentences::tr("How to start it");
    case MainAction::kTurnOn:
      return Sentences::tr("Turn on");
    case MainAction::kTurnOff:
      return Sentences::tr("Turn off");
    case MainAction::kSignIn:
      return Sentences::tr("Open sign-in page");
    case MainAction::kRequest:
      return Sentences::tr("Request lease");
    case MainAction::kRenew:
      return Sentences::tr("Renew now");
    case MainAction::kDetails:
      return Sentences::tr("Details");
  }
  return {};
}

QString startCommand() {
  return QStringLiteral("sudo systemctl start rsipd");
}

}  // namespace rsip::gui
