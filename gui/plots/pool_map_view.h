#pragma once

#include <QWidget>

#include "gui/models/port_map.h"

namespace rsip::gui {

/// One cell for each leased port, or for several in a row. What a cell is, the pointer tells, and
/// the arrow keys.
class PoolMapView : public QWidget {
  Q_OBJECT

 public:
  explicit PoolMapView(QWidget* parent = nullptr);

  void setMap(PortMap map);
  [[nodiscard]] const PortMap& map() const { return map_; }
  /// Where a cell is painted.
  [[nodiscard]] QRect cellRect(int cell) const;
  /// -1: none.
  [[nodiscard]] int cellAt(const QPoint& place) const;

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;

 signals:
  /// What the pointer or the keyboard is at; empty: at nothing.
  void pointedAt(const QString& words);
  void activated(const rsip::gui::PortMap::Cell& cell);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  int columnsIn(int width) const;
  void pointAt(int cell);
  void paintCell(QPainter& painter, int cell) const;

  PortMap map_;
  int cell_ = 18;
  int pointed_ = -1;
};

/// What the colours and hatches of the map mean, with how many ports there are of each.
class PoolMapLegend : public QWidget {
  Q_OBJECT

 public:
  explicit PoolMapLegend(QWidget* parent = nullptr);
  void setMap(const PortMap& map);

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString words(PortUse use) const;
  /// Calls put(place, use, words) for each entry, and tells the height.
  template <class Put>
  int layOut(int width, Put put) const;

  PortMap map_;
};

}  // namespace rsip::gui
