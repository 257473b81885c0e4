#pragma once

#include <string>
#include <vector>

namespace rsip::fakes {

/// What happened on a machine in memory, in order, whichever fake saw it.
class Journal {
 public:
  void add(std::string line) { lines_.push_back(std::move(line)); }
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  void clear() { lines_.clear(); }

 private:
  std::vector<std::string> lines_;
};

}  // namespace rsip::fakes
