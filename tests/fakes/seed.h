#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace rsip::fakes {

/// Where a random test begins: RSIP_TEST_SEED, a number or "fresh". Without it the same each time,
/// so that a change is judged by what it changes.
inline std::uint32_t test_seed() {
  constexpr std::uint32_t kUsual = 3102;
  const char* const given = std::getenv("RSIP_TEST_SEED");
  if (given == nullptr) return kUsual;
  const bool fresh = std::string(given) == "fresh";
  const std::uint32_t seed =
      fresh ? std::random_device{}() : static_cast<std::uint32_t>(std::stoul(given));
  std::cout << "RSIP_TEST_SEED=" << seed << '\n';
  return seed;
}

}  // namespace rsip::fakes
