#include "gui/models/log_model.h"

#include <algorithm>

#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

/// Lines go in packs: each removal costs as much as the lines that stay.
constexpr std::size_t kPack = 200;

QString levelText(const std::string& level) {
  if (level == "trace") return LogModel::tr("Trace");
  if (level == "debug") return LogModel::tr("Debug");
  if (level == "info") return LogModel::tr("Info");
  if (level == "warn") return LogModel::tr("Warning");
  if (level == "error") return LogModel::tr("Error");
  return text(level);
}

}  // namespace

int levelOf(const std::string& level) {
  if (level == "trace") return 0;
  if (level == "debug") return 1;
  if (level == "warn") return 3;
  if (level == "error") return 4;
  return 2;
}

void LogModel::setLines(std::vector<ipc::LogLine> lines) {
  beginResetModel();
  lines_ = std::move(lines);
  endResetModel();
}

void LogModel::add(const ipc::LogLine& line) {
  if (lines_.size() >= kLogLines) {
    beginRemoveRows({}, 0, int(kPack) - 1);
    lines_.erase(lines_.begin(), lines_.begin() + kPack);
    endRemoveRows();
  }
  beginInsertRows({}, int(lines_.size()), int(lines_.size()));
  lines_.push_back(line);
  endInsertRows();
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(lines_.size());
}

int LogModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QVariant LogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= int(lines_.size())) return {};
  const ipc::LogLine& line = lines_[std::size_t(index.row())];
  if (role == kLevelRole) return levelOf(line.level);
  if (role == kFaultRole) return index.column() == kLevel && levelOf(line.level) >= 4;
  if (role == kFilterRole) return text(line.text);
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  switch (index.column()) {
    case kTime:
      if (role == Qt::ToolTipRole) return text(line.time);
      return QLocale().toString(timeOf(line.time).time(), QStringLiteral("HH:mm:ss"));
    case kLevel:
      return levelText(line.level);
    default:
      return text(line.text);
  }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return QStringList{tr("Time"), tr("Level"), tr("What happened")}.value(section);
}

}  // namespace rsip::gui
