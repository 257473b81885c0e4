#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

class QAbstractItemModel;
class QSortFilterProxyModel;
class QVBoxLayout;

/// The few parts that all pages are made of, so that they look alike.
namespace rsip::gui {

inline constexpr int kSpace = 12;

/// A part of a page with a ground of its own, and a title if it has one.
class Card : public QFrame {
  Q_OBJECT

 public:
  explicit Card(const QString& title = {}, QWidget* parent = nullptr);
  [[nodiscard]] QVBoxLayout* body() const { return body_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QVBoxLayout* body_;
};

/// A button that asks the agent for a change: it says why it cannot be pressed, and that it waits.
class ActionButton : public QPushButton {
  Q_OBJECT

 public:
  explicit ActionButton(const QString& name, QWidget* parent = nullptr);

  /// What it does, for the tooltip.
  void setPurpose(const QString& purpose);
  /// Why it cannot be pressed now; empty: it can.
  void setReason(const QString& reason);
  void setBusy(bool busy);
  /// It does another thing from now on.
  void setName(const QString& name);
  [[nodiscard]] bool isBusy() const { return busy_; }

 private:
  void refresh();

  QString name_;
  QString purpose_;
  QString reason_;
  bool busy_ = false;
};

/// A text that wraps, can be selected and says its own name.
QLabel* wrapped(const QString& text = {});
/// The same, of less weight.
QLabel* faint(const QString& text = {});
/// A larger text; scale 1.0 is the font of everything.
QLabel* large(double scale, bool bold, const QString& text = {});
/// Instead of a table that has nothing to show.
QLabel* emptyText(const QString& text);

/// A sorted and filtered view of a RowModel or of a LogModel.
struct Table {
  QTableView* view;
  QSortFilterProxyModel* proxy;
};
/// stretched   the column that takes the room that is left
Table makeTable(QAbstractItemModel* model, int stretched, const QString& name, QWidget* parent);
/// Puts text on the clipboard and says so on the button for a moment.
void copyFrom(QPushButton* button, const QString& text);

}  // namespace rsip::gui
