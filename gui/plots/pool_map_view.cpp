#include "gui/plots/pool_map_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

constexpr int kGap = 3;

int cellSize(std::size_t cells) {
  if (cells <= 64) return 26;
  return cells <= 256 ? 20 : 14;
}

void paintUse(QPainter& painter, const QRectF& place, PortUse use, double share,
              const PlotColors& colors, const QColor& ground) {
  const UseLook look = lookOf(use, colors);
  painter.setPen(QPen(use == PortUse::kFree ? colors.faint : look.fill, 1));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(place, 2.5, 2.5);
  if (use == PortUse::kFree) return;
  QRectF filled = place;
  filled.setTop(place.bottom() - place.height() * share);
  painter.setPen(Qt::NoPen);
  painter.setBrush(look.fill);
  painter.drawRoundedRect(filled, 2.5, 2.5);
  if (look.hatch == Qt::NoBrush) return;
  painter.setBrush(QBrush(ground, look.hatch));
  painter.drawRect(filled);
}

}  // namespace

PoolMapView::PoolMapView(QWidget* parent) : QWidget(parent) {
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Map of the leased ports"));
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void PoolMapView::setMap(PortMap map) {
  const bool resized = map.cells().size() != map_.cells().size();
  map_ = std::move(map);
  cell_ = cellSize(map_.cells().size());
  if (pointed_ >= int(map_.cells().size())) pointed_ = -1;
  if (pointed_ < 0) setAccessibleDescription(map_.words());
  if (resized) updateGeometry();
  update();
}

int PoolMapView::columnsIn(int width) const {
  return std::max(1, (width + kGap) / (cell_ + kGap));
}

QRect PoolMapView::cellRect(int cell) const {
  const int columns = columnsIn(width());
  return {cell % columns * (cell_ + kGap) + 1, cell / columns * (cell_ + kGap) + 1, cell_ - 2,
          cell_ - 2};
}

int PoolMapView::cellAt(const QPoint& place) const {
  const int columns = columnsIn(width());
  const int column = place.x() / (cell_ + kGap);
  const int cell = place.y() / (cell_ + kGap) * columns + column;
  if (column >= columns || cell < 0 || cell >= int(map_.cells().size())) return -1;
  return cellRect(cell).contains(place) ? cell : -1;
}

QSize PoolMapView::sizeHint() const {
  return {480, heightForWidth(480)};
}

QSize PoolMapView::minimumSizeHint() const {
  return {cell_ * 4, cell_};
}

int PoolMapView::heightForWidth(int width) const {
  const int columns = columnsIn(width);
  const int rows = (int(map_.cells().size()) + columns - 1) / columns;
  return std::max(1, rows) * (cell_ + kGap);
}

bool PoolMapView::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* const help = static_cast<QHelpEvent*>(event);
  const int cell = cellAt(help->pos());
  if (cell < 0) {
    QToolTip::hideText();
  } else {
    QToolTip::showText(help->globalPos(), PortMap::words(map_.cells()[std::size_t(cell)]), this);
  }
  return true;
}

void PoolMapView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  for (int cell = 0; cell < int(map_.cells().size()); ++cell) paintCell(painter, cell);
}

void PoolMapView::paintCell(QPainter& painter, int number) const {
  const PlotColors colors = plotColors(palette());
  const PortMap::Cell& cell = map_.cells()[std::size_t(number)];
  const QRectF place = QRectF(cellRect(number)).adjusted(0.5, 0.5, -0.5, -0.5);
  const double share = cell.ports == 0 ? 0 : double(cell.taken) / cell.ports;
  paintUse(painter, place, cell.use, std::max(0.25, share), colors,
           palette().color(QPalette::Base));
  if (number != pointed_) return;
  painter.setPen(QPen(colors.text, 2));
  painter.setBrush(Qt::NoBrush);
  painter.drawRoundedRect(place.adjusted(-1, -1, 1, 1), 3, 3);
}

void PoolMapView::mousePressEvent(QMouseEvent* event) {
  const int cell = cellAt(event->pos());
  pointAt(cell);
  if (cell >= 0) emit activated(map_.cells()[std::size_t(cell)]);
}

void PoolMapView::mouseMoveEvent(QMouseEvent* event) {
  if (!hasFocus() || cellAt(event->pos()) >= 0) pointAt(cellAt(event->pos()));
}

void PoolMapView::keyPressEvent(QKeyEvent* event) {
  const int columns = columnsIn(width());
  const int last = int(map_.cells().size()) - 1;
  int to = pointed_;
  switch (event->key()) {
    case Qt::Key_Left:
      to -= 1;
      break;
    case Qt::Key_Right:
      to += 1;
      break;
    case Qt::Key_Up:
      to -= columns;
      break;
    case Qt::Key_Down:
      to += columns;
      break;
    case Qt::Key_Home:
      to = 0;
      break;
    case Qt::Key_End:
      to = last;
      break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
      if (pointed_ >= 0) emit activated(map_.cells()[std::size_t(pointed_)]);
      return;
    default:
      return QWidget::keyPressEvent(event);
  }
  if (last >= 0) pointAt(std::clamp(to, 0, last));
}

void PoolMapView::focusOutEvent(QFocusEvent* event) {
  pointAt(-1);
  QWidget::focusOutEvent(event);
}

void PoolMapView::pointAt(int cell) {
  if (cell == pointed_) return;
  pointed_ = cell;
  const QString words = cell < 0 ? QString() : PortMap::words(map_.cells()[std::size_t(cell)]);
  setAccessibleDescription(words.isEmpty() ? map_.words() : words);
  emit pointedAt(words);
  update();
}

PoolMapLegend::PoolMapLegend(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("What the cells mean"));
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void PoolMapLegend::setMap(const PortMap& map) {
  map_ = map;
  QStringList all;
  for (const PortUse use : kPortUses) all << words(use);
  setAccessibleDescription(all.join(QStringLiteral(", ")));
  updateGeometry();
  update();
}

QString PoolMapLegend::words(PortUse use) const {
  return tr("%1: %2").arg(portUseText(use), QLocale().toString(map_.count(use)));
}

template <class Put>
int PoolMapLegend::layOut(int width, Put put) const {
  const int line = fontMetrics().height() + 8;
  const int square = fontMetrics().height();
  QPoint at(0, 0);
  for (const PortUse use : kPortUses) {
    const QString entry = words(use);
    const int needs = square + 6 + fontMetrics().horizontalAdvance(entry);
    if (at.x() > 0 && at.x() + needs > width) at = {0, at.y() + line};
    put(QRect(at, QSize(needs, square)), use, entry);
    at.rx() += needs + 20;
  }
  return at.y() + line;
}

QSize PoolMapLegend::sizeHint() const {
  return {480, heightForWidth(480)};
}

int PoolMapLegend::heightForWidth(int width) const {
  return layOut(width, [](const QRect&, PortUse, const QString&) {});
}

void PoolMapLegend::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const PlotColors colors = plotColors(palette());
  layOut(width(), [&](const QRect& place, PortUse use, const QString& entry) {
    const double side = place.height();
    paintUse(painter, QRectF(place.x() + 1.5, place.y() + 1.5, side - 3, side - 3), use, 1.0,
             colors, palette().color(QPalette::Base));
    painter.setPen(colors.text);
    painter.drawText(place.adjusted(place.height() + 6, 0, 8, 0), Qt::AlignVCenter, entry);
  });
}

}  // namespace rsip::gui
