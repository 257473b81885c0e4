#include "gui/plots/usage_chart.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "gui/models/words.h"
#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

/// Two gateways are no reason for bars as wide as the window.
constexpr double kWidestBar = 64;

}  // namespace

UsageChart::UsageChart(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Usage of the last 30 days"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void UsageChart::setBars(UsageBars bars) {
  bars_ = std::move(bars);
  pointed_ = -1;
  setAccessibleDescription(UsageBars::words(bars_.total()));
  update();
}

QSize UsageChart::sizeHint() const {
  return {360, std::max(120, fontMetrics().height() * 8)};
}

QSize UsageChart::minimumSizeHint() const {
  return {200, fontMetrics().height() * 6};
}

QRectF UsageChart::field() const {
  const double line = fontMetrics().height();
  return QRectF(rect()).adjusted(0, line + 4, 0, -(line + 6));
}

QRectF UsageChart::barRect(int bar) const {
  const QRectF area = field();
  const double slot =
      std::min(kWidestBar * 2, area.width() / std::max<double>(1, double(bars_.bars().size())));
  const double wide = std::min(kWidestBar, slot * 0.7);
  const UsageBars::Bar& what = bars_.bars()[std::size_t(bar)];
  const double peak = double(std::max<std::uint64_t>(1, bars_.peak()));
  const double high = double(what.sent + what.received) / peak * area.height();
  return {area.left() + slot * bar + (slot - wide) / 2, area.bottom() - high, wide, high};
}

void UsageChart::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const PlotColors colors = plotColors(palette());
  const QRectF area = field();
  painter.setPen(QPen(colors.grid, 1));
  painter.drawLine(QLineF(area.topLeft(), area.topRight()));
  painter.drawLine(QLineF(area.bottomLeft(), area.bottomRight()));
  for (int bar = 0; bar < int(bars_.bars().size()); ++bar) paintBar(painter, bar);
  painter.setPen(colors.faint);
  painter.drawText(QRectF(0, 0, width(), fontMetrics().height()), Qt::AlignLeft,
                   bytesText(bars_.peak()));
}

void UsageChart::paintBar(QPainter& painter, int bar) const {
  const PlotColors colors = plotColors(palette());
  const UsageBars::Bar& what = bars_.bars()[std::size_t(bar)];
  const QRectF whole = barRect(bar);
  const double share =
      double(what.sent) / double(std::max<std::uint64_t>(1, what.sent + what.received));
  QRectF sent = whole;
  sent.setHeight(whole.height() * share);
  QRectF received = whole;
  received.setTop(sent.bottom());
  painter.fillRect(received, colors.blue);
  painter.fillRect(sent, colors.amber);
  if (bar == pointed_) {
    painter.setPen(QPen(colors.text, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(whole.adjusted(-2, -2, 2, 2));
  }
  painter.setPen(colors.faint);
  paintName(painter, bar);
}

void UsageChart::paintName(QPainter& painter, int bar) const {
  const UsageBars::Bar& what = bars_.bars()[std::size_t(bar)];
  const QRectF area = field();
  const double slot = area.width() / double(bars_.bars().size());
  const QRectF column = barRect(bar);
  const double y = area.bottom() + 3;
  if (!what.name.isEmpty()) {
    const QRectF place(column.center().x() - kWidestBar, y, kWidestBar * 2, fontMetrics().height());
    painter.drawText(place, Qt::AlignHCenter,
                     fontMetrics().elidedText(what.name, Qt::ElideRight, int(kWidestBar * 2)));
    return;
  }
  const QString name = QLocale().toString(what.day, QStringLiteral("d MMM"));
  const double wide = fontMetrics().horizontalAdvance(name);
  const double widest = fontMetrics().horizontalAdvance(QStringLiteral("28 MMM")) + 12;
  const int every = std::max(1, int(widest / slot) + 1);
  if ((int(bars_.bars().size()) - 1 - bar) % every != 0) return;
  const double x = std::clamp(column.center().x() - wide / 2, 0.0, std::max(0.0, width() - wide));
  painter.drawText(QRectF(x, y, wide + 1, fontMetrics().height()), Qt::AlignLeft, name);
}

void UsageChart::mouseMoveEvent(QMouseEvent* event) {
  for (int bar = 0; bar < int(bars_.bars().size()); ++bar) {
    const QRectF place = barRect(bar);
    if (event->position().x() >= place.left() - 2 && event->position().x() <= place.right() + 2) {
      return pointAt(bar);
    }
  }
  pointAt(-1);
}

void UsageChart::keyPressEvent(QKeyEvent* event) {
  const int last = int(bars_.bars().size()) - 1;
  if (last < 0 || (event->key() != Qt::Key_Left && event->key() != Qt::Key_Right)) {
    return QWidget::keyPressEvent(event);
  }
  if (pointed_ < 0) return pointAt(last);
  pointAt(std::clamp(pointed_ + (event->key() == Qt::Key_Left ? -1 : 1), 0, last));
}

void UsageChart::leaveEvent(QEvent*) {
  pointAt(-1);
}

void UsageChart::pointAt(int bar) {
  if (bar == pointed_) return;
  pointed_ = bar;
  const QString words = bar < 0 ? QString() : UsageBars::words(bars_.bars()[std::size_t(bar)]);
  setAccessibleDescription(words.isEmpty() ? UsageBars::words(bars_.total()) : words);
  emit pointedAt(words);
  update();
}

}  // namespace rsip::gui
