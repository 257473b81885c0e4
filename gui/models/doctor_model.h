#pragma once

#include "common/ipc/doctor_report.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

struct DoctorRow {
  ipc::DoctorCheck check;
  int place = 0;  ///< In the report.
  bool operator==(const DoctorRow& other) const;
};

/// What `rsipctl doctor` looked at, the worst first.
class DoctorModel : public RowModel<DoctorRow> {
  Q_OBJECT

 public:
  enum Column { kVerdict, kArea, kWhat, kWhy, kColumns };
  using RowModel::RowModel;

  void setReport(const ipc::DoctorReport& report);
  /// "Failed: 2, warnings: 1, fine: 20, ...".
  [[nodiscard]] QString summary() const;

 protected:
  [[nodiscard]] QStringList titles() const override;
  [[nodiscard]] QString keyOf(const DoctorRow& row) const override;
  [[nodiscard]] QVariant cell(const DoctorRow& row, int column, int role) const override;
};

}  // namespace rsip::gui
