#include "gui/plots/sparkline.h"

#include <algorithm>
#include <cmath>

#include <QPainter>
#include <QPainterPath>

#include "gui/models/words.h"
#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

/// Less than that would make noise look like traffic.
constexpr double kSmallestPeak = 1024;

/// The next of 1, 2, 5, 10, ...: a scale that stands still while the traffic trembles.
double roundUp(double peak) {
  const double power = std::pow(10.0, std::floor(std::log10(peak)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (peak <= step * power) return step * power;
  }
  return 10 * power;
}

}  // namespace

Sparkline::Sparkline(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Throughput"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

void Sparkline::setHistory(const ThroughputHistory& history) {
  samples_ = history.last(seconds_);
  peak_ = roundUp(std::max(kSmallestPeak, history.peak(seconds_)));
  const ThroughputHistory::Sample newest = history.newest();
  setAccessibleDescription(
      newest ? tr("%1 up, %2 down").arg(rateText(newest->up), rateText(newest->down))
             : tr("no traffic is counted"));
  update();
}

void Sparkline::setSeconds(std::size_t seconds) {
  seconds_ = seconds;
}

QSize Sparkline::sizeHint() const {
  return {360, std::max(110, fontMetrics().height() * 7)};
}

QSize Sparkline::minimumSizeHint() const {
  return {160, fontMetrics().height() * 5};
}

QRectF Sparkline::field() const {
  return QRectF(rect()).adjusted(0.5, 4, -0.5, -(fontMetrics().height() + 4.0));
}

void Sparkline::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintSide(painter, true);
  paintSide(painter, false);
  paintLabels(painter);
}

void Sparkline::paintSide(QPainter& painter, bool up) const {
  const PlotColors colors = plotColors(palette());
  const QRectF area = field();
  const double middle = area.center().y();
  const double step = area.width() / double(std::max<std::size_t>(1, seconds_ - 1));
  const double begin = area.right() - step * double(samples_.empty() ? 0 : samples_.size() - 1);
  const QColor color = up ? colors.amber : colors.blue;
  QColor fill = color;
  fill.setAlphaF(0.25F);
  for (std::size_t i = 0; i < samples_.size();) {
    if (!samples_[i]) {
      ++i;
      continue;
    }
    QPainterPath line;
    const double first = begin + step * double(i);
    double x = first;
    for (bool started = false; i < samples_.size() && samples_[i]; ++i, started = true) {
      x = begin + step * double(i);
      const double rate = up ? samples_[i]->up : samples_[i]->down;
      const double y = middle + (up ? -1 : 1) * std::min(1.0, rate / peak_) * area.height() / 2;
      started ? line.lineTo(x, y) : line.moveTo(x, y);
    }
    QPainterPath body = line;
    body.lineTo(x, middle);
    body.lineTo(first, middle);
    painter.fillPath(body, fill);
    painter.setPen(QPen(color, 1.5));
    painter.drawPath(line);
  }
}

void Sparkline::paintLabels(QPainter& painter) const {
  const PlotColors colors = plotColors(palette());
  const QRectF area = field();
  painter.setPen(QPen(colors.grid, 1));
  painter.drawLine(QLineF(area.left(), area.center().y(), area.right(), area.center().y()));
  painter.setPen(colors.faint);
  painter.drawText(area, Qt::AlignLeft | Qt::AlignTop, tr("up, to %1").arg(rateText(peak_)));
  painter.drawText(area, Qt::AlignLeft | Qt::AlignBottom, tr("down"));
  const QRectF axis(0, area.bottom() + 2, width(), fontMetrics().height());
  painter.drawText(axis, Qt::AlignLeft, tr("%1 ago").arg(durationText(seconds_)));
  painter.drawText(axis, Qt::AlignRight, tr("now"));
}

}  // namespace rsip::gui
