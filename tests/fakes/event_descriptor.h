#pragma once

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rsip::fakes {

/// A descriptor for poll(2) that a fake makes readable and unreadable.
class EventDescriptor {
 public:
  EventDescriptor() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~EventDescriptor() { close(descriptor_); }
  EventDescriptor(const EventDescriptor&) = delete;
  EventDescriptor& operator=(const EventDescriptor&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }
  void set() const { eventfd_write(descriptor_, 1); }
  void clear() const {
    eventfd_t ignored = 0;
    eventfd_read(descriptor_, &ignored);
  }
  /// Reports POLLHUP from now on, also to a poll(2) that is under way.
  void hang_up() const {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    close(ends[1]);
    const int before = dup(descriptor_);
    dup2(ends[0], descriptor_);
    close(ends[0]);
    eventfd_write(before, 1);
    close(before);
  }

 private:
  int descriptor_;
};

}  // namespace rsip::fakes
