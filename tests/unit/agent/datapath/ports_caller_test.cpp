#include "agent/datapath/ports_caller.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

RemoteScope remote(std::uint32_t number) {
  return {Ipv4Address{number}, std::nullopt};
}

class PortsCallerTest : public ::testing::Test {
 protected:
  std::vector<std::vector<RemoteScope>> calls_;
  PortsCaller caller_{[this](std::vector<RemoteScope> scopes) { calls_.push_back(scopes); }};
  TimePoint now_{1h};
};

TEST_F(PortsCallerTest, NamesTheScopesOfABatchInOneCall) {
  for (const std::uint32_t number : {1U, 2U, 1U, 3U}) caller_.want(remote(number), now_);
  caller_.call();
  caller_.call();
  ASSERT_EQ(calls_.size(), 1U);
  EXPECT_EQ(calls_[0], (std::vector{remote(1), remote(2), remote(3)}));
}

TEST_F(PortsCallerTest, CallsForEachScopeOnceASecond) {
  caller_.want(remote(1), now_);
  caller_.call();
  caller_.want(remote(1), now_ + 999ms);
  caller_.want(remote(2), now_ + 999ms);
  caller_.call();
  EXPECT_EQ(calls_.back(), std::vector{remote(2)});
  caller_.want(remote(1), now_ + 1s);
  caller_.call();
  EXPECT_EQ(calls_.back(), std::vector{remote(1)});
}

TEST_F(PortsCallerTest, CallsAgainAtOnceForWhatIsMissingAfterALeaseCame) {
  caller_.want(remote(1), now_);
  caller_.served(remote(1));
  caller_.want(remote(1), now_);
  caller_.call();
  EXPECT_EQ(calls_.back().size(), 2U);
}

TEST_F(PortsCallerTest, RemembersABoundedNumberOfScopes) {
  for (std::uint32_t i = 0; i < 5000; ++i) caller_.want(remote(i), now_);
  caller_.call();
  EXPECT_EQ(calls_.back().size(), PortsCaller::kScopes);
  caller_.want(remote(4000), now_ + 500ms);
  caller_.call();
  EXPECT_EQ(calls_.size(), 1U);
  caller_.want(remote(4000), now_ + 1s);
  caller_.call();
  EXPECT_EQ(calls_.back(), std::vector{remote(4000)});
}

TEST_F(PortsCallerTest, NobodyNeedsToListen) {
  PortsCaller caller({});
  caller.want(remote(1), now_);
  caller.call();
}

}  // namespace
}  // namespace rsip::agent
