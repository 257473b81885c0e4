#include <map>
#include <set>

#include <gtest/gtest.h>

#include "common/base/result.h"

namespace rsip {
namespace {

/// The exit codes scripts rely on.
const std::map<ErrorKind, int> kExitCodes = {
    {ErrorKind::kOther, 1},       {ErrorKind::kUsage, 2},          {ErrorKind::kAgentNotRunning, 3},
    {ErrorKind::kPermission, 4},  {ErrorKind::kTimeout, 5},        {ErrorKind::kState, 6},
    {ErrorKind::kUnreachable, 7}, {ErrorKind::kDenied, 8},         {ErrorKind::kNoResources, 9},
    {ErrorKind::kInUse, 10},      {ErrorKind::kConfigInvalid, 12}, {ErrorKind::kNotFound, 13},
    {ErrorKind::kProtocol, 14},
};

TEST(Error, HasTheDocumentedExitCodeForEachKind) {
  for (const auto& [kind, code] : kExitCodes) EXPECT_EQ(exit_code(kind), code);
}

TEST(Error, HasADifferentNameForEachKind) {
  std::set<std::string> names;
  for (const auto& [kind, code] : kExitCodes) names.insert(to_string(kind));
  EXPECT_EQ(names.size(), kExitCodes.size());
  EXPECT_STREQ(to_string(ErrorKind::kNoResources), "no_resources");
}

TEST(Error, TakesAnUnknownKindForOther) {
  EXPECT_EQ(exit_code(static_cast<ErrorKind>(99)), 1);
  EXPECT_STREQ(to_string(static_cast<ErrorKind>(99)), "other");
}

TEST(Error, PrintsMessageAndHintOnOneLine) {
  EXPECT_EQ(to_line({ErrorKind::kOther, "it broke", ""}), "it broke");
  EXPECT_EQ(to_line({ErrorKind::kOther, "it broke", "mend it"}), "it broke. Mend it");
  EXPECT_EQ(to_line({ErrorKind::kOther, "it broke", "rsipctl doctor says why"}),
            "it broke. rsipctl doctor says why");
}

TEST(Result, CarriesAFailure) {
  const Result<int> result = fail(ErrorKind::kNotFound, "no such lease", "rsipctl lease list");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), (Error{ErrorKind::kNotFound, "no such lease", "rsipctl lease list"}));
}

}  // namespace
}  // namespace rsip
