#include "gui/window/kit.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QTimer>

#include "gui/models/row_model.h"
#include "gui/plots/plot_colors.h"
#include "gui/window/countdown_delegate.h"

namespace rsip::gui {
namespace {

/// How long "Copied" stays on a button.
constexpr int kCopiedMilliseconds = 1500;

/// In the dark what is nearer is lighter: lists and fields, which have the palette's base, are set
/// into a card and their frames are seen.
QColor groundOf(const QPalette& palette) {
  const QColor window = palette.color(QPalette::Window);
  return isDark(palette) ? window.lighter(125) : palette.color(QPalette::Base);
}

}  // namespace

Card::Card(const QString& title, QWidget* parent) : QFrame(parent), body_(new QVBoxLayout(this)) {
  body_->setContentsMargins(16, 14, 16, 14);
  body_->setSpacing(10);
  if (title.isEmpty()) return;
  QLabel* const label = large(1.0, true, title);
  body_->addWidget(label);
  setAccessibleName(title);
}

void Card::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(plotColors(palette()).grid, 1));
  painter.setBrush(groundOf(palette()));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

ActionButton::ActionButton(const QString& name, QWidget* parent)
    : QPushButton(name, parent), name_(name) {
  setAccessibleName(QString(name).remove(QLatin1Char('&')));
}

void ActionButton::setPurpose(const QString& purpose) {
  purpose_ = purpose;
  refresh();
}

void ActionButton::setReason(const QString& reason) {
  reason_ = reason;
  refresh();
}

void ActionButton::setBusy(bool busy) {
  busy_ = busy;
  refresh();
}

void ActionButton::setName(const QString& name) {
  name_ = name;
  setAccessibleName(QString(name).remove(QLatin1Char('&')));
  refresh();
}

void ActionButton::refresh() {
  setText(busy_ ? tr("Waiting\u2026") : name_);
  setEnabled(!busy_ && reason_.isEmpty());
  setToolTip(reason_.isEmpty() ? purpose_ : reason_);
  setAccessibleDescription(toolTip());
}

QLabel* wrapped(const QString& text) {
  auto* const label = new QLabel(text);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  label->setMinimumWidth(1);
  return label;
}

QLabel* faint(const QString& text) {
  QLabel* const label = wrapped(text);
  QPalette palette = label->palette();
  palette.setColor(QPalette::WindowText, plotColors(palette).faint);
  label->setPalette(palette);
  return label;
}

QLabel* large(double scale, bool bold, const QString& text) {
  QLabel* const label = wrapped(text);
  QFont font = label->font();
  font.setPointSizeF(font.pointSizeF() * scale);
  font.setBold(bold);
  label->setFont(font);
  return label;
}

QLabel* emptyText(const QString& text) {
  QLabel* const label = faint(text);
  label->setAlignment(Qt::AlignCenter);
  label->setMargin(24);
  return label;
}

Table makeTable(QAbstractItemModel* model, int stretched, const QString& name, QWidget* parent) {
  auto* const view = new QTableView(parent);
  auto* const proxy = new QSortFilterProxyModel(view);
  proxy->setSourceModel(model);
  proxy->setSortRole(kSortRole);
  proxy->setFilterRole(kFilterRole);
  proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
  view->setModel(proxy);
  view->setAccessibleName(name);
  view->setItemDelegate(new CountdownDelegate(view));
  view->setSortingEnabled(true);
  view->sortByColumn(0, Qt::AscendingOrder);
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->setSelectionMode(QAbstractItemView::SingleSelection);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->setTabKeyNavigation(false);
  view->setShowGrid(false);
  view->setAlternatingRowColors(true);
  view->setFrameShape(QFrame::NoFrame);
  view->setWordWrap(false);
  view->verticalHeader()->hide();
  view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 12);
  QHeaderView* const header = view->horizontalHeader();
  header->setHighlightSections(false);
  header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  header->setSectionResizeMode(QHeaderView::ResizeToContents);
  header->setResizeContentsPrecision(50);
  header->setSectionResizeMode(stretched, QHeaderView::Stretch);
  header->setMinimumSectionSize(view->fontMetrics().averageCharWidth() * 8);
  return {view, proxy};
}

void copyFrom(QPushButton* button, const QString& text) {
  QGuiApplication::clipboard()->setText(text);
  if (button->property("copied").toBool()) return;
  const QString name = button->text();
  button->setProperty("copied", true);
  button->setText(QPushButton::tr("Copied"));
  QTimer::singleShot(kCopiedMilliseconds, button, [button, name] {
    button->setText(name);
    button->setProperty("copied", false);
  });
}

}  // namespace rsip::gui
