#include "gui/models/doctor_model.h"

#include <algorithm>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

int severity(const std::string& verdict) {
  if (verdict == "fail") return 0;
  if (verdict == "warn") return 1;
  if (verdict == "skip") return 2;
  return 3;
}

QString verdictText(const std::string& verdict) {
  if (verdict == "fail") return DoctorModel::tr("\u2715 Failed");
  if (verdict == "warn") return DoctorModel::tr("! Warning");
  if (verdict == "skip") return DoctorModel::tr("\u2013 Not looked at");
  return DoctorModel::tr("\u2713 Fine");
}

QString areaText(const std::string& area) {
  if (area == "agent") return DoctorModel::tr("Agent");
  if (area == "gateway") return DoctorModel::tr("Gateway");
  if (area == "network") return DoctorModel::tr("Network");
  if (area == "tunnel") return DoctorModel::tr("Tunnel");
  if (area == "ipsec") return DoctorModel::tr("IPsec");
  if (area == "desktop") return DoctorModel::tr("Desktop");
  return text(area);
}

QString display(const ipc::DoctorCheck& check, int column) {
  switch (column) {
    case DoctorModel::kVerdict:
      return verdictText(check.verdict);
    case DoctorModel::kArea:
      return areaText(check.area);
    case DoctorModel::kWhat:
      return text(check.what);
    case DoctorModel::kWhy:
      return text(check.why);
    default:
      return {};
  }
}

}  // namespace

bool DoctorRow::operator==(const DoctorRow& other) const {
  return place == other.place && check.id == other.check.id && check.area == other.check.area &&
         check.verdict == other.check.verdict && check.what == other.check.what &&
         check.why == other.check.why && check.fix == other.check.fix &&
         check.fixable == other.check.fixable;
}

void DoctorModel::setReport(const ipc::DoctorReport& report) {
  std::vector<DoctorRow> rows;
  for (const ipc::DoctorCheck& check : report.checks) rows.push_back({check, int(rows.size())});
  setRows(std::move(rows));
}

QString DoctorModel::summary() const {
  const auto count = [this](const char* verdict) {
    return int(
        std::ranges::count(rows_, verdict, [](const DoctorRow& row) { return row.check.verdict; }));
  };
  return tr("Failed: %1, warnings: %2, fine: %3, not looked at: %4")
      .arg(count("fail"))
      .arg(count("warn"))
      .arg(count("ok"))
      .arg(count("skip"));
}

QStringList DoctorModel::titles() const {
  return {tr("Result"), tr("Area"), tr("What ought to be"), tr("What is")};
}

QString DoctorModel::keyOf(const DoctorRow& row) const {
  return text(row.check.id);
}

QVariant DoctorModel::cell(const DoctorRow& row, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
      return display(row.check, column);
    case kSortRole:
      return column == kVerdict ? QVariant(severity(row.check.verdict) * 1000 + row.place)
                                : QVariant();
    case kFaultRole:
      return column == kVerdict && row.check.verdict == "fail";
    default:
      return {};
  }
}

}  // namespace rsip::gui
