#include "agent/usage/sqlite_ledger.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* kToday = "2026-11-24";
const UsageLease kOne{"hotel", "203.0.113.10", 1};
const UsageLease kTwo{"hotel", "203.0.113.10", 2};
const UsageLease kOffice{"office", "203.0.113.77", 1};
constexpr UsageAmount kSome{1, 2, 3, 4, 5};
constexpr UsageAmount kTwice{2, 4, 6, 8, 10};

class SqliteLedgerTest : public testing::Test {
 protected:
  SqliteLedgerTest() {
    char name[] = "/tmp/rsip-usage-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~SqliteLedgerTest() override { fs::remove_all(folder_); }

  std::unique_ptr<UsageLedger> open(int max_pages = SqliteLedger::kMaxPages) {
    auto opened = SqliteLedger::open(folder_, kToday, max_pages);
    EXPECT_TRUE(opened) << (opened ? "" : to_line(opened.error()));
    if (!opened) return nullptr;
    warning_ = opened->warning;
    return std::move(opened->ledger);
  }
  static UsageRows all(UsageLedger& ledger, UsageBy by = UsageBy::kLease,
                       const std::string& gateway = "") {
    const auto rows = ledger.read({"0000-00-00", "9999-99-99", gateway, by});
    EXPECT_TRUE(rows) << (rows ? "" : to_line(rows.error()));
    return rows.value_or(UsageRows{});
  }
  [[nodiscard]] fs::path file() const { return folder_ / "usage.sqlite"; }
  [[nodiscard]] fs::path aside() const {
    return folder_ / (std::string("usage.sqlite.damaged-") + kToday);
  }

  fs::path folder_;
  std::string warning_;
};

TEST_F(SqliteLedgerTest, AddsToWhatIsThereAndKeepsItWhenOpenedAgain) {
  {
    const auto ledger = open();
    EXPECT_TRUE(ledger->add({{{kToday, kOne}, kSome}}));
    EXPECT_TRUE(ledger->add({{{kToday, kOne}, kSome}, {{kToday, kTwo}, kSome}}));
  }
  EXPECT_EQ(all(*open()), (UsageRows{{{kToday, kOne}, kTwice}, {{kToday, kTwo}, kSome}}));
  EXPECT_EQ(warning_, "");
}

TEST_F(SqliteLedgerTest, HoldsNumbersOf63Bits) {
  constexpr UsageAmount kHuge{1ULL << 62, 1, 1, 1, 1};
  const auto ledger = open();
  EXPECT_TRUE(ledger->add({{{kToday, {"hotel", "203.0.113.10", 0xFFFFFFFF}}, kHuge}}));
  EXPECT_EQ(all(*ledger).begin()->second, kHuge);
  EXPECT_EQ(all(*ledger).begin()->first.lease.bind, 0xFFFFFFFF);
}

TEST_F(SqliteLedgerTest, GroupsByDayGatewayAndLease) {
  const auto ledger = open();
  EXPECT_TRUE(ledger->add({{{"2026-11-23", kOne}, kSome},
                           {{kToday, kOne}, kSome},
                           {{kToday, kTwo}, kSome},
                           {{kToday, kOffice}, kSome}}));
  EXPECT_EQ(all(*ledger, UsageBy::kDay),
            (UsageRows{{{"2026-11-23", {}}, kSome}, {{kToday, {}}, UsageAmount{3, 6, 9, 12, 15}}}));
  EXPECT_EQ(all(*ledger, UsageBy::kGateway), (UsageRows{{{"2026-11-23", {"hotel", "", 0}}, kSome},
                                                        {{kToday, {"hotel", "", 0}}, kTwice},
                                                        {{kToday, {"office", "", 0}}, kSome}}));
  EXPECT_EQ(all(*ledger, UsageBy::kLease).size(), 4U);
  EXPECT_EQ(all(*ledger, UsageBy::kDay, "office"), (UsageRows{{{kToday, {}}, kSome}}));
  const auto yesterday = ledger->read({"2026-11-23", "2026-11-23", "", UsageBy::kDay});
  EXPECT_EQ(yesterday, (UsageRows{{{"2026-11-23", {}}, kSome}}));
}

TEST_F(SqliteLedgerTest, TakesNamesOfGatewaysAsTheyAre) {
  const std::string name = "it's; DROP TABLE usage; -- \xC3\xA4";
  const auto ledger = open();
  EXPECT_TRUE(ledger->add({{{kToday, {name, "", 1}}, kSome}}));
  EXPECT_EQ(all(*ledger, UsageBy::kGateway, name).begin()->first.lease.gateway, name);
}

TEST_F(SqliteLedgerTest, MergesOldRowsPerGatewayAndDropsOlderOnes) {
  const auto ledger = open();
  EXPECT_TRUE(ledger->add({{{"2024-01-01", kOne}, kSome},
                           {{"2026-01-01", kOne}, kSome},
                           {{"2026-01-01", kTwo}, kSome},
                           {{kToday, kOne}, kSome}}));
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(ledger->tidy("2026-08-16", "2024-11-24"));
    EXPECT_EQ(all(*ledger),
              (UsageRows{{{"2026-01-01", {"hotel", "", 0}}, kTwice}, {{kToday, kOne}, kSome}}));
  }
  EXPECT_TRUE(ledger->add({{{"2026-01-01", kOne}, kSome}}));
  EXPECT_TRUE(ledger->tidy("2026-08-16", "2024-11-24"));
  EXPECT_EQ(all(*ledger).begin()->second, (UsageAmount{3, 6, 9, 12, 15}));
}

TEST_F(SqliteLedgerTest, DoesNotGrowBeyondItsCapAndCanBeTidiedThen) {
  const auto ledger = open(16);
  UsageRows rows;
  for (std::uint32_t bind = 1; bind <= 2000; ++bind) {
    rows[{"2026-11-20", {"hotel", "203.0.113.10", bind}}] = kSome;
  }
  const auto added = ledger->add(rows);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::kNoResources);
  EXPECT_TRUE(all(*ledger).empty());  // all or nothing

  std::uint32_t bind = 0;
  Result<void> one;
  while ((one = ledger->add({{{"2026-11-20", {"hotel", "203.0.113.10", ++bind}}, kSome}}))) {
    ASSERT_LT(bind, 2000U);
  }
  EXPECT_LE(fs::file_size(file()), 16U * 4096);
  EXPECT_TRUE(ledger->tidy("2026-11-23", "2024-11-24"));
  EXPECT_TRUE(ledger->add({{{kToday, kOne}, kSome}}));
  EXPECT_EQ(all(*ledger).size(), 2U);
  EXPECT_EQ(all(*ledger).begin()->second.sent_bytes, bind - 1);
}

TEST_F(SqliteLedgerTest, SetsADamagedFileAsideAndBeginsAnew) {
  for (const std::string& damage : {std::string("this is no database, but a text of some length\n"),
                                    std::string(8192, '\xFF')}) {
    std::ofstream(file(), std::ios::binary) << damage;
    const auto ledger = open();
    ASSERT_NE(ledger, nullptr);
    EXPECT_NE(warning_.find(aside().string()), std::string::npos) << warning_;
    EXPECT_TRUE(fs::exists(aside()));
    EXPECT_TRUE(ledger->add({{{kToday, kOne}, kSome}}));
    EXPECT_EQ(all(*ledger).size(), 1U);
    fs::remove(aside());
  }
}

TEST_F(SqliteLedgerTest, FindsDamageInTheMiddleOfAFile) {
  {
    const auto ledger = open();
    UsageRows rows;
    for (std::uint32_t bind = 1; bind <= 2000; ++bind) rows[{kToday, {"hotel", "", bind}}] = kSome;
    EXPECT_TRUE(ledger->add(rows));
  }
  {
    std::fstream disk(file(), std::ios::binary | std::ios::in | std::ios::out);
    disk.seekp(4096);
    disk << std::string(8192, '\xAA');
  }
  const auto ledger = open();
  ASSERT_NE(ledger, nullptr);
  EXPECT_NE(warning_, "");
  EXPECT_TRUE(all(*ledger).empty());
}

TEST_F(SqliteLedgerTest, SetsTheFileOfANewerVersionAside) {
  {
    EXPECT_TRUE(open()->add({{{kToday, kOne}, kSome}}));
  }
  {
    auto database = SqliteFile::open(file());
    ASSERT_TRUE(database);
    EXPECT_TRUE(database->run("PRAGMA user_version = 2"));
  }
  const auto ledger = open();
  ASSERT_NE(ledger, nullptr);
  EXPECT_NE(warning_.find("newer version"), std::string::npos) << warning_;
  EXPECT_TRUE(all(*ledger).empty());
  EXPECT_TRUE(fs::exists(aside()));
}

TEST_F(SqliteLedgerTest, SaysWhereItCannotWrite) {
  const auto nowhere = SqliteLedger::open("/proc/no/where", kToday);
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("/proc/no/where"), std::string::npos);
  EXPECT_NE(nowhere.error().hint.find("state_dir"), std::string::npos);
  const auto read_only = SqliteLedger::open("/proc/self", kToday);
  ASSERT_FALSE(read_only);
  EXPECT_NE(read_only.error().message.find("/proc/self/usage.sqlite"), std::string::npos);
}

TEST_F(SqliteLedgerTest, MakesItsDirectoryAndAFileForItsUserAlone) {
  const fs::path made = folder_ / "state";
  const auto opened = SqliteLedger::open(made, kToday);
  ASSERT_TRUE(opened);
  const auto mode = fs::status(made / "usage.sqlite").permissions();
  EXPECT_EQ(mode & fs::perms::mask, fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SqliteLedgerTest, IsSharedByTwoAgents) {
  const auto one = open();
  const auto other = open();
  EXPECT_TRUE(one->add({{{kToday, kOne}, kSome}}));
  EXPECT_TRUE(other->add({{{kToday, kOne}, kSome}}));
  EXPECT_EQ(all(*one), (UsageRows{{{kToday, kOne}, kTwice}}));
}

TEST_F(SqliteLedgerTest, DoesNotWaitLongForAnotherWriter) {
  const auto ledger = open();
  auto other = SqliteFile::open(file());
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->run("BEGIN IMMEDIATE"));
  const auto added = ledger->add({{{kToday, kOne}, kSome}});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, ErrorKind::kInUse);
  ASSERT_TRUE(other->run("COMMIT"));
  EXPECT_TRUE(ledger->add({{{kToday, kOne}, kSome}}));
}

}  // namespace
}  // namespace rsip::agent
