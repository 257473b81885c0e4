#pragma once

#include <QWidget>

#include "gui/models/usage_bars.h"

namespace rsip::gui {

/// The account as bars, sent on top of received. What a bar is, the pointer tells, and the arrow
/// keys.
class UsageChart : public QWidget {
  Q_OBJECT

 public:
  explicit UsageChart(QWidget* parent = nullptr);

  void setBars(UsageBars bars);
  [[nodiscard]] QRectF barRect(int bar) const;

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 signals:
  /// What the pointer or the keyboard is at; empty: at nothing.
  void pointedAt(const QString& words);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  QRectF field() const;
  void paintBar(QPainter& painter, int bar) const;
  void paintName(QPainter& painter, int bar) const;
  void pointAt(int bar);

  UsageBars bars_;
  int pointed_ = -1;
};

}  // namespace rsip::gui
