#include "agent/linux/boottime_timer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/timerfd.h>
#include <unistd.h>

namespace rsip::agent {

Result<void> BoottimeTimer::open() {
  const int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) {
    return fail(ErrorKind::kOther, std::string("cannot create a timer: ") + std::strerror(errno));
  }
  descriptor_.assign(fd);
  return {};
}

void BoottimeTimer::wake_at(TimePoint when, std::function<void()> due) {
  due_ = std::move(due);
  // An expiry of 0 would disarm the timer; 1 ns after boot is past as well.
  const auto at = std::max(when.time_since_epoch(), Duration(1));
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  itimerspec spec{};
  spec.it_value.tv_sec = whole.count();
  spec.it_value.tv_nsec = (at - whole).count();
  timerfd_settime(descriptor_.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
  if (!waiting_) wait();
}

void BoottimeTimer::wait() {
  waiting_ = true;
  descriptor_.async_wait(
      boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
        waiting_ = false;
        if (error) return;
        std::uint64_t expirations = 0;
        // Nothing to read: the timer was set to a later time in between.
        if (read(descriptor_.native_handle(), &expirations, sizeof expirations) < 0) return wait();
        if (const auto due = std::exchange(due_, {})) due();
      });
}

void BoottimeTimer::close() {
  boost::system::error_code ignored;
  descriptor_.close(ignored);
}

}  // namespace rsip::agent
