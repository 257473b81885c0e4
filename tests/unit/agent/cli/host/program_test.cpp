#include "agent/cli/host/program.h"

#include <gtest/gtest.h>

namespace rsip::cli {
namespace {

TEST(Program, GivesWhatItPrintsAndHowItEnds) {
  const auto output = run_program({"sh", "-c", "echo out; echo bad >&2; exit 3"});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "out\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(Program, GivesComplaintsIfAskedFor) {
  const auto output = run_program({"sh", "-c", "echo bad >&2"}, {.complaints = true});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text, "bad\n");
}

TEST(Program, KeepsOnlySoMuchOfItsOutput) {
  const auto output = run_program({"sh", "-c", "yes | head -c 100000"}, {.bytes = 1000});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->text.size(), 1000U);
}

TEST(Program, IsEndedWhenItTakesTooLong) {
  const auto output = run_program({"sleep", "60"}, {.time = std::chrono::milliseconds(50)});
  EXPECT_EQ(output.error().kind, ErrorKind::kTimeout);
}

TEST(Program, MayBeMissing) {
  EXPECT_EQ(run_program({"rsip-no-such-program"}).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace rsip::cli
