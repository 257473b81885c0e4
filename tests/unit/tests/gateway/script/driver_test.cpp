#include "tests/gateway/script/driver.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rsip::gateway::script {
namespace {

namespace asio = boost::asio;

constexpr Ipv4Address kHost{0x0A010002};
constexpr Ipv4Address kOther{0x0A010003};

/// A driver with two registered hosts, whose gateway notes what is sent and done.
class ScriptDriver : public ::testing::Test {
 protected:
  ScriptDriver() {
    std::string folder = std::filesystem::temp_directory_path() / "rsip-script-XXXXXX";
    folder_ = mkdtemp(folder.data());
    Gateway gateway;
    gateway.send = [this](Ipv4Address host, std::span<const std::uint8_t> bytes) {
      sent_.emplace_back(host, Bytes(bytes.begin(), bytes.end()));
      return true;
    };
    gateway.hosts = [] { return std::vector{kHost, kOther}; };
    gateway.subject = [](Ipv4Address) { return Subject{{7}, {3}}; };
    gateway.really = [this](Ipv4Address host, const Act& act) {
      if (act.deregister) dismissed_.push_back(host);
    };
    gateway.now = [] { return TimePoint{std::chrono::hours(1)}; };
    driver_ = std::make_unique<Driver>(io_, std::move(gateway));
  }
  ~ScriptDriver() override {
    driver_->stop();
    io_.run();
    std::filesystem::remove_all(folder_);
  }

  void take(std::string_view line) { EXPECT_TRUE(driver_->take(line)); }
  std::vector<msg::Message> free_request() {
    msg::FreeRequest request{{7}, {3}, {}};
    request.trailer.counter = 12;
    return driver_->answer(kHost, msg::Message(request), [this] {
      ++served_;
      return std::vector<msg::Message>{msg::FreeResponse{{7}, {3}, {}}};
    });
  }
  /// Runs the loop until so many pieces were sent.
  void run_until_sent(std::size_t count) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    io_.restart();
    while (sent_.size() < count && std::chrono::steady_clock::now() < limit) {
      io_.run_one_for(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(sent_.size(), count);
  }

  asio::io_context io_;
  std::string folder_;
  std::vector<std::pair<Ipv4Address, Bytes>> sent_;
  std::vector<Ipv4Address> dismissed_;
  int served_ = 0;
  std::unique_ptr<Driver> driver_;
};

TEST_F(ScriptDriver, LeavesAloneWhatNoRuleIsFor) {
  take(R"({"match":{"message":"EXTEND_REQUEST"},"do":{"drop":true}})");
  EXPECT_EQ(free_request().size(), 1U);
}

// G-49: any error
TEST_F(ScriptDriver, AnswersWithAnErrorWithoutAskingTheEngine) {
  take(R"({"match":{"message":"FREE_REQUEST"},"do":{"error":306}})");
  const auto replies = free_request();
  ASSERT_EQ(replies.size(), 1U);
  const auto& error = std::get<msg::ErrorResponse>(replies[0]);
  EXPECT_EQ(error.code(), msg::ErrorCode::kBadBindId);
  EXPECT_EQ(error.client, ClientId{7});
  EXPECT_EQ(error.bind, BindId{3});
  EXPECT_EQ(error.trailer.counter, 12U);
  EXPECT_EQ(served_, 0);
}

// G-49: drop, of the request or of the reply
TEST_F(ScriptDriver, LosesTheRequestOrTheReply) {
  take(R"({"match":{"nth":1},"do":{"drop":"request"}})");
  take(R"({"match":{"nth":1},"do":{"drop":"reply"}})");
  EXPECT_TRUE(free_request().empty());
  EXPECT_EQ(served_, 0);
  EXPECT_TRUE(free_request().empty());
  EXPECT_EQ(served_, 1);
}

// G-49: delay, byte by byte
TEST_F(ScriptDriver, TricklesAnAnswerByteByByte) {
  take(R"({"match":{},"do":{"raw":"010203","delay_ms":1,"trickle_ms":1}})");
  EXPECT_TRUE(free_request().empty());
  run_until_sent(3);
  EXPECT_EQ(sent_[0].second, Bytes{1});
  EXPECT_EQ(sent_[2].second, Bytes{3});
}

// G-49: async messages, very many
TEST_F(ScriptDriver, SendsVeryManyMessagesThatNobodyAskedFor) {
  take(R"({"host":"10.1.0.2","do":{"async":["FREE_RESPONSE"],"repeat":1000}})");
  run_until_sent(1000);
  EXPECT_EQ(sent_[999].first, kHost);
}

TEST_F(ScriptDriver, DoesToEverybodyWhatNamesNoHost) {
  take(R"({"do":{"deregister":true}})");
  EXPECT_THAT(dismissed_, ::testing::ElementsAre(kHost, kOther));
}

TEST_F(ScriptDriver, ForgetsRules) {
  take(R"({"match":{},"do":{"drop":true}})");
  take(R"({"clear":true})");
  EXPECT_EQ(free_request().size(), 1U);
}

TEST_F(ScriptDriver, ReadsAFileAndSaysWhichLineIsWrong) {
  const std::string path = folder_ + "/lies.jsonl";
  std::ofstream(path) << "# comment\n\n{\"match\":{},\"do\":{\"drop\":true}}\n";
  EXPECT_TRUE(driver_->load(path));
  EXPECT_TRUE(free_request().empty());
  std::ofstream(path, std::ios::app) << "{\"do\":{\"fly\":1}}\n";
  const auto loaded = driver_->load(path);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("lies.jsonl:4"), std::string::npos);
  EXPECT_FALSE(driver_->load(folder_ + "/none"));
}

// G-49: control socket
TEST_F(ScriptDriver, TakesLinesFromASocketAndAnswersEach) {
  const std::string path = folder_ + "/script.sock";
  ASSERT_TRUE(driver_->listen(path));
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  asio::local::stream_protocol::socket client(io_);
  client.connect(path);
  asio::write(client,
              asio::buffer(std::string("{\"match\":{},\"do\":{\"drop\":true}}\nrubbish\n")));
  std::string received;
  bool done = false;
  asio::async_read_until(client, asio::dynamic_buffer(received), "}\n",
                         [&](boost::system::error_code, std::size_t) { done = true; });
  while (!done) io_.run_one_for(std::chrono::seconds(10));
  while (received.find("JSON") == std::string::npos) {
    io_.run_one_for(std::chrono::milliseconds(10));
    char more[512];
    boost::system::error_code none;
    client.non_blocking(true);
    received.append(more, client.read_some(asio::buffer(more), none));
  }
  EXPECT_EQ(received.substr(0, received.find('\n')), "{\"ok\":true}");
  EXPECT_NE(received.find("\"ok\":false"), std::string::npos);
  EXPECT_TRUE(free_request().empty());
}

TEST_F(ScriptDriver, ReplacesASocketThatADeadGatewayLeft) {
  const std::string path = folder_ + "/script.sock";
  {
    asio::local::stream_protocol::acceptor dead(io_, path);
  }
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(driver_->listen(path));
  EXPECT_EQ(driver_->listen(folder_ + "/no/such/folder").error().kind, ErrorKind::kOther);
}

}  // namespace
}  // namespace rsip::gateway::script
