#include "tests/gateway/server/last_messages.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Bytes = LastMessages::Bytes;
using Time = LastMessages::Time;

constexpr Ipv4Address kHost{0x0A000001};
constexpr Ipv4Address kOther{0x0A000002};
constexpr Ipv4Address kThird{0x0A000003};
const Bytes kRequest = {1, 2, 0, 4};
const Time kNow(seconds(1000));

LastMessages::Endpoint at(std::uint16_t port) {
  return {boost::asio::ip::make_address_v4("10.0.0.1"), port};
}

UdpSettings bounded(std::size_t hosts, std::size_t bytes) {
  UdpSettings settings;
  settings.max_hosts = hosts;
  settings.max_kept_bytes = bytes;
  return settings;
}

// H-161, G-37: what a copy of the last request is
TEST(LastMessages, KnowACopyByItsBytesAndItsSender) {
  LastMessages last{UdpSettings()};
  const auto& entry = last.begin(kHost, at(5000), kRequest, kNow);
  EXPECT_TRUE(last.is_copy(entry, at(5000), kRequest, kNow + seconds(59)));
  EXPECT_FALSE(last.is_copy(entry, at(5000), Bytes{1, 2, 0, 5}, kNow));
  EXPECT_FALSE(last.is_copy(entry, at(5001), kRequest, kNow)) << "a restarted host";
  EXPECT_FALSE(last.is_copy(entry, at(5000), kRequest, kNow + seconds(60))) << "too late";
}

TEST(LastMessages, KeepTheAnswersToTheLastRequestOnly) {
  LastMessages last{UdpSettings()};
  last.begin(kHost, at(5000), kRequest, kNow);
  last.keep(kHost, {{1}, {2}});
  EXPECT_EQ(last.find(kHost)->replies.size(), 2U);
  EXPECT_EQ(last.kept_bytes(), 6U);
  last.begin(kHost, at(5000), kRequest, kNow);
  EXPECT_TRUE(last.find(kHost)->replies.empty());
  EXPECT_EQ(last.kept_bytes(), 4U);
}

TEST(LastMessages, DropWhoWasSilentForLongest) {
  LastMessages last(bounded(2, 1000));
  last.begin(kHost, at(1), kRequest, kNow);
  last.begin(kOther, at(2), kRequest, kNow);
  last.begin(kHost, at(1), kRequest, kNow);
  last.begin(kThird, at(3), kRequest, kNow);
  EXPECT_EQ(last.size(), 2U);
  EXPECT_EQ(last.find(kOther), nullptr);
  EXPECT_NE(last.find(kHost), nullptr);
  EXPECT_EQ(last.kept_bytes(), 8U);
  last.keep(kOther, {{1}});  // came too late
  EXPECT_EQ(last.kept_bytes(), 8U);
}

TEST(LastMessages, AreBoundedInBytes) {
  LastMessages last(bounded(100, 20));
  last.begin(kHost, at(1), kRequest, kNow);
  last.begin(kOther, at(2), kRequest, kNow);
  last.keep(kOther, {Bytes(15)});
  EXPECT_EQ(last.find(kHost), nullptr);
  EXPECT_EQ(last.kept_bytes(), 19U);
  last.keep(kOther, {Bytes(100)});
  EXPECT_NE(last.find(kOther), nullptr) << "the newest stays";
  last.begin(kHost, at(1), kRequest, kNow);
  EXPECT_EQ(last.find(kOther), nullptr);
  EXPECT_EQ(last.kept_bytes(), 4U);
}

TEST(Allowance, IsASecondsWorthAndRefillsWithTime) {
  Allowance allowance(4);
  int taken = 0;
  for (int i = 0; i < 10; ++i) taken += allowance.take(kNow) ? 1 : 0;
  EXPECT_EQ(taken, 4);
  EXPECT_FALSE(allowance.take(kNow + milliseconds(200)));
  EXPECT_TRUE(allowance.take(kNow + milliseconds(260)));
  taken = 0;
  for (int i = 0; i < 10; ++i) taken += allowance.take(kNow + seconds(100)) ? 1 : 0;
  EXPECT_EQ(taken, 4);
}

}  // namespace
}  // namespace rsip::gateway
