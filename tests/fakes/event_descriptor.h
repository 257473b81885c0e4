#pragma once

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

 private:
  int descriptor_;
};

}  // namespace rsip::fakes
