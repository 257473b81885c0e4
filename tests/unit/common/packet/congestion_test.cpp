#include "common/packet/congestion.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace rsip::packet {
namespace {

constexpr std::uint8_t kNot = 0;
constexpr std::uint8_t kEct1 = 1;
constexpr std::uint8_t kEct0 = 2;
constexpr std::uint8_t kCe = 3;
constexpr std::nullopt_t kDrop = std::nullopt;

struct Cell {
  std::uint8_t inner;
  std::uint8_t outer;
  std::optional<std::uint8_t> outgoing;
};

std::string name_of(std::uint8_t ecn) {
  constexpr const char* kNames[] = {"NotEct", "Ect1", "Ect0", "Ce"};
  return kNames[ecn];
}

std::string name_of(const Cell& cell) {
  return "Inner" + name_of(cell.inner) + "Outer" + name_of(cell.outer);
}

void PrintTo(const Cell& cell, std::ostream* out) {
  *out << name_of(cell);
}

std::uint8_t with(int other_bits, std::uint8_t ecn) {
  return static_cast<std::uint8_t>(other_bits | ecn);
}

class Rfc6040Figure4 : public ::testing::TestWithParam<Cell> {};

TEST_P(Rfc6040Figure4, DecidesTheOutgoingMark) {
  const auto [inner, outer, outgoing] = GetParam();
  EXPECT_EQ(decapsulated_tos(outer, inner), outgoing);
}

TEST_P(Rfc6040Figure4, LeavesTheOtherBitsOfTheInnerHeaderAndIgnoresThoseOfTheOuterOne) {
  const auto [inner, outer, outgoing] = GetParam();
  const auto result = decapsulated_tos(with(0xA8, outer), with(0x5C, inner));
  ASSERT_EQ(result.has_value(), outgoing.has_value());
  if (result) {
    EXPECT_EQ(*result, with(0x5C, *outgoing));
  }
}

INSTANTIATE_TEST_SUITE_P(AllCells, Rfc6040Figure4,
                         ::testing::Values(Cell{kNot, kNot, kNot}, Cell{kNot, kEct0, kNot},
                                           Cell{kNot, kEct1, kNot}, Cell{kNot, kCe, kDrop},
                                           Cell{kEct0, kNot, kEct0}, Cell{kEct0, kEct0, kEct0},
                                           Cell{kEct0, kEct1, kEct1}, Cell{kEct0, kCe, kCe},
                                           Cell{kEct1, kNot, kEct1}, Cell{kEct1, kEct0, kEct1},
                                           Cell{kEct1, kEct1, kEct1}, Cell{kEct1, kCe, kCe},
                                           Cell{kCe, kNot, kCe}, Cell{kCe, kEct0, kCe},
                                           Cell{kCe, kEct1, kCe}, Cell{kCe, kCe, kCe}),
                         [](const auto& cell) { return name_of(cell.param); });

}  // namespace
}  // namespace rsip::packet
