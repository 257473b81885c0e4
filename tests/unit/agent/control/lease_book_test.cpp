#include "agent/control/lease_book.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::hours(5)};
constexpr Ipv4Address kAddress{0xCB00710A};

Lease lease(BindId bind, std::vector<PortRange> ports) {
  Lease made;
  made.bind = bind;
  made.local = kAddress;
  made.ports = std::move(ports);
  return made;
}

LeaseBook book_with(Duration life, std::uint64_t seed = 1) {
  LeaseBook book(seed);
  book.add(lease(BindId{1}, {{5000, 32}}), life, kStart);
  return book;
}

TEST(LeaseBook, CountsWhatIsThereForIpsecApart) {
  LeaseBook book = book_with(minutes(100));
  Lease spis = lease(BindId{2}, {{6000, 16}});
  spis.spis = {{0x1000, 8}};
  book.add(spis, minutes(100), kStart);
  EXPECT_EQ(book.ports_leased(), 32U);
  EXPECT_EQ(book.outgoing_count(), 1U);
}

// H-144: half of its life, with jitter
TEST(LeaseBook, RenewsWithinFivePercentOfHalfLifeWhateverTheSeed) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const LeaseBook book = book_with(minutes(100), seed);
    EXPECT_GE(book.all()[0].renew_at, kStart + minutes(45)) << "seed " << seed;
    EXPECT_LE(book.all()[0].renew_at, kStart + minutes(55)) << "seed " << seed;
  }
}

TEST(LeaseBook, SpreadsTheRenewalsOfHostsThatLeasedTogether) {
  EXPECT_NE(book_with(minutes(100), 1).all()[0].renew_at,
            book_with(minutes(100), 2).all()[0].renew_at);
}

TEST(LeaseBook, TriesAgainEachTimeHalfOfWhatIsLeftHasGone) {
  LeaseBook book = book_with(seconds(1000));
  book.renewal_tried(BindId{1}, kStart + seconds(500));
  EXPECT_EQ(book.all()[0].renew_at, kStart + seconds(750));
  book.renewal_tried(BindId{1}, kStart + seconds(750));
  EXPECT_EQ(book.all()[0].renew_at, kStart + seconds(875));
}

TEST(LeaseBook, NeverTriesMoreOftenThanTheSpacing) {
  LeaseBook book = book_with(seconds(1000));
  book.renewal_tried(BindId{1}, kStart + seconds(999));
  EXPECT_EQ(book.all()[0].renew_at, kStart + seconds(999) + LeaseBook::kRenewalSpacing);
}

// H-143: the safer of the two times
TEST(LeaseBook, CountsANewLifeFromWhenTheRequestLeft) {
  LeaseBook book = book_with(seconds(100));
  EXPECT_TRUE(book.extend(BindId{1}, seconds(60), kStart + seconds(50)));
  EXPECT_EQ(book.all()[0].expires_at, kStart + seconds(110));
  EXPECT_EQ(book.all()[0].granted, seconds(60));
}

TEST(LeaseBook, RefusesToExtendABindItDoesNotHold) {
  LeaseBook book = book_with(seconds(100));
  EXPECT_FALSE(book.extend(BindId{2}, seconds(60), kStart));
}

// H-002, H-064: every bind ends
TEST(LeaseBook, TakesOutExactlyTheExpiredLeases) {
  LeaseBook book = book_with(seconds(100));
  book.add(lease(BindId{2}, {{6000, 8}}), seconds(50), kStart);
  book.add(lease(BindId{3}, {{7000, 8}}), seconds(200), kStart);
  const auto expired = book.expire(kStart + seconds(100));
  ASSERT_EQ(expired.size(), 2U);
  EXPECT_EQ(expired[0].bind, BindId{1});
  EXPECT_EQ(expired[1].bind, BindId{2});
  EXPECT_EQ(book.next_expiry(), kStart + seconds(200));
  EXPECT_EQ(book.ports_leased(), 8U);
}

TEST(LeaseBook, NamesTheLeaseWhoseRenewalIsDueLongest) {
  LeaseBook book = book_with(seconds(100));
  book.add(lease(BindId{2}, {{6000, 8}}), seconds(20), kStart);
  EXPECT_EQ(book.due_for_renewal(kStart), nullptr);
  ASSERT_NE(book.due_for_renewal(kStart + seconds(90)), nullptr);
  EXPECT_EQ(book.due_for_renewal(kStart + seconds(90))->bind, BindId{2});
}

TEST(LeaseBook, HasEveryLeaseRenewedAtOnceWhenTheGatewayMayHaveForgotten) {
  LeaseBook book = book_with(seconds(100));
  book.verify_all(kStart + seconds(1));
  EXPECT_NE(book.due_for_renewal(kStart + seconds(1)), nullptr);
}

TEST(LeaseBook, HasNoDatesWhenItIsEmpty) {
  LeaseBook book = book_with(seconds(100));
  EXPECT_EQ(book.clear().size(), 1U);
  EXPECT_EQ(book.next_expiry(), std::nullopt);
  EXPECT_EQ(book.next_renewal(), std::nullopt);
  EXPECT_EQ(book.due_for_renewal(TimePoint::max()), nullptr);
}

}  // namespace
}  // namespace rsip::agent
