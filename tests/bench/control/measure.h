#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <malloc.h>

namespace rsip::bench {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Keeps the compiler from leaving out what makes this value.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

/// Seconds that one call takes: the best of five runs of a tenth of a second, since whatever else
/// happens on a machine only makes it slower.
template <class Work>
double seconds_per_call(Work work) {
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::milliseconds(100);
    std::uint64_t calls = 0;
    do {
      for (int i = 0; i < 64; ++i) work();
      calls += 64;
    } while (Clock::now() < end);
    best = std::min(best, Seconds(Clock::now() - begin).count() / static_cast<double>(calls));
  }
  return best;
}

/// Bytes of the heap in use, those that malloc keeps its books in included.
inline std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// The parts of the benchmark; each prints its own table.
void measure_codec();
void measure_engine();
void measure_sessions();

}  // namespace rsip::bench
