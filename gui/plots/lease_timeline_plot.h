#pragma once

#include <QWidget>

#include "gui/models/lease_timeline.h"

namespace rsip::gui {

/// Leases as bars in time, with what happened to each and what is to come.
class LeaseTimelinePlot : public QWidget {
  Q_OBJECT

 public:
  explicit LeaseTimelinePlot(QWidget* parent = nullptr);

  /// now   milliseconds of the wall clock
  void setTimeline(const LeaseTimeline& timeline, std::int64_t now);
  /// Where a time is painted.
  [[nodiscard]] double xOf(std::int64_t time) const;
  [[nodiscard]] QRectF barRect(int bar) const;

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  int lineHeight() const;
  int nameWidth() const;
  QRectF field() const;
  void paintAxis(QPainter& painter) const;
  void paintBar(QPainter& painter, int bar) const;
  void paintMarker(QPainter& painter, double x, double y, LeaseTimeline::Mark mark) const;
  void paintNow(QPainter& painter) const;
  QString wordsAt(const QPointF& place) const;

  LeaseTimeline timeline_;
  LeaseTimeline::Band span_;
  std::int64_t now_ = 0;
  int current_ = -1;
};

}  // namespace rsip::gui
