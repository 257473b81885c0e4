#include "agent/linux/namespace_lock.h"

#include <gmock/gmock.h>

#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

using ::testing::HasSubstr;

using NamespaceLockTest = rsip::fakes::PrivateNetwork;

TEST_F(NamespaceLockTest, OneHoldsItAndTheOtherLearnsWho) {
  const auto first = NamespaceLock::acquire();
  ASSERT_TRUE(first) << to_line(first.error());
  for (int tries = 0; tries < 5; ++tries) {
    const auto second = NamespaceLock::acquire();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kInUse);
    EXPECT_THAT(second.error().message, HasSubstr("another rsipd"));
    EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
  }
}

TEST_F(NamespaceLockTest, IsFreeAgainWhenItsHolderIsGone) {
  ASSERT_TRUE(NamespaceLock::acquire());
  EXPECT_TRUE(NamespaceLock::acquire());
}

TEST_F(NamespaceLockTest, EachNamespaceHasItsOwn) {
  const auto here = NamespaceLock::acquire();
  ASSERT_TRUE(here);
  ASSERT_EQ(unshare(CLONE_NEWNET), 0);
  EXPECT_TRUE(NamespaceLock::acquire());
}

}  // namespace
}  // namespace rsip::agent
