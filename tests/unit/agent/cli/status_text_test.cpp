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
    gateway.name = "hotel";
    gateway.state = "assigned";
    gateway.address = gateway.endpoint = "10.1.0.1";
    gateway.found_by = "configuration";
    gateway.port = 4555;
    gateway.transport = "tcp";
    gateway.method = "rsap-ip";
    gateway.tunnel = "ip-ip";
    gateway.device = "rsip0";
    gateway.mtu = 1480;
    gateway.client_id = 7;
    gateway.local_policy = "macro";
    gateway.remote_policy = "none";
    gateway.leases.push_back({1,
                              "203.0.113.10",
                              {{5000, 5031}},
                              {},
                              "",
                              false,
                              0,
                              false,
                              false,
                              9,
                              1260,
                              360,
                              1800,
                              {}});
    gateway.ports = {32, 9, 23, 1024};
    gateway.traffic = {12, 3456, 10, 7890123, {}};
  }

  [[nodiscard]] std::string text(std::time_t now = 0) const {
    return status_text(status_of({gateway}), now);
  }
  [[nodiscard]] static ipc::Status status_of(std::vector<ipc::GatewayStatus> gateways) {
    ipc::Status status;
    status.gateways = std::move(gateways);
    return status;
  }

  ipc::GatewayStatus gateway;
};

TEST_F(StatusText, SaysWhatIsLeasedAndForHowLong) {
  EXPECT_EQ(text(3600),
            "State     Assigned\n"
            "Gateway   hotel (10.1.0.1:4555, tcp)  rsap-ip over ip-ip, device rsip0, mtu 1480\n"
            "Public    203.0.113.10  ports 5000-5031  lease ends 01:21:00 (in 21 min, renews in 6 "
            "min)\n"
            "Ports     32 leased, 9 in use, 23 free\n"
            "Policy    local macro, remote none\n"
            "Traffic   sent 3.5 kB (12 packets), received 7.9 MB (10 packets)\n");
}

TEST_F(StatusText, NamesSinglePortsListsAndWholeAddresses) {
  gateway.leases[0].ports = {{80, 80}};
  EXPECT_NE(text().find("203.0.113.10  port 80  lease"), std::string::npos);
  gateway.leases[0].ports = {{80, 80}, {90, 99}};
  EXPECT_NE(text().find("ports 80, 90-99"), std::string::npos);
  gateway.leases[0].ports = {};
  EXPECT_NE(text().find("all ports"), std::string::npos);
}

TEST_F(StatusText, NamesLeasedSpis) {
  gateway.leases[0].spis = {{"0x00001000", "0x00001007"}};
  EXPECT_NE(text().find("ports 5000-5031  SPI 0x00001000-0x00001007  lease"), std::string::npos);
  gateway.leases[0].ports = {};
  gateway.leases[0].spis = {{"0x00001000", "0x00001000"}};
  EXPECT_NE(text().find("203.0.113.10    SPI 0x00001000  lease"), std::string::npos);
}

TEST_F(StatusText, ShowsDropsAndTheProblemWithWhatToDo) {
  gateway.traffic.drops = {{"no_lease", 3}, {"malformed", 1}};
  gateway.problem = ipc::ProblemStatus{"x", 7, "cannot reach gateway", "check the network"};
  const std::string shown = text();
  EXPECT_NE(shown.find("Dropped   no_lease 3, malformed 1\n"), std::string::npos);
  EXPECT_NE(shown.find("Problem   cannot reach gateway\n          check the network\n"),
            std::string::npos);
}

TEST_F(StatusText, LeavesOutWhatThereIsNotYet) {
  ipc::GatewayStatus early;
  early.name = "hotel";
  early.state = "connecting";
  early.address = "10.1.0.1";
  early.port = 4555;
  early.transport = "tcp";
  early.method = "rsap-ip";
  early.tunnel = "ip-ip";
  EXPECT_EQ(status_text(status_of({early}), 0),
            "State     Connecting\nGateway   hotel (10.1.0.1:4555, tcp)  rsap-ip over ip-ip\n");
}

TEST_F(StatusText, SaysWhatALeaseIsFor) {
  gateway.leases[0].remote = "198.51.100.7:443";
  EXPECT_NE(text().find("ports 5000-5031  to 198.51.100.7:443  lease"), std::string::npos);
  gateway.leases[0].listening = true;
  gateway.leases[0].server_port = 8080;
  EXPECT_NE(text().find("open to the server on port 8080 from 198.51.100.7:443"),
            std::string::npos);
}

TEST_F(StatusText, CountsTheLeasesThatAreTooManyToShow) {
  gateway.leases.resize(200, gateway.leases[0]);
  EXPECT_NE(text().find("          and 192 more leases"), std::string::npos);
}

TEST_F(StatusText, ShowsEachGateway) {
  ipc::GatewayStatus other = gateway;
  other.name = "office";
  const std::string shown = status_text(status_of({gateway, other}), 0);
  EXPECT_NE(shown.find("hotel"), std::string::npos);
  EXPECT_NE(shown.find("\n\nState     Assigned\nGateway   office"), std::string::npos);
}

TEST_F(StatusText, ListsTheServersThatAreReachable) {
  EXPECT_EQ(listens_text(status_of({gateway})), "No server is reachable from the public side.\n");
  gateway.leases.push_back(
      {2, "203.0.113.10", {{80, 80}}, {}, "", true, 8080, false, false, 0, 1, 1, 1, {}});
  EXPECT_EQ(listens_text(status_of({gateway})),
            "203.0.113.10:80 reaches the server on port 8080\n");
}

TEST(LocalityText, SaysWhereEachIs) {
  EXPECT_EQ(locality_text({"hotel", {{"10.0.0.0/8", "local"}, {"8.8.8.8", "unknown"}}}),
            "10.0.0.0/8  local\n8.8.8.8  unknown\n");
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
