#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEventLoop>

namespace rsip::gui {

/// Runs Qt's events until `condition` holds.
///
/// returns   whether it did, before the test would count as stuck
template <class Condition>
bool waitFor(Condition condition, int patienceMs = 10'000) {
  const QDeadlineTimer deadline(patienceMs);
  while (!condition()) {
    if (deadline.hasExpired()) return false;
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 50);
  }
  return true;
}

/// Runs the events that are due now.
inline void settle() {
  for (int round = 0; round < 20; ++round) {
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
}

}  // namespace rsip::gui
