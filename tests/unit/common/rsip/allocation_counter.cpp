#include "tests/unit/common/rsip/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <new>

// In a file of their own, because GCC takes them for mismatched where it inlines only one. All
// forms in use are here: the address sanitizer would bring its own for those left out.

namespace {

std::atomic<std::size_t> total{0};

void* count_and_allocate(std::size_t size) {
  total += size;
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = count_and_allocate(size)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return count_and_allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return count_and_allocate(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace rsip::msg {

std::size_t allocated_bytes() {
  return total;
}

}  // namespace rsip::msg
