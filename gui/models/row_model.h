#pragma once

#include <utility>
#include <vector>

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QStringList>

namespace rsip::gui {

/// Role by which a column sorts: a number or a date, where the text would sort wrongly.
inline constexpr int kSortRole = Qt::UserRole + 1;
/// Role of what a filter looks in: all of the row in one text.
inline constexpr int kFilterRole = Qt::UserRole + 2;
/// Role that is true if something is wrong with the row.
inline constexpr int kFaultRole = Qt::UserRole + 3;
/// Role of what is left of a lease's life, 0.0 to 1.0.
inline constexpr int kLeftRole = Qt::UserRole + 4;

/// A table that is given whole each time and changes only where it is another one: the selection,
/// the place in the list and what a screen reader reads stay.
///
/// Row   a value with ==
template <class Row>
class RowModel : public QAbstractTableModel {
 public:
  using QAbstractTableModel::QAbstractTableModel;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : int(rows_.size());
  }
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : int(titles().size());
  }
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                    int role) const override {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return titles().value(section);
  }
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override {
    if (!index.isValid() || index.row() >= int(rows_.size())) return {};
    const Row& row = rows_[std::size_t(index.row())];
    if (role == kFilterRole) return allTexts(row);
    const QVariant value = cell(row, index.column(), role);
    if (role == kSortRole && !value.isValid()) return cell(row, index.column(), Qt::DisplayRole);
    if (role == Qt::AccessibleTextRole && !value.isValid()) {
      return titles().value(index.column()) + QStringLiteral(": ") +
             cell(row, index.column(), Qt::DisplayRole).toString();
    }
    return value;
  }

  void setRows(std::vector<Row> rows) {
    QHash<QString, std::size_t> wanted;
    wanted.reserve(qsizetype(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) wanted.insert(keyOf(rows[i]), i);
    removeAllBut(wanted);
    QSet<QString> had;
    change(rows, wanted, had);
    append(std::move(rows), had);
  }

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  /// Nothing if there is no such row.
  [[nodiscard]] const Row* rowAt(int row) const {
    return row >= 0 && row < int(rows_.size()) ? &rows_[std::size_t(row)] : nullptr;
  }

 protected:
  [[nodiscard]] virtual QStringList titles() const = 0;
  /// What makes two rows the same thing at two times.
  [[nodiscard]] virtual QString keyOf(const Row& row) const = 0;
  [[nodiscard]] virtual QVariant cell(const Row& row, int column, int role) const = 0;

  std::vector<Row> rows_;

 private:
  void removeAllBut(const QHash<QString, std::size_t>& wanted) {
    for (int last = int(rows_.size()) - 1; last >= 0; --last) {
      if (wanted.contains(keyOf(rows_[std::size_t(last)]))) continue;
      int first = last;
      while (first > 0 && !wanted.contains(keyOf(rows_[std::size_t(first) - 1]))) --first;
      beginRemoveRows({}, first, last);
      rows_.erase(rows_.begin() + first, rows_.begin() + last + 1);
      endRemoveRows();
      last = first;
    }
  }

  void change(const std::vector<Row>& rows, const QHash<QString, std::size_t>& wanted,
              QSet<QString>& had) {
    int first = -1;
    const auto tell = [&](int end) {
      if (first >= 0) emit dataChanged(index(first, 0), index(end - 1, columnCount() - 1));
      first = -1;
    };
    for (int i = 0; i < int(rows_.size()); ++i) {
      Row& row = rows_[std::size_t(i)];
      const QString key = keyOf(row);
      had.insert(key);
      const Row& now = rows[wanted.value(key)];
      if (row == now) {
        tell(i);
        continue;
      }
      row = now;
      if (first < 0) first = i;
    }
    tell(int(rows_.size()));
  }

  void append(std::vector<Row> rows, const QSet<QString>& had) {
    std::vector<Row> fresh;
    QSet<QString> seen;
    for (Row& row : rows) {
      const QString key = keyOf(row);
      if (had.contains(key) || seen.contains(key)) continue;
      seen.insert(key);
      fresh.push_back(std::move(row));
    }
    if (fresh.empty()) return;
    beginInsertRows({}, int(rows_.size()), int(rows_.size() + fresh.size()) - 1);
    for (Row& row : fresh) rows_.push_back(std::move(row));
    endInsertRows();
  }

  QString allTexts(const Row& row) const {
    QStringList texts;
    for (int column = 0; column < columnCount(); ++column) {
      texts << cell(row, column, Qt::DisplayRole).toString();
    }
    return texts.join(QLatin1Char(' '));
  }
};

}  // namespace rsip::gui
