#include "common/base/rate_limit.h"

#include <gtest/gtest.h>

namespace rsip {
namespace {

using namespace std::chrono_literals;

TEST(RateLimit, AllowsSoManyASecond) {
  const TimePoint now{1h};
  RateLimit limit(3);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limit.allow(now));
  EXPECT_FALSE(limit.allow(now + 999ms));
  EXPECT_TRUE(limit.allow(now + 1s));
}

}  // namespace
}  // namespace rsip
