#include "gui/window/countdown_delegate.h"

#include <algorithm>

#include <QPainter>

#include "gui/models/row_model.h"
#include "gui/plots/plot_colors.h"

namespace rsip::gui {
namespace {

/// Below that the bar turns amber: the agent's last try to renew is past.
constexpr double kLittleLeft = 0.125;
/// Between the texts of two columns.
constexpr int kRoom = 10;

}  // namespace

void CountdownDelegate::initStyleOption(QStyleOptionViewItem* option,
                                        const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  if (!index.data(kFaultRole).toBool()) return;
  if (!option->text.isEmpty() && !option->text.startsWith(QChar(0x2715))) {
    option->text.prepend(QStringLiteral("\u2715 "));
  }
  if (option->state.testFlag(QStyle::State_Selected)) return;
  option->palette.setColor(QPalette::Text, plotColors(option->palette).red);
}

QSize CountdownDelegate::sizeHint(const QStyleOptionViewItem& option,
                                  const QModelIndex& index) const {
  const bool hasBar = index.data(kLeftRole).isValid();
  const int least = hasBar ? option.fontMetrics.averageCharWidth() * 12 : 0;
  const QSize needs = QStyledItemDelegate::sizeHint(option, index);
  return {std::max(least, needs.width() + kRoom), needs.height()};
}

void CountdownDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                              const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  const QVariant left = index.data(kLeftRole);
  if (!left.isValid()) return;
  const PlotColors colors = plotColors(option.palette);
  const double share = left.toDouble();
  const QRectF place(option.rect.left() + 4, option.rect.bottom() - 4, option.rect.width() - 12, 3);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  // Green is not seen on the blue of a selection.
  const bool selected = option.state.testFlag(QStyle::State_Selected);
  QColor rest = option.palette.color(QPalette::HighlightedText);
  rest.setAlphaF(0.35F);
  painter->setBrush(selected ? rest : colors.grid);
  painter->drawRoundedRect(place, 1.5, 1.5);
  painter->setBrush(selected              ? option.palette.color(QPalette::HighlightedText)
                    : share < kLittleLeft ? colors.amber
                                          : colors.green);
  painter->drawRoundedRect(QRectF(place.topLeft(), QSizeF(place.width() * share, 3)), 1.5, 1.5);
  painter->restore();
}

}  // namespace rsip::gui
