#include "agent/cli/usage_text.h"

#include <gtest/gtest.h>

namespace rsip::cli {
namespace {

TEST(UsageText, AMinuteIsNotNothing) {
  EXPECT_EQ(human_hours(0), "0 s");
  EXPECT_EQ(human_hours(63), "63 s");
  EXPECT_EQ(human_hours(359), "5 min");
  EXPECT_EQ(human_hours(360), "0.1 h");
}

TEST(UsageText, IsATableOfDaysWithATotal) {
  const ipc::Usage usage{{{"2026-11-23", "", "", 0, 1500, 2000000, 12, 1400, 1800},
                          {"2026-11-24", "", "", 0, 500, 3000000, 3, 2100, 129600}},
                         ""};
  EXPECT_EQ(usage_text(usage),
            "DAY         SENT    RECEIVED  LEASED\n"
            "2026-11-23  1.5 kB  2.0 MB    0.5 h\n"
            "2026-11-24  500 B   3.0 MB    36.0 h\n"
            "Total       2.0 kB  5.0 MB    36.5 h\n");
}

TEST(UsageText, ShowsGatewaysAndLeasesIfTheRowsHaveThem) {
  const ipc::Usage usage{{{"2026-01-01", "hotel", "", 0, 1, 1, 1, 1, 3600},
                          {"2026-11-24", "hotel", "203.0.113.10", 7, 2, 2, 1, 1, 3600}},
                         ""};
  EXPECT_EQ(usage_text(usage),
            "DAY         GATEWAY  LEASE                SENT  RECEIVED  LEASED\n"
            "2026-01-01  hotel    -                    1 B   1 B       1.0 h\n"
            "2026-11-24  hotel    203.0.113.10 bind 7  2 B   2 B       1.0 h\n"
            "Total                                     3 B   3 B       2.0 h\n");
  EXPECT_EQ(usage_text({{{"2026-01-01", "hotel", "", 0, 1, 1, 1, 1, 3600}}, ""}),
            "DAY         GATEWAY  SENT  RECEIVED  LEASED\n"
            "2026-01-01  hotel    1 B   1 B       1.0 h\n"
            "Total                1 B   1 B       1.0 h\n");
}

TEST(UsageText, SaysSoIfThereIsNothing) {
  EXPECT_EQ(usage_text({}), "Nothing was leased in that time.\n");
  EXPECT_EQ(usage_csv({}),
            "day,gateway,address,bind,sent_bytes,received_bytes,sent_packets,received_packets,"
            "leased_seconds\r\n");
}

TEST(UsageText, WarnsOnALineOfItsOwn) {
  EXPECT_EQ(usage_warning_text({}), "");
  EXPECT_EQ(usage_warning_text({{}, "the disk is full"}), "Warning: the disk is full\n");
}

TEST(UsageCsv, HasExactNumbersAndEmptyFieldsForWhatARowDoesNotTell) {
  const ipc::Usage usage{{{"2026-11-23", "", "", 0, 1500, 2000000, 12, 1400, 1800},
                          {"2026-11-24", "hotel", "203.0.113.10", 7, 1, 2, 3, 4, 5}},
                         ""};
  const std::string text = usage_csv(usage);
  EXPECT_EQ(text.substr(text.find('\n') + 1),
            "2026-11-23,,,,1500,2000000,12,1400,1800\r\n"
            "2026-11-24,hotel,203.0.113.10,7,1,2,3,4,5\r\n");
}

// RFC 4180 section 2
TEST(UsageCsv, QuotesWhatWouldBreakALine) {
  const ipc::Usage usage{{{"2026-11-24", "a,\"b\"\n", "", 0, 1, 2, 3, 4, 5}}, ""};
  EXPECT_NE(usage_csv(usage).find("2026-11-24,\"a,\"\"b\"\"\n\",,,1,2,3,4,5\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace rsip::cli
