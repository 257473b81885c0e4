#include "common/base/ids.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace rsip {
namespace {

static_assert(!std::is_convertible_v<ClientId, BindId>);

TEST(StrongId, ComparesByValue) {
  EXPECT_EQ(ClientId{7}, ClientId{7});
  EXPECT_LT(BindId{1}, BindId{2});
  EXPECT_EQ(ClientId{}.value, 0U);
}

TEST(StrongId, CanBeHashed) {
  const std::unordered_set<BindId> binds = {{1}, {2}, {1}};
  EXPECT_EQ(binds.size(), 2U);
}

}  // namespace
}  // namespace rsip
