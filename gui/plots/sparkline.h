#pragma once

#include <QWidget>

#include "gui/models/throughput_history.h"

namespace rsip::gui {

/// How fast bytes go: up above the middle, down below it. Gaps stay empty.
class Sparkline : public QWidget {
  Q_OBJECT

 public:
  explicit Sparkline(QWidget* parent = nullptr);

  /// Copies what it needs.
  void setHistory(const ThroughputHistory& history);
  /// How many seconds are shown: 60 or 600.
  void setSeconds(std::size_t seconds);

  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QRectF field() const;
  void paintSide(QPainter& painter, bool up) const;
  void paintLabels(QPainter& painter) const;

  std::vector<ThroughputHistory::Sample> samples_;
  std::size_t seconds_ = 60;
  double peak_ = 0;
};

}  // namespace rsip::gui
