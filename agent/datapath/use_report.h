#pragma once

#include <mutex>
#include <vector>

#include "agent/datapath/binding_set.h"
#include "agent/datapath/datapath.h"

namespace rsip::agent {

/// How much each binding is used: written by the pump's thread, read by any. What changes by the
/// mere passing of time is worked out on reading.
class UseReport {
 public:
  /// Takes down what is so now. Bindings with one bind ID count as one.
  void write(const BindingSet& bindings);
  [[nodiscard]] std::vector<BindingUse> read(TimePoint now) const;

 private:
  struct Line {
    BindId bind;
    bool retiring = false;
    bool has_flows = false;
    TimePoint quiet_since;
    std::uint32_t ports_in_use = 0;
  };

  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

}  // namespace rsip::agent
