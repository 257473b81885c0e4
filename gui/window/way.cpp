#include "gui/window/way.h"

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
