#include "agent/control/request_tracker.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(1)};
constexpr Duration kFirstWait = microseconds(12500);

msg::Trailer counter(std::uint32_t value) {
  msg::Trailer trailer;
  trailer.counter = value;
  return trailer;
}

RequestTracker with_request(Duration first_wait, msg::Message message = msg::RegisterRequest{}) {
  RequestTracker tracker(first_wait);
  tracker.send(message, kStart, BindId{});
  return tracker;
}

// H-057, H-058: 12.5, 25, 50 ... 800 ms, or slower if the link is, seven times in all.
TEST(RequestTracker, RepeatsARequestSixTimesWithDoublingWaitsOverUdp) {
  for (const Duration first : {kFirstWait, kFirstWait * 4}) {
    RequestTracker tracker = with_request(first);
    Duration elapsed{};
    for (int transmission = 1; transmission < 7; ++transmission) {
      elapsed += first * (1 << (transmission - 1));
      EXPECT_EQ(tracker.deadline(), kStart + elapsed);
      EXPECT_FALSE(tracker.repeat(kStart + elapsed - milliseconds(1)));
      EXPECT_TRUE(tracker.repeat(kStart + elapsed));
      EXPECT_FALSE(tracker.repeat(kStart + elapsed)) << "twice at once";
    }
    elapsed += first * 64;
    EXPECT_EQ(elapsed, first * 127);  // 1587.5 ms
    EXPECT_FALSE(tracker.failed(kStart + elapsed - milliseconds(1)));
    EXPECT_FALSE(tracker.repeat(kStart + elapsed));
    EXPECT_TRUE(tracker.failed(kStart + elapsed));
  }
}

TEST(RequestTracker, SendsARequestOnceOverTcpAndGivesItTenSeconds) {
  RequestTracker tracker = with_request({});
  EXPECT_FALSE(tracker.repeat(kStart + seconds(9)));
  EXPECT_FALSE(tracker.failed(kStart + seconds(9)));
  EXPECT_FALSE(tracker.repeat(kStart + seconds(10)));
  EXPECT_TRUE(tracker.failed(kStart + seconds(10)));
}

// H-164: not to 0, which stands for what the gateway says by itself.
TEST(RequestTracker, WrapsItsCounterToOne) {
  RequestTracker tracker(kFirstWait, 0xFFFFFFFF);
  msg::Message message = msg::RegisterRequest{};
  tracker.send(message, kStart, BindId{});
  EXPECT_EQ(std::get<msg::RegisterRequest>(message).trailer.counter, 1U);
}

// H-163: of another request, long answered, or of none.
TEST(RequestTracker, TakesOnlyTheRequestsOwnCounterOverUdp) {
  RequestTracker tracker = with_request(kFirstWait);
  for (const msg::Trailer& wrong : {counter(2), counter(0), msg::Trailer{}}) {
    EXPECT_FALSE(tracker.take_answered(wrong, msg::MessageType::kRegisterResponse));
    EXPECT_FALSE(tracker.take_refused(wrong));
  }
  EXPECT_TRUE(tracker.take_answered(counter(1), msg::MessageType::kRegisterResponse));
  EXPECT_FALSE(tracker.take_answered(counter(1), msg::MessageType::kRegisterResponse)) << "twice";
}

// H-165: only what carries 0 is asynchronous; the rest is late or nonsense.
TEST(RequestTracker, KnowsWhatTheGatewaySaysByItselfByItsCounter) {
  const RequestTracker udp = with_request(kFirstWait);
  EXPECT_TRUE(udp.is_asynchronous(counter(0)));
  EXPECT_FALSE(udp.is_asynchronous(counter(1)));
  EXPECT_FALSE(udp.is_asynchronous({})) << "over UDP each message has a counter";
  EXPECT_TRUE(with_request({}).is_asynchronous({})) << "over TCP it is optional";
}

TEST(RequestTracker, LeavesTheCounterOutOfAPlainRequestOverTcpAlone) {
  for (const Duration first : {Duration{}, kFirstWait}) {
    RequestTracker tracker(first);
    msg::Message message = msg::RegisterRequest{};
    tracker.send(message, kStart, BindId{}, true);
    EXPECT_EQ(std::get<msg::RegisterRequest>(message).trailer.counter.has_value(),
              tracker.over_udp());
  }
}

TEST(RequestTracker, TakesAnAnswerWithoutACounterToAPlainRequest) {
  RequestTracker tracker = with_request({});
  EXPECT_TRUE(tracker.take_refused(counter(1)));  // the gateway echoes counters
  msg::Message message = msg::RegisterRequest{};
  tracker.send(message, kStart, BindId{}, true);
  EXPECT_TRUE(tracker.take_answered({}, msg::MessageType::kRegisterResponse));
}

}  // namespace
}  // namespace rsip::agent
