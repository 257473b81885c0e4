#include "tests/unit/agent/cli/cli_fixture.h"

// Every exit code that README.md and rsipctl(1) name, but 130: tests/system sends that signal.
namespace rsip::cli {
namespace {

class ExitCodes : public RsipctlTest {
 protected:
  /// What rsipctl makes of a failure that the agent reports.
  int code_for(ErrorKind kind) {
    answer = fail(kind, "it cannot be done", "do something else");
    const Said said = rsipctl({"lease", "request", "--json"});
    EXPECT_EQ(said.err, "rsipctl: it cannot be done. Do something else\n");
    EXPECT_NE(said.out.find("\"exit\":" + std::to_string(said.code)), std::string::npos);
    EXPECT_NE(said.out.find("\"schema\":\"rsip.error/1\""), std::string::npos);
    return said.code;
  }
};

TEST_F(ExitCodes, ZeroIfItWasDone) {
  EXPECT_EQ(rsipctl({"up"}).code, 0);
}
TEST_F(ExitCodes, OneForOtherFailures) {
  EXPECT_EQ(code_for(ErrorKind::kOther), 1);
}
TEST_F(ExitCodes, TwoForAWrongCommandLine) {
  EXPECT_EQ(rsipctl({"lease", "show"}).code, 2);
  EXPECT_EQ(rsipctl({"no-such-verb"}).code, 2);
  EXPECT_EQ(rsipctl({}).code, 2);
  EXPECT_EQ(rsipctl({"listen", "add", "70000"}).code, 2);
}
TEST_F(ExitCodes, ThreeIfNoAgentRuns) {
  const Said said = run_words({"--socket", "/nowhere/agent.sock", "status"});
  EXPECT_EQ(said.code, 3);
  EXPECT_NE(said.err.find("/nowhere/agent.sock"), std::string::npos);
}
TEST_F(ExitCodes, FourIfItIsNotAllowed) {
  EXPECT_EQ(code_for(ErrorKind::kPermission), 4);
}
TEST_F(ExitCodes, FiveIfWhatIsWaitedForDoesNotComeInTime) {
  status.gateways[0].state = status.state = "connecting";
  const Said said = rsipctl({"up", "--wait=0"});
  EXPECT_EQ(said.code, 5);
  EXPECT_NE(said.err.find("Connecting to hotel"), std::string::npos) << said.err;
}
TEST_F(ExitCodes, SixIfTheStateIsNotAsAsked) {
  status.gateways[0].state = status.state = "registering";
  EXPECT_EQ(rsipctl({"status", "--check"}).code, 6);
  EXPECT_EQ(rsipctl({"wait", "assigned", "--timeout", "0"}).code, 6);
  EXPECT_EQ(rsipctl({"portal", "open"}).code, 6);
}
TEST_F(ExitCodes, SevenIfTheGatewayCannotBeReached) {
  EXPECT_EQ(code_for(ErrorKind::kUnreachable), 7);
}
TEST_F(ExitCodes, EightIfPolicyDeniesIt) {
  EXPECT_EQ(code_for(ErrorKind::kDenied), 8);
}
TEST_F(ExitCodes, NineIfTheGatewayHasNothingLeft) {
  EXPECT_EQ(code_for(ErrorKind::kNoResources), 9);
}
TEST_F(ExitCodes, TenIfItIsInUse) {
  EXPECT_EQ(code_for(ErrorKind::kInUse), 10);
}
TEST_F(ExitCodes, ElevenIfTheNetworkWantsTheUserFirst) {
  status.gateways[0].state = status.state = "connecting";
  status.network.state = "sign_in";
  const Said said = rsipctl({"up", "--wait"});
  EXPECT_EQ(said.code, 11);
  EXPECT_NE(said.err.find("portal open"), std::string::npos);
}
TEST_F(ExitCodes, TwelveIfTheConfigurationIsInvalid) {
  EXPECT_EQ(code_for(ErrorKind::kConfigInvalid), 12);
}
TEST_F(ExitCodes, ThirteenIfThereIsNoSuchThing) {
  EXPECT_EQ(rsipctl({"lease", "show", "77"}).code, 13);
  EXPECT_EQ(rsipctl({"lease", "list", "-g", "other"}).code, 13);
}
TEST_F(ExitCodes, FourteenIfTheAgentIsNotUnderstood) {
  EXPECT_EQ(code_for(ErrorKind::kProtocol), 14);
}
TEST_F(ExitCodes, FifteenIfTheIkeDaemonCannotBeReached) {
  EXPECT_EQ(code_for(ErrorKind::kIkeUnreachable), 15);
}

}  // namespace
}  // namespace rsip::cli
