#include "agent/usage/usage_account.h"

#include <gtest/gtest.h>

#include "agent/usage/calendar.h"
#include "tests/unit/agent/usage/time_zone.h"

namespace rsip::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const UsageLease kOne{"hotel", "203.0.113.10", 1};
constexpr UsageAmount kMoved{1000, 2000, 10, 20, 0};

/// A ledger in memory, and what it shall refuse.
struct Disk {
  UsageRows rows;
  int adds = 0;
  int opens = 0;
  std::vector<std::string> tidied;
  std::optional<Error> refuses_open;
  std::optional<Error> refuses_add;
  std::string warning;
};

class MemoryLedger : public UsageLedger {
 public:
  explicit MemoryLedger(Disk& disk) : disk_(disk) {}
  Result<void> add(const UsageRows& rows) override {
    ++disk_.adds;
    if (disk_.refuses_add) return tl::unexpected(*disk_.refuses_add);
    for (const auto& [key, amount] : rows) disk_.rows[key] += amount;
    return {};
  }
  Result<UsageRows> read(const UsageQuery& query) override {
    UsageRows rows;
    for (const auto& [key, amount] : disk_.rows) {
      if (key.day >= query.first && key.day <= query.last) rows[grouped(key, query.by)] += amount;
    }
    return rows;
  }
  Result<void> tidy(const std::string& merge_before, const std::string& drop_before) override {
    disk_.tidied.push_back(merge_before + " " + drop_before);
    if (disk_.refuses_add && disk_.refuses_add->kind == ErrorKind::kNoResources) {
      disk_.refuses_add.reset();
    }
    return {};
  }

 private:
  Disk& disk_;
};

class UsageAccountTest : public testing::Test {
 protected:
  void start() {
    UsagePlatform platform{[this] { return wall_; },
                           [this](const std::string&) -> Result<OpenedLedger> {
                             ++disk_.opens;
                             if (disk_.refuses_open) return tl::unexpected(*disk_.refuses_open);
                             return OpenedLedger{std::make_unique<MemoryLedger>(disk_),
                                                 disk_.warning};
                           }};
    account_.emplace(std::move(platform), [this](const std::string& w) { warnings_.push_back(w); });
  }
  void look(const std::vector<UsageLease>& leases, const UsageMeter::Moved& moved = {}) {
    account_->look("hotel", leases, moved, now_);
  }
  void pass(Duration time) {
    now_ += time;
    wall_ += std::chrono::duration_cast<seconds>(time).count();
  }
  /// As an agent does whose leases stay.
  void live(Duration time) {
    for (const TimePoint end = now_ + time; account_->next_write() <= end;) {
      pass(account_->next_write() - now_);
      look({kOne});
      account_->write(now_);
    }
  }
  [[nodiscard]] UsageReport report(UsageBy by = UsageBy::kLease) {
    return account_->report({"0000-00-00", "9999-99-99", "", by});
  }

  fakes::TimeZone zone_{fakes::kBerlin};
  TimePoint now_{hours(5)};
  std::int64_t wall_ = 1795546800;  // 2026-11-24T20:00 local time
  Disk disk_;
  std::vector<std::string> warnings_;
  std::optional<UsageAccount> account_;
};

TEST_F(UsageAccountTest, HasNoReasonToWakeWhileNothingIsLeased) {
  start();
  EXPECT_EQ(account_->next_write(), TimePoint::max());
  look({});
  EXPECT_EQ(account_->next_write(), TimePoint::max());
  look({kOne});
  EXPECT_EQ(account_->next_write(), now_ + minutes(1));
  pass(seconds(10));
  look({});
  EXPECT_EQ(account_->next_write(), now_ + seconds(50));  // what was leased is to be written
  pass(seconds(50));
  account_->write(now_);
  EXPECT_EQ(account_->next_write(), TimePoint::max());
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 10U);
}

TEST_F(UsageAccountTest, WritesOnceAMinuteAtMost) {
  start();
  look({kOne});
  live(minutes(10));
  EXPECT_EQ(disk_.adds, 10);
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 600U);
}

TEST_F(UsageAccountTest, WritesAtMidnightWhatMovedBefore) {
  start();
  pass(hours(4) - seconds(20));
  look({kOne});
  EXPECT_EQ(account_->next_write(), now_ + seconds(20));
  pass(seconds(20));
  look({kOne}, {{1, kMoved}});
  account_->write(now_);
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}), (UsageAmount{1000, 2000, 10, 20, 20}));
  EXPECT_EQ(account_->next_write(), now_ + minutes(1));
}

TEST_F(UsageAccountTest, ReportsWhatIsNotWrittenYet) {
  start();
  look({kOne});
  live(minutes(1));
  pass(seconds(5));
  look({kOne}, {{1, kMoved}});
  EXPECT_EQ(report().rows, (UsageRows{{{"2026-11-24", kOne}, {1000, 2000, 10, 20, 65}}}));
  EXPECT_EQ(report(UsageBy::kDay).rows,
            (UsageRows{{{"2026-11-24", {}}, {1000, 2000, 10, 20, 65}}}));
  for (const std::string day : {"2026-11-23", "2026-11-25"}) {
    EXPECT_TRUE(account_->report({day, day, "", UsageBy::kDay}).rows.empty()) << day;
  }
}

TEST_F(UsageAccountTest, GoesOnWithoutAFileAndTriesAgain) {
  disk_.refuses_open = Error{ErrorKind::kPermission, "cannot make /var/lib/rsip: read-only", ""};
  start();
  look({kOne});
  live(minutes(5));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("/var/lib/rsip"), std::string::npos);
  EXPECT_EQ(report().rows.at({"2026-11-24", kOne}).leased_seconds, 300U);
  EXPECT_EQ(report().warning, warnings_[0]);
  disk_.refuses_open.reset();
  live(minutes(1));
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 360U);
  EXPECT_EQ(report().warning, "");
}

TEST_F(UsageAccountTest, DoesNotWakeForAFileThatCannotBeWrittenWhenNothingIsLeased) {
  disk_.refuses_open = Error{ErrorKind::kPermission, "read-only", ""};
  start();
  look({kOne});
  pass(minutes(1));
  look({});
  account_->write(now_);
  EXPECT_EQ(account_->next_write(), TimePoint::max());
}

TEST_F(UsageAccountTest, CountsNothingTwiceWhenAnotherProcessWrites) {
  start();
  look({kOne});
  disk_.refuses_add = Error{ErrorKind::kInUse, "database is locked", ""};
  live(minutes(2));
  EXPECT_EQ(disk_.opens, 1);
  disk_.refuses_add.reset();
  live(minutes(1));
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 180U);
}

TEST_F(UsageAccountTest, OpensAFileAgainThatTurnsOutDamaged) {
  start();
  look({kOne});
  disk_.refuses_add = Error{ErrorKind::kConfigInvalid, "database disk image is malformed", ""};
  live(minutes(1));
  EXPECT_NE(report().warning.find("malformed"), std::string::npos);
  disk_.refuses_add.reset();
  disk_.warning = "the account begins anew";
  live(minutes(1));
  EXPECT_EQ(disk_.opens, 2);
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 120U);
  EXPECT_EQ(report().warning, "the account begins anew");
}

TEST_F(UsageAccountTest, MakesRoomInAFullFile) {
  start();
  look({kOne});
  disk_.refuses_add = Error{ErrorKind::kNoResources, "database or disk is full", ""};
  live(minutes(1));
  EXPECT_EQ(disk_.tidied, std::vector<std::string>{"2026-11-23 2024-11-23"});
  EXPECT_EQ(disk_.rows.at({"2026-11-24", kOne}).leased_seconds, 60U);
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(UsageAccountTest, TidiesOnceADayAndNotInTheFirstHour) {
  start();
  look({kOne});
  live(minutes(60));
  EXPECT_TRUE(disk_.tidied.empty());
  live(minutes(5));
  EXPECT_EQ(disk_.tidied, std::vector<std::string>{"2026-08-16 2024-11-23"});
  live(hours(24));
  EXPECT_EQ(disk_.tidied.size(), 2U);
}

TEST_F(UsageAccountTest, KeepsABoundedNumberOfRowsInMemory) {
  disk_.refuses_open = Error{ErrorKind::kPermission, "read-only", ""};
  start();
  for (std::uint32_t bind = 1; bind <= 2 * UsageAccount::kMaxWaiting; ++bind) {
    look({}, {{bind, kMoved}});
  }
  EXPECT_LE(report().rows.size(), UsageAccount::kMaxWaiting);
  EXPECT_NE(report().warning.find("not all rows"), std::string::npos);
}

}  // namespace
}  // namespace rsip::agent
