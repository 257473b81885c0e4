#include "gui/models/sa_table_model.h"

#include <algorithm>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

SaRow rowOf(const ipc::SaStatus& sa, const std::vector<ipc::SpiStatus>& leased) {
  SaRow row{.spi = sa.spi,
            .bind = sa.bind,
            .protocol = sa.protocol,
            .from = sa.source,
            .to = sa.destination,
            .mode = sa.mode,
            .inbound = sa.inbound,
            .connection = sa.connection,
            .fault = sa.fault,
            .remedy = sa.remedy};
  const auto lease = std::ranges::find(leased, sa.spi, &ipc::SpiStatus::spi);
  if (sa.inbound && lease != leased.end()) {
    row.use = lease->use;
    row.bind = lease->bind;
  }
  return row;
}

QString leasedText(const SaRow& row) {
  if (row.use == "free") return SaTableModel::tr("Leased, free");
  if (row.use == "offered") return SaTableModel::tr("Leased, offered to the IKE daemon");
  if (row.use == "in_use") return SaTableModel::tr("Leased, in use");
  if (row.use == "resting") return SaTableModel::tr("Leased, resting");
  if (!row.inbound) return SaTableModel::tr("The peer's");
  return SaTableModel::tr("Not leased");
}

QString display(const SaRow& row, int column) {
  switch (column) {
    case SaTableModel::kSpi:
      return text(row.spi);
    case SaTableModel::kLeased:
      return leasedText(row);
    case SaTableModel::kWay:
      if (row.protocol.empty()) return SaTableModel::tr("no association");
      return row.inbound ? SaTableModel::tr("%1 in").arg(text(row.protocol).toUpper())
                         : SaTableModel::tr("%1 out").arg(text(row.protocol).toUpper());
    case SaTableModel::kPeers:
      if (row.protocol.empty()) return {};
      return SaTableModel::tr("%1 to %2").arg(text(row.from), text(row.to));
    case SaTableModel::kMode:
      return text(row.mode);
    case SaTableModel::kConnection:
      return text(row.connection);
    case SaTableModel::kFault:
      if (row.fault.empty()) return row.protocol.empty() ? QString() : SaTableModel::tr("Fine");
      return text(row.fault);
    default:
      return {};
  }
}

}  // namespace

void SaTableModel::setStatus(const ipc::IpsecStatus& status) {
  std::vector<SaRow> rows;
  for (const ipc::SaStatus& sa : status.associations) rows.push_back(rowOf(sa, status.spis));
  for (const ipc::SpiStatus& spi : status.spis) {
    const bool used = std::ranges::any_of(
        status.associations, [&](const auto& sa) { return sa.inbound && sa.spi == spi.spi; });
    if (!used) rows.push_back({.spi = spi.spi, .use = spi.use, .bind = spi.bind, .inbound = true});
  }
  setRows(std::move(rows));
}

int SaTableModel::faults() const {
  return int(std::ranges::count_if(rows_, [](const SaRow& row) { return !row.fault.empty(); }));
}

QStringList SaTableModel::titles() const {
  return {tr("SPI"),         tr("Verdict"), tr("Lease"),     tr("Association"),
          tr("From and to"), tr("Mode"),    tr("Connection")};
}

QString SaTableModel::keyOf(const SaRow& row) const {
  return text(row.inbound ? "in " : "out ") + text(row.spi) + QLatin1Char(' ') + text(row.to);
}

QVariant SaTableModel::cell(const SaRow& row, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
      return display(row, column);
    case Qt::ToolTipRole:
      return row.remedy.empty() ? display(row, column) : text(row.remedy);
    case kFaultRole:
      return !row.fault.empty() && column <= kFault;
    default:
      return {};
  }
}

}  // namespace rsip::gui
