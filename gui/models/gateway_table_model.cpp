#include "gui/models/gateway_table_model.h"

#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

QString portsInUseText(const ipc::GatewayStatus& gateway) {
  const QLocale locale;
  if (gateway.ports.leased == 0) return gateway.leases.empty() ? QString() : portsText({});
  return GatewayTableModel::tr("%1 of %2 in use")
      .arg(locale.toString(gateway.ports.used), locale.toString(gateway.ports.leased));
}

QString display(const ipc::GatewayStatus& gateway, int column) {
  switch (column) {
    case GatewayTableModel::kName:
      return text(gateway.name);
    case GatewayTableModel::kState:
      return gatewayStateText(gateway.state);
    case GatewayTableModel::kAddress:
      if (gateway.address.empty()) return GatewayTableModel::tr("not found yet");
      return QStringLiteral("%1:%2").arg(text(gateway.address)).arg(gateway.port);
    case GatewayTableModel::kFoundBy:
      return foundByText(gateway.found_by);
    case GatewayTableModel::kMethod:
      return methodText(gateway);
    case GatewayTableModel::kLeases:
      return QLocale().toString(qulonglong(gateway.leases.size()));
    case GatewayTableModel::kPorts:
      return portsInUseText(gateway);
    default:
      return {};
  }
}

}  // namespace

QStringList GatewayTableModel::titles() const {
  return {tr("Name"),   tr("State"),  tr("Address"), tr("Known from"),
          tr("Method"), tr("Leases"), tr("Ports")};
}

QString GatewayTableModel::keyOf(const ipc::GatewayStatus& gateway) const {
  return text(gateway.name);
}

QVariant GatewayTableModel::cell(const ipc::GatewayStatus& gateway, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
      return display(gateway, column);
    case kSortRole:
      return column == kPorts ? QVariant(gateway.ports.used) : QVariant();
    case Qt::ToolTipRole:
      return gateway.problem ? text(gateway.problem->message) : display(gateway, column);
    case kFaultRole:
      return column == kState && gateway.problem.has_value();
    default:
      return {};
  }
}

}  // namespace rsip::gui
