#include "agent/datapath/expiry_wheel.h"

#include <memory>
#include <set>

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

class ExpiryWheelTest : public ::testing::Test {
 protected:
  const TimePoint start_{1h};
  std::unique_ptr<ExpiryWheel> wheel_ = std::make_unique<ExpiryWheel>();
  ExpiryWheel::Entry a_, b_;
};

TEST_F(ExpiryWheelTest, GivesNothingBeforeItsTimeAndEverythingASecondLater) {
  ASSERT_EQ(wheel_->next_due(start_), nullptr);
  wheel_->schedule(a_, start_ + 9100ms);
  wheel_->schedule(b_, start_ + 124min);
  EXPECT_EQ(wheel_->next_due(start_ + 9s), nullptr);
  EXPECT_EQ(wheel_->next_due(start_ + 10s), &a_);
  EXPECT_EQ(wheel_->next_due(start_ + 10s), nullptr);
  EXPECT_EQ(wheel_->next_due(start_ + 124min - 1s), nullptr);
  EXPECT_EQ(wheel_->next_due(start_ + 124min), &b_);
}

TEST_F(ExpiryWheelTest, MovesAndRemovesEntries) {
  ASSERT_EQ(wheel_->next_due(start_), nullptr);
  wheel_->schedule(a_, start_ + 100s);
  wheel_->schedule(a_, start_ + 5s);
  wheel_->schedule(b_, start_ + 5s);
  wheel_->remove(b_);
  wheel_->remove(b_);
  EXPECT_EQ(wheel_->next_due(start_ + 6s), &a_);
  EXPECT_EQ(wheel_->next_due(start_ + 200s), nullptr);
}

TEST_F(ExpiryWheelTest, GivesEverythingAfterALongSleep) {
  ASSERT_EQ(wheel_->next_due(start_), nullptr);
  wheel_->schedule(a_, start_ + 3s);
  wheel_->schedule(b_, start_ + 124min);
  const std::set came{wheel_->next_due(start_ + 1000h), wheel_->next_due(start_ + 1000h)};
  EXPECT_EQ(came, (std::set{&a_, &b_})) << "in any order";
  EXPECT_EQ(wheel_->next_due(start_ + 1000h), nullptr);
}

TEST_F(ExpiryWheelTest, GivesAnEntryThatWasDueBeforeItCameOnTheWheel) {
  ASSERT_EQ(wheel_->next_due(start_), nullptr);
  wheel_->schedule(a_, start_ - 10s);
  EXPECT_EQ(wheel_->next_due(start_), &a_);
}

}  // namespace
}  // namespace rsip::agent
