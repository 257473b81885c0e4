#pragma once

#include "common/ipc/summary.h"
#include "gui/window/kit.h"

namespace rsip::gui {

/// When the lease ends, and the public address: the two things that one looks for first.
class LeaseFigures : public QWidget {
  Q_OBJECT

 public:
  explicit LeaseFigures(QWidget* parent = nullptr);

  /// Hidden while nothing is leased.
  void show(const ipc::Summary& summary);

 private:
  void showEnd(std::uint32_t seconds, bool renewsByItself);

  QLabel* countdown_;
  QLabel* renews_;
  QLabel* address_;
  QLabel* ports_;
  QPushButton* copy_;
};

}  // namespace rsip::gui
