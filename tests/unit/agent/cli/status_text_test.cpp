#include "agent/cli/status_text.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace rsip::cli {
namespace {

/// Local time is UTC for the time of a test.
class StatusText : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC", 1);
    tzset();
    status.state = "assigned";
    status.device = "rsip0";
    status.gateway = {"hotel", "10.1.0.1", 4555, "tcp",   "rsap-ip",
                      "ip-ip", 1480,       7,    "macro", "none"};
    status.leases.push_back({1, "203.0.113.10", {{5000, 5031}}, 1260, 360, 1800});
    status.ports = {32, 9, 23};
    status.traffic = {12, 3456, 10, 7890123, {}};
  }

  ipc::Status status;
};

TEST_F(StatusText, SaysWhatIsLeasedAndForHowLong) {
  EXPECT_EQ(status_text(status, 3600),
            "State     Assigned\n"
            "Gateway   hotel (10.1.0.1:4555, tcp)  rsap-ip over ip-ip, device rsip0, mtu 1480\n"
            "Public    203.0.113.10  ports 5000-5031  lease ends 01:21:00 (in 21 min, renews in 6 "
            "min)\n"
            "Ports     32 leased, 9 in use, 23 free\n"
            "Policy    local macro, remote none\n"
            "Traffic   sent 3.5 kB (12 packets), received 7.9 MB (10 packets)\n");
}

TEST_F(StatusText, NamesSinglePortsListsAndWholeAddresses) {
  status.leases[0].ports = {{80, 80}};
  EXPECT_NE(status_text(status, 0).find("203.0.113.10  port 80  lease"), std::string::npos);
  status.leases[0].ports = {{80, 80}, {90, 99}};
  EXPECT_NE(status_text(status, 0).find("ports 80, 90-99"), std::string::npos);
  status.leases[0].ports = {};
  EXPECT_NE(status_text(status, 0).find("all ports"), std::string::npos);
}

TEST_F(StatusText, ShowsDropsAndTheProblemWithWhatToDo) {
  status.traffic.drops = {{"no_lease", 3}, {"malformed", 1}};
  status.problem = ipc::ProblemStatus{"x", 7, "cannot reach gateway", "check the network"};
  const std::string text = status_text(status, 0);
  EXPECT_NE(text.find("Dropped   no_lease 3, malformed 1\n"), std::string::npos);
  EXPECT_NE(text.find("Problem   cannot reach gateway\n          check the network\n"),
            std::string::npos);
}

TEST_F(StatusText, LeavesOutWhatThereIsNotYet) {
  ipc::Status early;
  early.state = "connecting";
  early.gateway = {"hotel", "10.1.0.1", 4555, "tcp", "rsap-ip", "ip-ip", 0, {}, "", ""};
  EXPECT_EQ(status_text(early, 0),
            "State     Connecting\nGateway   hotel (10.1.0.1:4555, tcp)  rsap-ip over ip-ip\n");
}

TEST(HumanUnits, AreRoundedForReading) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(1000), "1.0 kB");
  EXPECT_EQ(human_bytes(999949), "999.9 kB");
  EXPECT_EQ(human_bytes(999950), "1.0 MB");
  EXPECT_EQ(human_bytes(~std::uint64_t{0}), "18.4 EB");
  EXPECT_EQ(human_seconds(119), "119 s");
  EXPECT_EQ(human_seconds(120), "2 min");
  EXPECT_EQ(human_seconds(7200), "2 h 0 min");
  EXPECT_EQ(human_seconds(3 * 86400), "3 days");
}

}  // namespace
}  // namespace rsip::cli
