#include "agent/cli/agent_client.h"

#include <cstring>
#include <filesystem>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "common/ipc/protocol.h"

namespace rsip::cli {
namespace {

using std::chrono::milliseconds;

/// A socket on which one client is served with fixed bytes, whatever it asks.
class ScriptedAgent {
 public:
  explicit ScriptedAgent(std::string script) : script_(std::move(script)) {
    char folder[] = "/tmp/rsip-client-test-XXXXXX";
    folder_ = mkdtemp(folder);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    server_ = std::thread([this] { serve(); });
  }
  ~ScriptedAgent() {
    server_.join();
    close(listener_);
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string path() const { return folder_ + "/agent.sock"; }

 private:
  void serve() const {
    const int client = accept(listener_, nullptr, nullptr);
    (void)!write(client, script_.data(), script_.size());
    shutdown(client, SHUT_WR);
    char ignored[256];
    while (read(client, ignored, sizeof ignored) > 0) {
    }
    close(client);
  }

  std::string script_;
  std::string folder_;
  int listener_ = -1;
  std::thread server_;
};

TEST(AgentClient, ReadsTheStatusAfterTheHello) {
  ipc::Status status;
  status.state = "assigned";
  const ScriptedAgent agent(ipc::encode_hello("9") + "\n" + ipc::encode_answer(1, status) + "\n");
  const auto asked = ask(agent.path(), milliseconds(1000), ipc::StatusRequest{});
  ASSERT_TRUE(asked) << asked.error().message;
  EXPECT_EQ(asked->state, "assigned");
}

TEST(AgentClient, PassesOnWhatTheAgentSaysOfAFailure) {
  const ScriptedAgent agent(ipc::encode_hello("9") + "\n" +
                            ipc::encode_failure(1, {ErrorKind::kInUse, "taken", "wait"}) + "\n");
  const auto asked = ask(agent.path(), milliseconds(1000), ipc::ListenAddRequest{});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error(), (Error{ErrorKind::kInUse, "taken", "wait"}));
}

TEST(AgentClient, SaysThatNoAgentRuns) {
  const auto asked = ask("/nowhere/agent.sock", milliseconds(100), ipc::StatusRequest{});
  ASSERT_FALSE(asked);
  EXPECT_EQ(exit_code(asked.error().kind), 3);
  EXPECT_NE(asked.error().message.find("/nowhere/agent.sock"), std::string::npos);
}

TEST(AgentClient, RefusesAPathThatNoSocketCanHave) {
  EXPECT_EQ(
      exit_code(ask(std::string(200, 'x'), milliseconds(1), ipc::StatusRequest{}).error().kind), 2);
}

TEST(AgentClient, NoticesAnAgentThatEndsInTheMiddle) {
  const ScriptedAgent agent(ipc::encode_hello("9") + "\n{\"result\":");
  EXPECT_EQ(exit_code(ask(agent.path(), milliseconds(1000), ipc::StatusRequest{}).error().kind), 3);
}

TEST(AgentClient, RefusesWhatIsNoAgent) {
  const ScriptedAgent agent("SSH-2.0-OpenSSH\r\n");
  EXPECT_EQ(exit_code(ask(agent.path(), milliseconds(1000), ipc::StatusRequest{}).error().kind),
            14);
}

TEST(AgentClient, EndsALineThatHasNoEnd) {
  const ScriptedAgent agent(std::string(2 << 20, 'x'));
  EXPECT_EQ(exit_code(ask(agent.path(), milliseconds(1000), ipc::StatusRequest{}).error().kind),
            14);
}

}  // namespace
}  // namespace rsip::cli
