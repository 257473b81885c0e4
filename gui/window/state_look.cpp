#include "gui/window/state_look.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(Overview)
};

}  // namespace

MainAction mainActionOf(ipc::Mood mood) {
  switch (mood) {
    case ipc::Mood::kOff:
      return MainAction::kTurnOn;
    case ipc::Mood::kConnecting:
      return MainAction::kCancel;
    case ipc::Mood::kSignIn:
      return MainAction::kSignIn;
    case ipc::Mood::kRegistered:
      return MainAction::kRequestLease;
    case ipc::Mood::kAssigned:
    case ipc::Mood::kDegraded:
      return MainAction::kRenew;
    case ipc::Mood::kError:
      return MainAction::kDoctor;
    case ipc::Mood::kAgentDown:
    case ipc::Mood::kNoNetwork:
      return MainAction::kNone;
  }
  return MainAction::kNone;
}

QString nameOf(MainAction action) {
  switch (action) {
    case MainAction::kTurnOn:
      return Words::tr("Turn on");
    case MainAction::kCancel:
      return Words::tr("Cancel");
    case MainAction::kSignIn:
      return Words::tr("Open sign-in page");
    case MainAction::kRequestLease:
      return Words::tr("Request lease");
    case MainAction::kRenew:
      return Words::tr("Renew now");
    case MainAction::kDoctor:
      return Words::tr("What is wrong?");
    case MainAction::kNone:
      break;
  }
  return {};
}

QString wayText(const ipc::Status& status, const std::string& name) {
  const auto gateway = std::ranges::find(status.gateways, name, &ipc::GatewayStatus::name);
  if (gateway == status.gateways.end()) return {};
  QString way = text(gateway->name);
  if (!gateway->address.empty()) {
    way = Words::tr("%1 (%2:%3)").arg(way, text(gateway->address)).arg(gateway->port);
  }
  if (const QString method = methodText(*gateway); !method.isEmpty()) {
    way = Words::tr("%1 through %2").arg(method, way);
  }
  if (gateway->mtu == 0) return way;
  return Words::tr("%1, packets of up to %2 bytes").arg(way, QLocale().toString(gateway->mtu));
}

}  // namespace rsip::gui
