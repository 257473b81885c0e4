#include <boost/json.hpp>

#include "tests/unit/agent/cli/cli_fixture.h"

namespace rsip::cli {
namespace {

using Verbs = RsipctlTest;

/// The call of that kind that came last.
template <class Call>
Call last(const ScriptedAgent& agent) {
  for (auto call = agent.calls.rbegin(); call != agent.calls.rend(); ++call) {
    if (const auto* const found = std::get_if<Call>(&*call)) return *found;
  }
  ADD_FAILURE() << "nothing of that kind was asked";
  return {};
}

TEST_F(Verbs, StatusBeginsWithAllOfItInOneSentence) {
  const Said said = rsipctl({"status"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out.substr(0, said.out.find('\n')),
            "Assigned 203.0.113.10, 32 ports, lease ends in 3 min");
  EXPECT_NE(said.out.find("\nState     Assigned\n"), std::string::npos);
}

TEST_F(Verbs, ColourIsOnlyForWhoAsksForIt) {
  EXPECT_EQ(rsipctl({"status"}).out.find('\033'), std::string::npos);
  EXPECT_EQ(rsipctl({"status", "--color=always"}).out.find("\033[32mAssigned"), 0U);
}

TEST_F(Verbs, QuietPrintsNothing) {
  EXPECT_EQ(rsipctl({"status", "-q"}).out, "");
  EXPECT_NE(rsipctl({"status", "-q", "--json"}).out, "");
}

TEST_F(Verbs, JsonIsOneObjectOnALineWithItsSchema) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"status"},
                                             {"lease", "list"},
                                             {"lease", "show", "2"},
                                             {"listen", "list"},
                                             {"gateway", "list"},
                                             {"profile", "list"},
                                             {"dns", "status"},
                                             {"version"},
                                             {"mtu"},
                                             {"stats"},
                                             {"portal", "status"},
                                             {"up"},
                                             {"lease", "hold", "2"}}) {
    std::vector<std::string> all = words;
    all.push_back("--json");
    const Said said = rsipctl(all);
    EXPECT_EQ(said.code, 0) << words[0] << said.err;
    const auto object = boost::json::parse(said.out).as_object();
    std::string path = words[0];
    if (words.size() > 1) path += " " + words[1];
    EXPECT_EQ(std::string(object.at("schema").as_string()),
              "rsip." + find(commands(), path)->schema)
        << path;
    EXPECT_TRUE(object.contains("data") && object.contains("time")) << path;
  }
}

TEST_F(Verbs, LeaseListIsATable) {
  const std::string text = rsipctl({"lease", "list"}).out;
  EXPECT_EQ(text.find("BIND  GATEWAY  ADDRESS"), 0U) << text;
  EXPECT_NE(text.find("2     hotel    203.0.113.10  ports 5000-5031  9"), std::string::npos)
      << text;
  status.gateways[0].leases.clear();
  EXPECT_EQ(rsipctl({"lease", "list"}).out, "Nothing is leased: rsipctl status says why.\n");
}

TEST_F(Verbs, LeaseShowTellsWhatHappenedToIt) {
  status.gateways[0].leases[0].history = {{"2026-11-24T12:00:00Z", "granted", 1800, ""},
                                          {"2026-11-24T12:15:00Z", "failed", 0, "no answer"}};
  const std::string text = rsipctl({"lease", "show", "2"}).out;
  EXPECT_NE(text.find("granted  for 30 min"), std::string::npos) << text;
  EXPECT_NE(text.find("failed   no answer"), std::string::npos) << text;
}

TEST_F(Verbs, UpWaitsForTheLease) {
  const ipc::GatewayStatus there = status.gateways[0];
  status.gateways[0].state = status.state = "connecting";
  status.gateways[0].leases.clear();
  agent.after_change = {changed(there)};
  const Said said = rsipctl({"up", "--wait"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out, "Assigned 203.0.113.10, 32 ports, lease ends in 3 min\n");
}

TEST_F(Verbs, UpDoesNotWaitForWhatIsRefused) {
  ipc::GatewayStatus refused = status.gateways[0];
  refused.state = "registering";
  refused.leases.clear();
  refused.problem =
      ipc::problem_of({ErrorKind::kNoResources, "the pool is empty", "ask its operator"});
  status.gateways[0].state = status.state = "connecting";
  agent.after_change = {changed(refused)};
  const Said said = rsipctl({"up", "--wait"});
  EXPECT_EQ(said.code, 9);
  EXPECT_EQ(said.err, "rsipctl: the pool is empty. Ask its operator\n");
}

TEST_F(Verbs, DownWaitsUntilEverythingIsGivenBack) {
  ipc::GatewayStatus gone = status.gateways[0];
  gone.state = "disabled";
  gone.leases.clear();
  agent.after_change = {changed(gone)};
  const Said said = rsipctl({"down", "--wait", "-g", "hotel"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out, "Off\n");
  EXPECT_EQ(last<ipc::DownRequest>(agent).gateway, "hotel");
}

TEST_F(Verbs, RestartGoesDownBeforeItGoesUp) {
  ipc::GatewayStatus gone = status.gateways[0];
  gone.state = "disabled";
  agent.after_change = {changed(gone)};
  EXPECT_EQ(rsipctl({"restart"}).code, 0);
  ASSERT_EQ(agent.calls.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<ipc::DownRequest>(agent.calls[1]));
  EXPECT_TRUE(std::holds_alternative<ipc::UpRequest>(agent.calls[2]));
}

TEST_F(Verbs, RenewSaysTheOldAndTheNewEnd) {
  ipc::GatewayStatus renewed = status.gateways[0];
  renewed.leases[0].expires_in_seconds = 1800;
  renewed.leases[0].history = {{"2026-11-24T12:00:00Z", "extended", 1800, ""}};
  agent.after_change = {changed(renewed)};
  const Said said = rsipctl({"renew", "2", "--wait"});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.out, "bind 2  203.0.113.10  ended in 3 min, now in 30 min\n");
  EXPECT_EQ(last<ipc::RenewRequest>(agent).binds, (std::vector<std::uint32_t>{2}));
}

TEST_F(Verbs, RenewSaysWhyNot) {
  ipc::GatewayStatus failed = status.gateways[0];
  failed.leases[0].history = {{"2026-11-24T12:00:00Z", "failed", 0, "the gateway does not answer"}};
  agent.after_change = {changed(failed)};
  const Said said = rsipctl({"lease", "renew", "--wait"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.err.find("bind 2 was not renewed: the gateway does not answer"),
            std::string::npos);
}

TEST_F(Verbs, RequestEndsWithTheRefusalThatHappens) {
  ipc::Happening happening;
  happening.kind = "pool_full";
  happening.gateway = "hotel";
  happening.problem = ipc::problem_of({ErrorKind::kNoResources, "no ports are left", ""});
  agent.after_change = {happening};
  const Said said = rsipctl({"lease", "request", "--wait"});
  EXPECT_EQ(said.code, 9);
  EXPECT_EQ(said.err, "rsipctl: no ports are left\n");
}

TEST_F(Verbs, RequestWaitsForOneLeaseMore) {
  ipc::GatewayStatus more = status.gateways[0];
  more.leases.push_back(more.leases[0]);
  more.leases.back().bind = 3;
  agent.after_change = {changed(status.gateways[0]), changed(more)};
  EXPECT_EQ(rsipctl({"lease", "request", "--remote", "198.51.100.7:443", "--wait"}).code, 0);
  EXPECT_EQ(last<ipc::LeaseRequest>(agent).remote, "198.51.100.7:443");
}

TEST_F(Verbs, ReleaseNeedsToKnowWhich) {
  EXPECT_EQ(rsipctl({"lease", "release"}).code, 2);
  EXPECT_EQ(rsipctl({"lease", "release", "2", "--unused"}).code, 2);
  EXPECT_TRUE(agent.calls.empty());
  EXPECT_EQ(rsipctl({"lease", "release", "--unused"}).code, 0);
  EXPECT_TRUE(last<ipc::ReleaseRequest>(agent).unused);
}

TEST_F(Verbs, ReleaseWaitsUntilTheLeaseIsGone) {
  ipc::GatewayStatus without = status.gateways[0];
  without.leases.clear();
  agent.after_change = {changed(without)};
  EXPECT_EQ(rsipctl({"lease", "release", "2", "--wait"}).code, 0);
}

TEST_F(Verbs, ReleaseAsksAPersonIfFlowsWouldBreak) {
  answer = ipc::Flows{{}, 0};
  ipc::FlowStatus flow;
  flow.bind = 2;
  flow.protocol = "tcp";
  flow.remote_address = "198.51.100.7";
  flow.remote_port = 22;
  flow.state = "established";
  flow.program = "ssh";
  answer = ipc::Flows{{flow}, 0};
  const Command& release = *find(commands(), "lease release");
  Arguments arguments;
  arguments.set("ID", {"2"});
  for (const char* const reply : {"n\n", ""}) {
    std::istringstream in(reply);
    std::ostringstream out;
    const Context context{
        .out = out, .in = in, .err = out, .socket = agent.path(), .may_prompt = true};
    EXPECT_FALSE(release.run(context, arguments));
    EXPECT_EQ(out.str(), "1 flow will break:\n  tcp 198.51.100.7:22 (ssh)\nGive back? [y/N] ");
  }
  for (const ipc::Call& call : agent.calls) {
    EXPECT_FALSE(std::holds_alternative<ipc::ReleaseRequest>(call));
  }
}

TEST_F(Verbs, HoldIsUndoneByOff) {
  EXPECT_EQ(rsipctl({"lease", "hold", "2"}).code, 0);
  EXPECT_TRUE(last<ipc::HoldRequest>(agent).hold);
  EXPECT_EQ(rsipctl({"lease", "hold", "2", "--off"}).code, 0);
  EXPECT_FALSE(last<ipc::HoldRequest>(agent).hold);
}

TEST_F(Verbs, ListenAddAsksForAnyPortWithZero) {
  answer = ipc::ListenStatus{"hotel", "203.0.113.10", 5001, 8080, ""};
  EXPECT_EQ(rsipctl({"listen", "add", "8080", "--public-port", "any"}).out,
            "203.0.113.10:5001 reaches the server on port 8080\n");
  EXPECT_EQ(last<ipc::ListenAddRequest>(agent).public_port, 0);
  EXPECT_EQ(rsipctl({"listen", "add", "8080"}).code, 0);
  EXPECT_EQ(last<ipc::ListenAddRequest>(agent).public_port, std::nullopt);
}

TEST_F(Verbs, RouteExplainSaysWhatDecides) {
  ipc::RouteVerdict verdict;
  verdict.destination = "198.51.100.7";
  verdict.port = 443;
  verdict.way = "tunnel";
  verdict.reason = "0.0.0.0/0 goes through hotel";
  verdict.gateway = "hotel";
  verdict.bind = 2;
  answer = verdict;
  const std::string text = rsipctl({"route", "explain", "198.51.100.7:443"}).out;
  EXPECT_EQ(last<ipc::RouteExplainRequest>(agent).port, 443);
  EXPECT_NE(text.find("through the tunnel of hotel"), std::string::npos) << text;
  EXPECT_NE(text.find("bind 2"), std::string::npos) << text;
  EXPECT_EQ(rsipctl({"route", "explain", "198.51.100.7:no"}).code, 2);
}

TEST_F(Verbs, RouteExplainTakesIPv4Alone) {
  const Said said = rsipctl({"route", "explain", "2001:db8::1"});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err, "rsipctl: 2001:db8::1 is not an IPv4 address. RSIP carries IPv4 alone\n");
}

TEST_F(Verbs, FlowListShowsEachFlowAndCountsThoseOfOthers) {
  ipc::FlowStatus flow;
  flow.gateway = "hotel";
  flow.bind = 2;
  flow.protocol = "tcp";
  flow.public_address = "203.0.113.10";
  flow.public_port = 5000;
  flow.remote_address = "198.51.100.7";
  flow.remote_port = 443;
  flow.state = "established";
  flow.begun_by = "host";
  flow.sent_bytes = 1200;
  flow.user = "alice";
  flow.program = "curl";
  answer = ipc::Flows{{flow}, 2};
  EXPECT_EQ(rsipctl({"flow", "list", "-g", "hotel"}).out,
            "GATEWAY  BIND  PROTOCOL  PUBLIC             REMOTE            STATE        BEGUN BY  "
            "IDLE  SENT    RECEIVED  OWNER\n"
            "hotel    2     tcp       203.0.113.10:5000  198.51.100.7:443  established  host      "
            "0 s   1.2 kB  0 B       curl, user alice\n"
            "2 flows of other users are not shown.\n");
  EXPECT_EQ(last<ipc::FlowsRequest>(agent).gateway, "hotel");
  answer = ipc::Flows{};
  EXPECT_EQ(rsipctl({"flow", "list"}).out, "No flow goes through a tunnel now.\n");
}

TEST_F(Verbs, PortListJoinsNeighboursWithOneUse) {
  answer = ipc::Ports{"hotel",
                      "203.0.113.10",
                      {{5000, 2, "in_use", 1},
                       {5001, 2, "in_use", 2},
                       {5002, 2, "free", 0},
                       {5004, 2, "free", 0},
                       {5005, 3, "free", 0}},
                      7};
  EXPECT_EQ(rsipctl({"port", "list"}).out,
            "PORTS      BIND  USE     FLOWS\n"
            "5000-5001  2     in use  3\n"
            "5002       2     free    0\n"
            "5004       2     free    0\n"
            "5005       3     free    0\n"
            "Most in use at a time since the agent started: 7\n");
  answer = ipc::Ports{"hotel", "", {}, 0};
  EXPECT_EQ(rsipctl({"port", "list"}).out, "Nothing is leased: rsipctl status says why.\n");
}

TEST_F(Verbs, UsageIsATableOrCsvOrJson) {
  answer =
      ipc::Usage{{{"2026-11-24", "hotel", "", 0, 1000, 2000, 1, 2, 3600}}, "a file was damaged"};
  const Said said = rsipctl({"usage", "--from", "2026-11-01", "--by", "gateway", "-g", "hotel"});
  EXPECT_NE(said.out.find("2026-11-24"), std::string::npos) << said.out;
  EXPECT_NE(said.err.find("a file was damaged"), std::string::npos) << said.err;
  const auto request = last<ipc::UsageRequest>(agent);
  EXPECT_EQ(request.from + request.by + request.gateway, "2026-11-01gatewayhotel");
  EXPECT_NE(rsipctl({"usage", "--csv"}).out.find("2026-11-24,hotel"), std::string::npos);
  EXPECT_EQ(rsipctl({"usage", "--csv", "--json"}).code, 2);
  EXPECT_EQ(rsipctl({"usage", "--from", "yesterday"}).code, 2);
}

TEST_F(Verbs, LogShowsLinesOfThatLevelOrGraver) {
  answer = ipc::Log{
      "debug", {{"2026-11-24T12:00:00Z", "debug", "a=1"}, {"2026-11-24T12:00:01Z", "warn", "b=2"}}};
  EXPECT_EQ(rsipctl({"log", "--level", "info", "--lines", "5"}).out,
            "2026-11-24T12:00:01Z  warn   b=2\n");
  EXPECT_EQ(last<ipc::LogRequest>(agent).lines, 5U);
}

TEST_F(Verbs, LogLevelIsForATime) {
  EXPECT_EQ(rsipctl({"log", "level", "debug", "--for", "10m"}).code, 0);
  EXPECT_EQ(last<ipc::LogLevelRequest>(agent).for_seconds, 600U);
}

TEST_F(Verbs, MonitorEndsWithTheAgent) {
  agent.at_once = {changed(status.gateways[0]), ipc::AgentStopping{}};
  agent.ends = true;
  const Said said = rsipctl({"monitor"});
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.out.find("hotel: assigned"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("agent: it ends\n"), std::string::npos) << said.out;
}

TEST_F(Verbs, MonitorAsJsonIsASnapshotThenEventsOneALine) {
  agent.at_once = {changed(status.gateways[0]), ipc::AgentStopping{}};
  agent.ends = true;
  std::istringstream lines(rsipctl({"monitor", "--json", "--traffic", "2"}).out);
  std::vector<std::string> types;
  for (std::string line; std::getline(lines, line);) {
    const auto object = boost::json::parse(line).as_object();
    types.emplace_back(object.contains("type") ? object.at("type").as_string() : "error");
  }
  EXPECT_EQ(types, (std::vector<std::string>{"snapshot", "gateway", "stopping", "error"}));
  EXPECT_EQ(last<ipc::SubscribeRequest>(agent).traffic_seconds, 2U);
}

TEST_F(Verbs, WaitComesBackWhenItIsSo) {
  const ipc::GatewayStatus there = status.gateways[0];
  status.gateways[0].state = status.state = "connecting";
  agent.at_once = {changed(there)};
  EXPECT_EQ(rsipctl({"wait", "assigned"}).code, 0);
  EXPECT_EQ(rsipctl({"wait", "registered"}).code, 0);
}

TEST_F(Verbs, WaitKnowsDownAndSignIn) {
  EXPECT_EQ(rsipctl({"wait", "down", "--timeout", "0"}).code, 6);
  EXPECT_EQ(rsipctl({"wait", "sign-in", "--timeout", "0"}).code, 6);
  status.gateways[0].state = status.state = "disabled";
  status.network.state = "sign_in";
  EXPECT_EQ(rsipctl({"wait", "down"}).code, 0);
  EXPECT_EQ(rsipctl({"wait", "sign-in"}).code, 0);
}

TEST_F(Verbs, ProfileUseWaitsUntilItIsUsed) {
  agent.after_change = {ipc::AgentChanged{"assigned", {}, "work"}};
  EXPECT_EQ(rsipctl({"profile", "use", "work", "--wait"}).code, 0);
  EXPECT_EQ(last<ipc::ProfileUseRequest>(agent).name, "work");
}

TEST_F(Verbs, PortalOpenWantsAWebAddress) {
  status.network = {"sign_in", "file:///etc/passwd"};
  EXPECT_EQ(rsipctl({"portal", "open"}).code, 14);
  status.network.portal = "";
  EXPECT_EQ(rsipctl({"portal", "open"}).code, 11);
}

TEST_F(Verbs, CompletionAsksForWhatOnlyTheAgentKnows) {
  EXPECT_EQ(run_words({"__complete", "gateways", "--socket", agent.path()}).out, "hotel\n");
  EXPECT_EQ(run_words({"__complete", "binds", "--socket", agent.path()}).out, "2\n");
  EXPECT_EQ(run_words({"__complete", "profiles", "--socket", agent.path()}).out, "work\n");
  const Said nobody = run_words({"__complete", "binds", "--socket", "/nowhere"});
  EXPECT_EQ(nobody.code, 0);
  EXPECT_EQ(nobody.out + nobody.err, "");
}

TEST_F(Verbs, VersionAsksTheRunningAgent) {
  EXPECT_EQ(rsipctl({"version"}).out, "rsipctl " RSIP_VERSION "\nrsipd 9.9.9\ncontract 4\n");
}

TEST_F(Verbs, UnknownGatewaysAreNotFound) {
  EXPECT_EQ(rsipctl({"mtu", "-g", "nowhere"}).code, 13);
  EXPECT_EQ(rsipctl({"ping", "-g", "nowhere"}).code, 13);
}

}  // namespace
}  // namespace rsip::cli
