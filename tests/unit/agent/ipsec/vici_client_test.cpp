#include "agent/ipsec/vici_client.h"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/fakes/fake_vici.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;
using fakes::FakeVici;
using Manners = FakeVici::Manners;

class ViciClientTest : public testing::Test {
 protected:
  ~ViciClientTest() override {
    client_.stop();
    vici_.stop();
    io_.restart();
    io_.run_for(10ms);
    std::filesystem::remove_all(folder_);
  }

  template <class Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(20ms);
    }
    EXPECT_TRUE(condition());
  }
  void come_up() {
    vici_.start();
    client_.start();
    run_until([this] { return client_.up(); });
  }
  [[nodiscard]] ViciEnd::Why why() const { return ends_.back().why; }
  [[nodiscard]] std::string message() const { return ends_.back().error.message; }

  static std::string make_folder() {
    std::string folder = testing::TempDir() + "vici-XXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    return folder;
  }

  std::string folder_ = make_folder();
  boost::asio::io_context io_;
  FakeVici vici_{io_, folder_ + "/socket"};
  std::string version_;
  int ups_ = 0;
  std::vector<ViciEnd> ends_;
  std::vector<std::string> news_;
  ViciClient client_{
      io_,
      folder_ + "/socket",
      {[this](std::string version) {
         ++ups_;
         version_ = std::move(version);
       },
       [this](const ViciEnd& end) { ends_.push_back(end); },
       [this](const std::string& name, const vici::Section&) { news_.push_back(name); }},
      {.answer = 200ms, .absent = 50ms, .first_pause = 50ms, .longest_pause = 150ms}};
};

TEST_F(ViciClientTest, ComesUpWithTheVersionAndHearsNews) {
  come_up();
  EXPECT_EQ(version_, "5.9.8");
  for (const char* const name : {"ike-updown", "child-updown", "ike-rekey", "child-rekey", "log"}) {
    vici_.raise(name);
  }
  run_until([this] { return news_.size() == 4; });
  EXPECT_EQ(news_.front(), "ike-updown");
}

TEST_F(ViciClientTest, AnEventThatThisCharonDoesNotKnowIsNoMatter) {
  vici_.unknown_events = {"ike-rekey"};
  come_up();
}

TEST_F(ViciClientTest, CommandsAreAnsweredInTheirOrder) {
  come_up();
  std::vector<std::string> answers;
  client_.command("reload-settings", {},
                  [&](const vici::Section& s) { answers.emplace_back(s.text("success")); });
  client_.command("version", {},
                  [&](const vici::Section& s) { answers.emplace_back(s.text("version")); });
  run_until([&] { return answers.size() == 2; });
  EXPECT_EQ(answers, (std::vector<std::string>{"yes", "5.9.8"}));
}

TEST_F(ViciClientTest, ListsWhatIsStreamed) {
  vici_.add_sa("a", 0x1000, "203.0.113.1", "1");
  vici_.add_sa("b", 0x1001, "203.0.113.1", "2");
  come_up();
  for (int i = 0; i < 2; ++i) {
    std::vector<vici::Section> listed;
    client_.list_sas([&](const std::vector<vici::Section>& all) { listed = all; });
    run_until([&] { return !listed.empty(); });
    EXPECT_EQ(listed, vici_.sas);
  }
}

TEST_F(ViciClientTest, AnAbsentCharonIsFoundWhenItComes) {
  client_.start();
  run_until([this] { return ends_.size() == 3; });
  EXPECT_EQ(why(), ViciEnd::Why::kAbsent);
  vici_.start();
  run_until([this] { return client_.up(); });
}

TEST_F(ViciClientTest, ARestartedCharonIsFoundAgain) {
  come_up();
  vici_.stop();
  run_until([this] { return !ends_.empty(); });
  EXPECT_EQ(ends_.front().why, ViciEnd::Why::kGone);
  EXPECT_FALSE(client_.up());
  vici_.start();
  run_until([this] { return ups_ == 2; });
}

TEST_F(ViciClientTest, ASocketThatNobodyListensToIsAbsentToo) {
  vici_.start();
  const std::string path = folder_ + "/socket";
  std::filesystem::rename(path, path + "2");
  vici_.stop();
  std::filesystem::rename(path + "2", path);
  client_.start();
  run_until([this] { return !ends_.empty(); });
  EXPECT_EQ(why(), ViciEnd::Why::kAbsent);
}

TEST_F(ViciClientTest, NoPermissionSaysWhoMayDoIt) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to give its rights away";
  vici_.start();
  ASSERT_EQ(chmod(folder_.c_str(), 0700), 0);
  ASSERT_EQ(seteuid(65534), 0);
  client_.start();
  run_until([this] { return !ends_.empty(); });
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_EQ(why(), ViciEnd::Why::kRefused);
  EXPECT_EQ(ends_.back().error.kind, ErrorKind::kPermission);
  EXPECT_NE(ends_.back().error.hint.find("charon.group"), std::string::npos);
}

struct Misbehaviour {
  Manners manners;
  const char* says;
};
class ViciTroubleTest : public ViciClientTest, public testing::WithParamInterface<Misbehaviour> {};

TEST_P(ViciTroubleTest, FromTheStartEndsInAClearErrorAndIsTriedAgain) {
  vici_.manners = GetParam().manners;
  vici_.start();
  client_.start();
  run_until([this] { return ends_.size() >= 2; });
  EXPECT_EQ(why(), ViciEnd::Why::kTroubled);
  EXPECT_NE(message().find(GetParam().says), std::string::npos) << message();
  vici_.manners = Manners::kGood;
  run_until([this] { return client_.up(); });
}

TEST_P(ViciTroubleTest, LaterEndsInAClearErrorAndIsTriedAgain) {
  come_up();
  vici_.manners = GetParam().manners;
  if (GetParam().manners == Manners::kHangUp) vici_.stop();
  client_.list_sas([](const std::vector<vici::Section>&) {});
  run_until([this] { return !ends_.empty(); });
  EXPECT_NE(message().find(GetParam().says), std::string::npos) << message();
  vici_.manners = Manners::kGood;
  if (GetParam().manners == Manners::kHangUp) vici_.start();
  run_until([this] { return ups_ == 2; });
}

INSTANTIATE_TEST_SUITE_P(Manners, ViciTroubleTest,
                         testing::Values(Misbehaviour{Manners::kGarbage, "message of 1213486160"},
                                         Misbehaviour{Manners::kSilent, "does not answer within"},
                                         Misbehaviour{Manners::kCut, "within a message"},
                                         Misbehaviour{Manners::kHangUp, "closed"},
                                         Misbehaviour{Manners::kFlood, "lists more than"},
                                         Misbehaviour{Manners::kUnasked, "not asked"}));

TEST_F(ViciClientTest, PausesGrowWhileTroubleLasts) {
  vici_.manners = Manners::kGarbage;
  vici_.start();
  const auto start = std::chrono::steady_clock::now();
  client_.start();
  run_until([this] { return ends_.size() == 4; });
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms + 100ms + 150ms);
}

TEST_F(ViciClientTest, AnEndlessFloodOfNewsLeavesTheLoopAlive) {
  come_up();
  for (int i = 0; i < 20000; ++i) vici_.raise("child-updown");
  run_until([this] { return news_.size() == 20000; });
  EXPECT_TRUE(client_.up());
}

TEST_F(ViciClientTest, IsSilentAfterStop) {
  come_up();
  client_.command("version", {}, [](const vici::Section&) { FAIL(); });
  client_.stop();
  io_.restart();
  io_.run_for(200ms);
  EXPECT_TRUE(ends_.empty());
}

}  // namespace
}  // namespace rsip::agent
