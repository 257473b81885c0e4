#include "agent/control/refusals.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

struct Row {
  std::uint16_t error;
  int exit_code;
};

class Refusal : public testing::TestWithParam<Row> {};

// H-234, H-235, H-236
TEST_P(Refusal, HasTheDocumentedExitCodeAndNamesTheRsipError) {
  const Error error = explain({GetParam().error, {}, {}, {}});
  EXPECT_EQ(exit_code(error.kind), GetParam().exit_code);
  EXPECT_NE(error.message.find(std::to_string(GetParam().error)), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Table, Refusal,
                         testing::Values(Row{304, 8}, Row{312, 8}, Row{313, 8}, Row{314, 8},
                                         Row{315, 8}, Row{308, 9}, Row{309, 9}, Row{310, 10},
                                         Row{311, 10}, Row{101, 14}, Row{104, 14}, Row{208, 14},
                                         Row{999, 14}, Row{401, 8}, Row{402, 9}, Row{403, 10}),
                         [](const auto& row) { return std::to_string(row.param.error); });

}  // namespace
}  // namespace rsip::agent
