#pragma once

#include <functional>
#include <string>

#include "common/ipc/status.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

struct LeaseRow {
  std::string gateway;
  ipc::LeaseStatus lease;
  bool operator==(const LeaseRow&) const = default;
};

/// Everything that is leased, one row a bind.
class LeaseTableModel : public RowModel<LeaseRow> {
  Q_OBJECT

 public:
  enum Column {
    kLease,
    kKind,
    kAddress,
    kHolding,
    kInUse,
    kState,
    kEnds,
    kRemote,
    kLast,
    kColumns
  };
  /// Seconds left now of what the snapshot told of that gateway.
  using SecondsLeft = std::function<std::uint32_t(const std::string& gateway, std::uint32_t)>;

  explicit LeaseTableModel(SecondsLeft secondsLeft, QObject* parent = nullptr);

  void setStatus(const ipc::Status& status);
  /// Time has gone on: only the countdowns are others.
  void tick();
  [[nodiscard]] std::uint32_t endsIn(const LeaseRow& row) const;

 protected:
  [[nodiscard]] QStringList titles() const override;
  [[nodiscard]] QString keyOf(const LeaseRow& row) const override;
  [[nodiscard]] QVariant cell(const LeaseRow& row, int column, int role) const override;

 private:
  QString display(const LeaseRow& row, int column) const;
  QVariant sortValue(const LeaseRow& row, int column) const;
  QString whenText(const LeaseRow& row) const;

  SecondsLeft secondsLeft_;
};

/// "In use", "Held", "Idle" ...
QString leaseStateText(const ipc::LeaseStatus& lease);

}  // namespace rsip::gui
