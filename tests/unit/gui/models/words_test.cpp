#include "gui/models/words.h"

#include <gmock/gmock.h>

using namespace rsip;
using namespace rsip::gui;

TEST(Words, SayDurationsAsPeopleDo) {
  EXPECT_EQ(durationText(48), "48 s");
  EXPECT_EQ(durationText(21 * 60 + 59), "21 min");
  EXPECT_EQ(durationText(3600), "1 h");
  EXPECT_EQ(durationText(3900), "1 h 5 min");
  EXPECT_EQ(durationText(49 * 3600), "2 days 1 h");
}

TEST(Words, CountDownLikeAClock) {
  EXPECT_EQ(clockText(0), "0:00");
  EXPECT_EQ(clockText(125), "2:05");
  EXPECT_EQ(clockText(3909), "1:05:09");
}

TEST(Words, SayWhatALeaseIsOf) {
  ipc::LeaseStatus lease;
  EXPECT_EQ(kindText(lease), "Whole address");
  EXPECT_EQ(holdingText(lease), "all ports");
  lease.ports = {{.first = 5000, .last = 5031}, {.first = 6000, .last = 6000}};
  EXPECT_EQ(kindText(lease), "Ports");
  EXPECT_EQ(holdingText(lease), "5000-5031, 6000");
  lease.listening = true;
  EXPECT_EQ(kindText(lease), "Server");
  lease.spis = {{.first = "0x00001000", .last = "0x00001007"}};
  EXPECT_EQ(kindText(lease), "IPsec");
  EXPECT_EQ(holdingText(lease), "SPI 0x00001000-0x00001007");
}

TEST(Words, SayTheDateOnlyOfAnotherDay) {
  const QDateTime now(QDate(2026, 11, 24), QTime(14, 0));
  EXPECT_TRUE(momentText(now.addSecs(600), now).startsWith("today "));
  EXPECT_FALSE(momentText(now.addDays(1), now).startsWith("today "));
  EXPECT_TRUE(momentText(QDateTime(), now).isEmpty());
}

TEST(Words, SayAStateThatTheyDoNotKnowAsItIs) {
  EXPECT_EQ(gatewayStateText("levitating"), "levitating");
}
