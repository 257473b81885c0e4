#include "gui/models/lease_table_model.h"

#include <algorithm>

#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

bool renewalFailed(const ipc::LeaseStatus& lease) {
  return !lease.history.empty() && lease.history.back().what == "failed";
}

QString inUseText(const ipc::LeaseStatus& lease) {
  std::uint32_t ports = 0;
  for (const ipc::PortRangeStatus& range : lease.ports) ports += range.last - range.first + 1U;
  const QLocale locale;
  if (ports == 0) return lease.spis.empty() ? locale.toString(lease.ports_in_use) : QString();
  return LeaseTableModel::tr("%1 of %2")
      .arg(locale.toString(lease.ports_in_use), locale.toString(ports));
}

}  // namespace

QString leaseStateText(const ipc::LeaseStatus& lease) {
  if (renewalFailed(lease)) return LeaseTableModel::tr("Not renewed");
  if (lease.retiring) return LeaseTableModel::tr("Going back");
  if (lease.held) return LeaseTableModel::tr("Held");
  if (lease.listening) return LeaseTableModel::tr("Reachable");
  if (!lease.spis.empty()) return LeaseTableModel::tr("For IPsec");
  return lease.ports_in_use > 0 ? LeaseTableModel::tr("In use") : LeaseTableModel::tr("Idle");
}

LeaseTableModel::LeaseTableModel(SecondsLeft secondsLeft, QObject* parent)
    : RowModel(parent), secondsLeft_(std::move(secondsLeft)) {}

void LeaseTableModel::setStatus(const ipc::Status& status) {
  std::vector<LeaseRow> rows;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) rows.push_back({gateway.name, lease});
  }
  setRows(std::move(rows));
}

void LeaseTableModel::tick() {
  if (rows_.empty()) return;
  emit dataChanged(index(0, kEnds), index(rowCount() - 1, kEnds),
                   {Qt::DisplayRole, kSortRole, kLeftRole, kFaultRole});
}

std::uint32_t LeaseTableModel::endsIn(const LeaseRow& row) const {
  return secondsLeft_(row.gateway, row.lease.expires_in_seconds);
}

QStringList LeaseTableModel::titles() const {
  return {tr("Lease"), tr("Kind"),    tr("Address"),  tr("Ports or SPIs"), tr("In use"),
          tr("State"), tr("Ends in"), tr("Only for"), tr("Last renewal")};
}

QString LeaseTableModel::keyOf(const LeaseRow& row) const {
  return text(row.gateway) + QLatin1Char('/') + QString::number(row.lease.bind);
}

QVariant LeaseTableModel::cell(const LeaseRow& row, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
      return display(row, column);
    case kSortRole:
      return sortValue(row, column);
    case Qt::ToolTipRole:
      return column == kEnds ? whenText(row) : display(row, column);
    case kFaultRole:
      return renewalFailed(row.lease) && (column == kState || column == kLast);
    case kLeftRole:
      if (column != kEnds || row.lease.granted_seconds == 0) return {};
      return std::min(1.0, double(endsIn(row)) / row.lease.granted_seconds);
    default:
      return {};
  }
}

QString LeaseTableModel::display(const LeaseRow& row, int column) const {
  const ipc::LeaseStatus& lease = row.lease;
  switch (column) {
    case kLease:
      return tr("%1 #%2").arg(text(row.gateway)).arg(lease.bind);
    case kKind:
      return kindText(lease);
    case kAddress:
      return text(lease.address);
    case kHolding:
      return lease.spis.empty() ? portsText(lease.ports) : spisText(lease.spis);
    case kRemote:
      return lease.remote.empty() ? tr("anybody") : text(lease.remote);
    case kInUse:
      return inUseText(lease);
    case kState:
      return leaseStateText(lease);
    case kEnds:
      return durationText(endsIn(row));
    case kLast:
      return lease.history.empty() ? QString() : renewalText(lease.history.back());
    default:
      return {};
  }
}

QVariant LeaseTableModel::sortValue(const LeaseRow& row, int column) const {
  switch (column) {
    case kLease:
      return row.lease.bind;
    case kHolding:
      return row.lease.ports.empty() ? 0 : int(row.lease.ports.front().first);
    case kInUse:
      return row.lease.ports_in_use;
    case kEnds:
      return endsIn(row);
    case kLast:
      return row.lease.history.empty() ? QDateTime() : timeOf(row.lease.history.back().time);
    default:
      return {};
  }
}

QString LeaseTableModel::whenText(const LeaseRow& row) const {
  const QDateTime now = QDateTime::currentDateTime();
  const std::uint32_t renews = secondsLeft_(row.gateway, row.lease.renews_in_seconds);
  return tr("Ends %1.\nThe agent renews it %2 (in %3).")
      .arg(momentText(now.addSecs(endsIn(row)), now), momentText(now.addSecs(renews), now),
           durationText(renews));
}

}  // namespace rsip::gui
