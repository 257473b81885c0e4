#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "common/base/result.h"
#include "common/base/time.h"

namespace rsip::agent {

/// One timer on CLOCK_BOOTTIME: it fires on resume if its time came while the laptop slept.
/// Asio's own timers run on CLOCK_MONOTONIC, which stands still then.
class BoottimeTimer {
 public:
  explicit BoottimeTimer(boost::asio::io_context& io) : descriptor_(io) {}

  /// errors   kOther if the kernel has no timerfd left
  Result<void> open();
  /// Calls due once, from the event loop, at when or at once if that is past. Replaces the last
  /// call.
  void wake_at(TimePoint when, std::function<void()> due);
  /// No further call.
  void close();

 private:
  void wait();

  boost::asio::posix::stream_descriptor descriptor_;
  std::function<void()> due_;
  bool waiting_ = false;
};

}  // namespace rsip::agent
