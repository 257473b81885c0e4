#pragma once

#include <cstdio>
#include <cstdlib>

namespace rsip::fuzz {

/// Ends the process with that sentence, which libFuzzer takes for a finding, unless it holds.
inline void require(bool holds, const char* sentence) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

}  // namespace rsip::fuzz
