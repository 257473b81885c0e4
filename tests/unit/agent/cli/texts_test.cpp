#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "agent/cli/event_text.h"
#include "agent/cli/headline_text.h"
#include "agent/cli/metrics_text.h"
#include "agent/cli/network_text.h"
#include "tests/unit/agent/cli/cli_fixture.h"

namespace rsip::cli {
namespace {

std::string headline_of(const ipc::Status& status) {
  return headline_text(ipc::summarize(status), status.network);
}

TEST(Headline, HasASentenceForEachMood) {
  std::set<std::string> sentences;
  for (const ipc::Mood mood : ipc::kMoods) {
    ipc::Summary summary;
    summary.mood = mood;
    EXPECT_TRUE(sentences.insert(headline_text(summary, {})).second) << to_string(mood);
  }
}

TEST(Headline, SaysWhatIsWrong) {
  ipc::Status status = assigned_status();
  status.gateways[0].problem = {"gateway_unreachable", 7, "the gateway does not answer", ""};
  EXPECT_EQ(
      headline_of(status),
      "Assigned 203.0.113.10, 32 ports, lease ends in 3 min, but the gateway does not answer");
  status.network = {"sign_in", "http://login.example/"};
  EXPECT_EQ(headline_of(status), "This network needs sign-in: http://login.example/");
}

// The rules that promtool checks: HELP and TYPE once and before the samples, samples of a metric
// together, counters end in _total, no label twice, the names' alphabet.
TEST(Metrics, AreWhatPrometheusReads) {
  ipc::Status status = assigned_status();
  status.gateways.push_back(status.gateways[0]);
  status.gateways[1].name = "a \"name\" with \\ and\nnewline";
  const std::string text = metrics_text(status);
  const std::regex sample(
      R"re(([a-z_:][a-z0-9_:]*)(\{([a-z_]+="([^"\\\n]|\\.)*",?)*\})? ([0-9]+))re");
  std::set<std::string> seen;
  std::set<std::string> series;
  std::string current;
  std::string type;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string mark;
    std::string word;
    std::string name;
    words >> mark >> word >> name;
    if (word == "HELP") {
      EXPECT_TRUE(seen.insert(name).second) << "twice: " << name;
      current = name;
    } else if (word == "TYPE") {
      EXPECT_EQ(name, current);
      words >> type;
      EXPECT_TRUE(type == "counter" || type == "gauge") << line;
      EXPECT_EQ(type == "counter", name.ends_with("_total")) << line;
    } else {
      std::smatch parts;
      ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
      EXPECT_EQ(parts[1], current) << line;
      EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
    }
  }
  EXPECT_TRUE(text.ends_with('\n'));
  for (const char* const wanted :
       {"rsip_lease_expires_seconds{gateway=\"hotel\",bind=\"2\",address=\"203.0.113.10\"} 180\n",
        "rsip_received_bytes_total{gateway=\"hotel\"} 7890123\n",
        "rsip_dropped_packets_total{gateway=\"hotel\",reason=\"no_lease\"} 4\n",
        "rsip_agent_info{version=\"9.9.9\"} 1\n", "rsip_network_sign_in 0\n"}) {
    EXPECT_NE(text.find(wanted), std::string::npos) << wanted << text;
  }
}

TEST(Stats, TellRatesSinceTheLastLook) {
  ipc::Status before = assigned_status();
  ipc::Status now = before;
  now.gateways[0].traffic.sent_bytes += 4000;
  EXPECT_NE(stats_text(now, before, 2).find("7.5 kB (2.0 kB/s)"), std::string::npos);
  EXPECT_NE(stats_text(before, now, 2).find("3.5 kB (0 B/s)"), std::string::npos) << "a new tunnel";
  EXPECT_EQ(stats_text(now, before, 0).find("/s"), std::string::npos);
}

TEST(Mtu, ShowsTheSum) {
  ipc::MtuReport report{"hotel", "ip-ip", "rsip0", 1480, 20, "eth0", 1500, 1500};
  EXPECT_EQ(mtu_text(report),
            "hotel: 1500 on the way to the gateway (eth0: 1500) - 20 for ip-ip = 1480\n"
            "rsip0 has 1480\n");
  report.mtu = 1400;
  EXPECT_NE(mtu_text(report).find("less than fits"), std::string::npos);
  report.mtu = 1490;
  EXPECT_NE(mtu_text(report).find("more than fits"), std::string::npos);
  report = {"hotel", "l2tp", "rsip0", 1242, 38, "", 0, 1280};
  EXPECT_NE(mtu_text(report).find("Below 1280"), std::string::npos);
}

TEST(Mtu, KnowsWhatEachTunnelAdds) {
  EXPECT_EQ(tunnel_overhead("ip-ip"), 20U);
  EXPECT_EQ(tunnel_overhead("gre"), 24U);
  EXPECT_EQ(tunnel_overhead("l2tp"), 38U);
}

TEST(Resolvers, AreReadWithWhoKeepsThem) {
  const ipc::Resolvers read = parse_resolvers("/etc/resolv.conf",
                                              "# This file is managed by man:systemd-resolved(8).\n"
                                              "nameserver 127.0.0.53\n"
                                              "nameserver 192.0.2.1 # second\n"
                                              "search example.org example.net\n");
  EXPECT_EQ(read.servers.front(), "127.0.0.53");
  EXPECT_EQ(read.kept_by, "systemd-resolved");
  EXPECT_EQ(read.search, (std::vector<std::string>{"example.org", "example.net"}));
  const std::string text = resolvers_text(read);
  EXPECT_NE(text.find("rsipd leaves DNS alone"), std::string::npos);
  EXPECT_NE(text.find("kept by systemd-resolved"), std::string::npos);
}

TEST(Resolvers, EndAtAComment) {
  EXPECT_EQ(parse_resolvers("f", "nameserver 192.0.2.1 # one\n;nameserver 192.0.2.2\n").servers,
            (std::vector<std::string>{"192.0.2.1"}));
}

TEST(Gateways, OnesThatAreNotFoundYetAreSaidToBe) {
  ipc::Status status = assigned_status();
  status.gateways[0].address = "";
  EXPECT_NE(gateways_text(status).find("not found yet"), std::string::npos);
}

TEST(Discovered, NothingIsSaidToBeNothing) {
  EXPECT_EQ(discovered_text({}), "No gateway was found on this network.\n");
  EXPECT_NE(discovered_text({{{"10.1.0.1", 4555, "tcp", "slp", "rsap-ip"}}}).find("10.1.0.1:4555"),
            std::string::npos);
}

TEST(Events, AreALineEachWhateverTheyAre) {
  for (const ipc::EventBody& body : std::vector<ipc::EventBody>{
           changed(assigned_status().gateways[0]), ipc::AgentChanged{"assigned", {}, "work"},
           ipc::TrafficChanged{"hotel", {}, {}},
           ipc::Happening{"lease_lost", "hotel", 2, "", "the lease ended", {}},
           ipc::LogLine{"t", "warn", "a=1"}, ipc::AgentStopping{}}) {
    const std::string text = event_text({1, "2026-11-24T12:00:00Z", body});
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
    EXPECT_TRUE(text.starts_with("2026-11-24T12:00:00Z  ")) << text;
  }
}

}  // namespace
}  // namespace rsip::cli
