#include "gui/plots/lease_timeline_plot.h"

#include <algorithm>
#include <cmath>

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

using Mark = LeaseTimeline::Mark;
constexpr std::int64_t kMinute = 60'000;
constexpr int kNameGap = 12;   ///< Between a bar's name and its field.
constexpr int kLabelGap = 10;  ///< Between two texts of the axis.

/// Minutes between two labels of the axis: so many that they do not touch.
std::int64_t labelStep(std::int64_t span, double width, double labelWidth) {
  const double fit = std::max(1.0, width / (labelWidth * 1.6));
  for (const std::int64_t minutes : {5, 10, 15, 30, 60, 120, 180, 360}) {
    if (double(span) / double(minutes * kMinute) <= fit) return minutes * kMinute;
  }
  return 720 * kMinute;
}

QString clock(std::int64_t time) {
  return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time).time(), QLocale::ShortFormat);
}

}  // namespace

LeaseTimelinePlot::LeaseTimelinePlot(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Leases in time"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

void LeaseTimelinePlot::setTimeline(const LeaseTimeline& timeline, std::int64_t now) {
  const bool resized = timeline.bars().size() != timeline_.bars().size();
  timeline_ = timeline;
  now_ = now;
  span_ = timeline_.span(now);
  current_ = std::min(current_, int(timeline_.bars().size()) - 1);
  QStringList words;
  for (const LeaseTimeline::Bar& bar : timeline_.bars()) words << LeaseTimeline::words(bar, now_);
  if (current_ < 0) setAccessibleDescription(words.join(QStringLiteral("; ")));
  if (resized) updateGeometry();
  update();
}

int LeaseTimelinePlot::lineHeight() const {
  return fontMetrics().height() + 12;
}

int LeaseTimelinePlot::nameWidth() const {
  int widest = 0;
  for (const LeaseTimeline::Bar& bar : timeline_.bars()) {
    widest = std::max(widest, fontMetrics().horizontalAdvance(bar.name));
  }
  // One more: a width is rounded, and eliding takes a text that is broader by a part of a pixel.
  return std::min(widest + 1 + kNameGap, width() / 3);
}

QSize LeaseTimelinePlot::sizeHint() const {
  const int bars = std::max(1, int(timeline_.bars().size()));
  return {480, bars * lineHeight() + fontMetrics().height() + 10};
}

QSize LeaseTimelinePlot::minimumSizeHint() const {
  return {240, sizeHint().height()};
}

QRectF LeaseTimelinePlot::field() const {
  const int bottom = fontMetrics().height() + 8;
  return QRectF(rect()).adjusted(nameWidth(), 0, -8, -bottom);
}

double LeaseTimelinePlot::xOf(std::int64_t time) const {
  const QRectF area = field();
  const double share =
      double(time - span_.from) / double(std::max<std::int64_t>(1, span_.to - span_.from));
  return area.left() + std::clamp(share, 0.0, 1.0) * area.width();
}

QRectF LeaseTimelinePlot::barRect(int bar) const {
  const LeaseTimeline::Bar& what = timeline_.bars()[std::size_t(bar)];
  const double left = xOf(what.from);
  return {left, bar * double(lineHeight()) + 6, std::max(2.0, xOf(what.to) - left),
          lineHeight() - 12.0};
}

bool LeaseTimelinePlot::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* const help = static_cast<QHelpEvent*>(event);
  const QString words = wordsAt(help->pos());
  words.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), words, this);
  return true;
}

QString LeaseTimelinePlot::wordsAt(const QPointF& place) const {
  for (int bar = 0; bar < int(timeline_.bars().size()); ++bar) {
    if (!barRect(bar).adjusted(-6, -6, 6, 6).contains(place)) continue;
    for (const LeaseTimeline::Marker& marker : timeline_.bars()[std::size_t(bar)].markers) {
      if (std::abs(xOf(marker.at) - place.x()) < 6) {
        return tr("%1: %2").arg(clock(marker.at), marker.words);
      }
    }
    return LeaseTimeline::words(timeline_.bars()[std::size_t(bar)], now_);
  }
  return {};
}

void LeaseTimelinePlot::keyPressEvent(QKeyEvent* event) {
  const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
  if (step == 0 || timeline_.bars().empty()) return QWidget::keyPressEvent(event);
  current_ = std::clamp(current_ + step, 0, int(timeline_.bars().size()) - 1);
  const QString words = LeaseTimeline::words(timeline_.bars()[std::size_t(current_)], now_);
  setAccessibleDescription(words);
  QToolTip::showText(mapToGlobal(barRect(current_).bottomLeft().toPoint()), words, this);
  update();
}

void LeaseTimelinePlot::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const PlotColors colors = plotColors(palette());
  QColor band = colors.grey;
  band.setAlphaF(0.3F);
  const QRectF area = field();
  for (const LeaseTimeline::Band& sleep : timeline_.suspended()) {
    painter.fillRect(
        QRectF(QPointF(xOf(sleep.from), area.top()), QPointF(xOf(sleep.to), area.bottom())),
        QBrush(band, Qt::BDiagPattern));
  }
  paintAxis(painter);
  for (int bar = 0; bar < int(timeline_.bars().size()); ++bar) paintBar(painter, bar);
  paintNow(painter);
}

void LeaseTimelinePlot::paintAxis(QPainter& painter) const {
  const PlotColors colors = plotColors(palette());
  const QRectF area = field();
  const double wide = fontMetrics().horizontalAdvance(clock(now_));
  const double nowRoom = (wide + fontMetrics().horizontalAdvance(tr("now"))) / 2 + kLabelGap;
  const std::int64_t step = labelStep(span_.to - span_.from, area.width(), wide);
  const std::int64_t offset = QDateTime::fromMSecsSinceEpoch(now_).offsetFromUtc() * 1000LL;
  for (std::int64_t time = ((span_.from + offset) / step + 1) * step - offset; time < span_.to;
       time += step) {
    const double x = xOf(time);
    painter.setPen(QPen(colors.grid, 1));
    painter.drawLine(QLineF(x, area.top(), x, area.bottom()));
    if (std::abs(x - xOf(now_)) < nowRoom || x + wide / 2 > width()) continue;
    painter.setPen(colors.faint);
    painter.drawText(QRectF(x - wide, area.bottom() + 4, wide * 2, fontMetrics().height()),
                     Qt::AlignHCenter, clock(time));
  }
}

void LeaseTimelinePlot::paintBar(QPainter& painter, int number) const {
  const PlotColors colors = plotColors(palette());
  const LeaseTimeline::Bar& bar = timeline_.bars()[std::size_t(number)];
  const QRectF place = barRect(number);
  painter.setPen(number == current_ && hasFocus() ? colors.text : colors.faint);
  painter.drawText(QRectF(0, place.top() - 6, nameWidth() - kNameGap, lineHeight()),
                   Qt::AlignVCenter | Qt::AlignLeft,
                   fontMetrics().elidedText(bar.name, Qt::ElideMiddle, nameWidth() - kNameGap));
  QColor past = bar.gone ? colors.grey : colors.green;
  QColor ahead = past;
  ahead.setAlphaF(0.35F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ahead);
  painter.drawRoundedRect(place, 3, 3);
  QRectF gone = place;
  gone.setRight(std::clamp(xOf(now_), place.left(), place.right()));
  painter.setBrush(past);
  painter.drawRoundedRect(gone, 3, 3);
  painter.setPen(QPen(colors.text, 1.5, Qt::DotLine));
  for (const auto& tick : {bar.renewsAt, bar.lastTry}) {
    if (!tick || *tick <= now_) continue;
    painter.drawLine(QLineF(xOf(*tick), place.top() - 2, xOf(*tick), place.bottom() + 2));
  }
  painter.setPen(QPen(colors.text, 2));
  if (!bar.gone)
    painter.drawLine(QLineF(place.right(), place.top() - 3, place.right(), place.bottom() + 3));
  for (const LeaseTimeline::Marker& marker : bar.markers) {
    if (marker.at >= span_.from)
      paintMarker(painter, xOf(marker.at), place.center().y(), marker.mark);
  }
}

/// Each by its own shape: a ring, a disc, a cross.
void LeaseTimelinePlot::paintMarker(QPainter& painter, double x, double y, Mark mark) const {
  const PlotColors colors = plotColors(palette());
  const QColor ground = palette().color(QPalette::Base);
  const double r = 4.5;
  painter.setPen(QPen(ground, 1.5));
  painter.setBrush(mark == Mark::kFailed || mark == Mark::kLost ? colors.red : colors.text);
  switch (mark) {
    case Mark::kGranted:
      painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r));
      return;
    case Mark::kExtended:
      painter.drawEllipse(QPointF(x, y), r, r);
      return;
    case Mark::kFailed:
      painter.drawPolygon(QPolygonF{{x - r - 1, y + r}, {x + r + 1, y + r}, {x, y - r - 1}});
      return;
    case Mark::kLost:
    case Mark::kEnded:
      painter.setPen(QPen(mark == Mark::kLost ? colors.red : colors.text, 2.5));
      painter.drawLine(QLineF(x - r, y - r, x + r, y + r));
      painter.drawLine(QLineF(x - r, y + r, x + r, y - r));
      return;
  }
}

void LeaseTimelinePlot::paintNow(QPainter& painter) const {
  const PlotColors colors = plotColors(palette());
  const QRectF area = field();
  const double x = xOf(now_);
  painter.setPen(QPen(colors.blue, 2));
  painter.drawLine(QLineF(x, area.top(), x, area.bottom() + 3));
  painter.drawText(QRectF(x - 60, area.bottom() + 4, 120, fontMetrics().height()), Qt::AlignHCenter,
                   tr("now"));
}

}  // namespace rsip::gui
