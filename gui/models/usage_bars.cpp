#include "gui/models/usage_bars.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(UsageBars)
};

void add(UsageBars::Bar& bar, const ipc::UsageRow& row) {
  bar.sent += row.sent_bytes;
  bar.received += row.received_bytes;
  bar.leasedSeconds += row.leased_seconds;
}

}  // namespace

UsageBars UsageBars::byDay(const std::vector<ipc::UsageRow>& rows, const QDate& today) {
  UsageBars result;
  for (int back = kDays - 1; back >= 0; --back) {
    result.bars_.push_back({.name = {}, .day = today.addDays(-back)});
  }
  for (const ipc::UsageRow& row : rows) {
    const QDate day = QDate::fromString(text(row.day), Qt::ISODate);
    const qint64 place = result.bars_.front().day.daysTo(day);
    if (day.isValid() && place >= 0 && place < kDays) add(result.bars_[std::size_t(place)], row);
  }
  return result;
}

UsageBars UsageBars::byGateway(const std::vector<ipc::UsageRow>& rows) {
  UsageBars result;
  for (const ipc::UsageRow& row : rows) {
    const QString name = text(row.gateway);
    auto bar = std::ranges::find(result.bars_, name, &Bar::name);
    if (bar == result.bars_.end()) bar = result.bars_.insert(bar, Bar{.name = name, .day = {}});
    add(*bar, row);
  }
  std::ranges::stable_sort(result.bars_, std::ranges::greater{},
                           [](const Bar& bar) { return bar.sent + bar.received; });
  return result;
}

std::uint64_t UsageBars::peak() const {
  std::uint64_t peak = 0;
  for (const Bar& bar : bars_) peak = std::max(peak, bar.sent + bar.received);
  return peak;
}

UsageBars::Bar UsageBars::total() const {
  Bar sum;
  for (const Bar& bar : bars_) {
    sum.sent += bar.sent;
    sum.received += bar.received;
    sum.leasedSeconds += bar.leasedSeconds;
  }
  return sum;
}

QString UsageBars::words(const Bar& bar) {
  const QString what =
      Words::tr("%1 sent, %2 received, leased for %3")
          .arg(bytesText(bar.sent), bytesText(bar.received), durationText(bar.leasedSeconds));
  if (!bar.name.isEmpty()) return Words::tr("%1: %2").arg(bar.name, what);
  if (!bar.day.isValid()) return what;
  return Words::tr("%1: %2").arg(QLocale().toString(bar.day, QLocale::ShortFormat), what);
}

}  // namespace rsip::gui
