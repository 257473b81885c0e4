#pragma once

#include "common/ipc/events.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

/// How many lines are kept: as many as the agent tells at once, several times.
inline constexpr std::size_t kLogLines = 2000;
/// Role of how bad a line is, 0 "trace" to 4 "error".
inline constexpr int kLevelRole = Qt::UserRole + 10;
/// 0 "trace" to 4 "error".
int levelOf(const std::string& level);

/// The agent's log, newest last. Old lines go when there are too many.
class LogModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { kTime, kLevel, kText, kColumns };
  using QAbstractTableModel::QAbstractTableModel;

  void setLines(std::vector<ipc::LogLine> lines);
  void add(const ipc::LogLine& line);
  [[nodiscard]] const std::vector<ipc::LogLine>& lines() const { return lines_; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override;

 private:
  std::vector<ipc::LogLine> lines_;
};

}  // namespace rsip::gui
