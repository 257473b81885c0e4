#pragma once

#include <array>
#include <atomic>

#include "agent/datapath/datapath.h"

namespace rsip::agent {

/// A number that the pump thread alone raises and any thread reads. Relaxed: readers get a value
/// that was true a moment ago, the writer pays for a plain addition.
class Counter {
 public:
  void add(std::uint64_t amount) {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

struct Counters {
  Counter sent_packets, sent_bytes, received_packets, received_bytes, ports_in_use;
  Counter ports_high_water;
  std::array<Counter, kDropReasons> drops;

  void drop(DropReason reason, std::uint64_t packets = 1) {
    drops[static_cast<std::size_t>(reason)].add(packets);
  }

  [[nodiscard]] DatapathStats read() const {
    DatapathStats stats{sent_packets.get(),
                        sent_bytes.get(),
                        received_packets.get(),
                        received_bytes.get(),
                        static_cast<std::uint32_t>(ports_in_use.get()),
                        {}};
    stats.ports_high_water = static_cast<std::uint32_t>(ports_high_water.get());
    for (std::size_t i = 0; i < kDropReasons; ++i) stats.drops[i] = drops[i].get();
    return stats;
  }
};

}  // namespace rsip::agent
