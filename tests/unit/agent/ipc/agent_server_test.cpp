#include "agent/ipc/agent_server.h"

#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "agent/cli/agent_client.h"

namespace rsip::agent {
namespace {

using std::chrono::milliseconds;

/// A server on its own thread, on a socket in a folder of its own.
class AgentServerTest : public testing::Test {
 protected:
  void SetUp() override {
    char folder[] = "/tmp/rsip-server-test-XXXXXX";
    folder_ = mkdtemp(folder);
    path_ = folder_ + "/run/agent.sock";
  }
  void TearDown() override {
    if (thread_.joinable()) {
      boost::asio::post(io_, [this] { server_->stop(); });
      thread_.join();
    }
    std::filesystem::remove_all(folder_);
  }

  void serve() {
    server_.emplace(io_, path_,
                    [this](const ipc::Call& call, const ipc::Caller&, const Answered& answered) {
                      if (std::holds_alternative<ipc::StatusRequest>(call)) {
                        ipc::Status status;
                        status.state = "assigned";
                        return answered(status);
                      }
                      later_ = answered;
                      if (std::holds_alternative<ipc::DownRequest>(call)) later_(ipc::Done{});
                      if (std::holds_alternative<ipc::UpRequest>(call)) {
                        boost::asio::post(
                            io_, [this] { later_(fail(ErrorKind::kNotFound, "no such gateway")); });
                      }
                    });
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().message;
    thread_ = std::thread([this] { io_.run(); });
  }

  [[nodiscard]] int connected() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    const int client = socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return client;
  }

  boost::asio::io_context io_;
  std::optional<AgentServer> server_;
  std::thread thread_;
  std::string folder_;
  std::string path_;
  Answered later_;
};

TEST_F(AgentServerTest, MakesItsFolderAndAnswersEveryLocalUser) {
  serve();
  struct stat facts{};
  ASSERT_EQ(stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0666U);
  const auto status = cli::ask(path_, milliseconds(2000), ipc::StatusRequest{});
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(status->state, "assigned");
}

TEST_F(AgentServerTest, RefusesToRunBesideAnotherAgent) {
  serve();
  boost::asio::io_context other_io;
  AgentServer other(other_io, path_, [](const auto&, const auto&, const auto&) {});
  const auto started = other.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(exit_code(started.error().kind), 10);
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::StatusRequest{}))
      << "the first one was disturbed";
}

TEST_F(AgentServerTest, TakesOverTheSocketOfAnAgentThatWasKilled) {
  serve();
  const std::string moved = path_ + ".of-the-killed";
  std::filesystem::rename(path_, moved);
  boost::asio::post(io_, [this] { server_->stop(); });
  thread_.join();
  io_.restart();
  std::filesystem::rename(moved, path_);
  serve();
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::StatusRequest{}));
}

TEST_F(AgentServerTest, AnswersAtOnceOrLaterWithSuccessOrFailure) {
  serve();
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::DownRequest{}));
  const auto up = cli::ask(path_, milliseconds(2000), ipc::UpRequest{});
  ASSERT_FALSE(up);
  EXPECT_EQ(up.error().message, "no such gateway");
}

TEST_F(AgentServerTest, RefusesParametersItDoesNotKnow) {
  serve();
  const auto answer = cli::exchange(path_, milliseconds(2000),
                                    R"({"id":1,"method":"listen.add","params":{"prot":80}})");
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->find("a parameter is wrong: prot"), std::string::npos) << *answer;
}

TEST_F(AgentServerTest, LeavesNothingBehind) {
  serve();
  const int idle = connected();
  boost::asio::post(io_, [this] { server_->stop(); });
  thread_.join();  // also ends although a client is connected
  EXPECT_FALSE(std::filesystem::exists(path_));
  close(idle);
}

TEST_F(AgentServerTest, LivesOnAfterClientsThatSendGarbageOrVanish) {
  serve();
  for (const std::string garbage : {"\n\n\n", "{}\n", "not json\n", "\x01\x02\n"}) {
    const int client = connected();
    EXPECT_GT(write(client, garbage.data(), garbage.size()), 0);
    char answer[4096];
    EXPECT_GT(read(client, answer, sizeof answer), 0);
    close(client);
  }
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::StatusRequest{}));
}

TEST_F(AgentServerTest, TakesARequestAsLongAsTheNamesOfAThousandLeases) {
  serve();
  const int client = connected();
  const std::string line =
      std::string(12'000, ' ') + R"({"jsonrpc":"2.0","id":1,"method":"status"})" + "\n";
  EXPECT_EQ(send(client, line.data(), line.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(line.size()));
  std::string answer;
  char part[512];
  while (answer.find("assigned") == std::string::npos) {
    const ssize_t length = read(client, part, sizeof part);
    ASSERT_GT(length, 0) << answer;
    answer.append(part, static_cast<std::size_t>(length));
  }
  close(client);
}

TEST_F(AgentServerTest, ClosesAClientWhoseLineHasNoEnd) {
  serve();
  const int client = connected();
  const std::string chunk(65536, 'x');
  for (int i = 0; i < 40 && send(client, chunk.data(), chunk.size(), MSG_NOSIGNAL) > 0; ++i) {
  }
  char ignored[4096];
  while (read(client, ignored, sizeof ignored) > 0) {
  }
  close(client);
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::StatusRequest{}));
}

TEST_F(AgentServerTest, IsNotLockedOutByClientsThatHoldConnections) {
  serve();
  std::vector<int> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(connected());
  EXPECT_TRUE(cli::ask(path_, milliseconds(2000), ipc::StatusRequest{}));
  for (const int client : idle) close(client);
}

TEST_F(AgentServerTest, NeverRemovesAFileThatIsNoSocket) {
  std::filesystem::create_directories(folder_ + "/run");
  std::ofstream(path_) << "precious";
  AgentServer server(io_, path_, [](const auto&, const auto&, const auto&) {});
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("is no socket"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

TEST_F(AgentServerTest, NamesTheFolderItMayNotWriteTo) {
  AgentServer server(io_, "/proc/nowhere/agent.sock", [](const auto&, const auto&, const auto&) {});
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("/proc/nowhere/agent.sock"), std::string::npos);
}

}  // namespace
}  // namespace rsip::agent
