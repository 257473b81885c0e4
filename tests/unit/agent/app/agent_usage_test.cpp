#include <cstdlib>
#include <filesystem>

#include "agent/usage/sqlite_ledger.h"
#include "tests/unit/agent/app/agent_fixture.h"

namespace rsip::agent {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kToday = "2026-11-25";

/// An agent with an account, on 2026-11-25 at noon UTC when the clock begins.
class AgentUsage : public AgentFixture {
 protected:
  AgentUsage() {
    setenv("TZ", "UTC", 1);
    tzset();
    char name[] = "/tmp/rsip-usage-XXXXXX";
    folder_ = made_ = mkdtemp(name);
    usage_.unix_seconds = [this, begun = clock_.now()] {
      return 1795608000 + std::chrono::duration_cast<seconds>(clock_.now() - begun).count();
    };
    usage_.open = [this](const std::string& today) { return SqliteLedger::open(folder_, today); };
  }
  ~AgentUsage() override { std::filesystem::remove_all(made_); }

  void move(std::uint32_t bind, BindingTraffic traffic) {
    tunnels_.events.traffic->add(BindId{bind}, traffic);
  }
  Result<ipc::Usage> ask(const ipc::UsageRequest& request) {
    Result<ipc::Usage> usage = fail(ErrorKind::kOther, "not answered");
    agent_->call(request, {}, [&](const Result<ipc::Answer>& answer) {
      usage = answer.map([](const ipc::Answer& a) { return std::get<ipc::Usage>(a); });
    });
    return usage;
  }
  /// What is in the file.
  [[nodiscard]] UsageRows written() const {
    auto ledger = SqliteLedger::open(folder_, kToday);
    return ledger->ledger->read({kToday, kToday, "", UsageBy::kLease}).value();
  }

  std::filesystem::path made_;
  std::filesystem::path folder_;  ///< Where the agent keeps its file.
};

TEST_F(AgentUsage, ReportsWhatTheTunnelTellsAtOnceAndWritesItWithinAMinute) {
  assigned();
  move(1, {3, 300, 4, 4000});
  clock_.advance(seconds(10));
  EXPECT_EQ(
      ask({"", "", "", "lease"}).value().rows,
      (std::vector<ipc::UsageRow>{{kToday, "hotel", "203.0.113.10", 1, 300, 4000, 3, 4, 10}}));
  EXPECT_TRUE(written().empty());
  wake_until([&] { return !written().empty(); });
  EXPECT_LE(clock_.now() - TimePoint(std::chrono::hours(1)), minutes(1));
  EXPECT_EQ(written().begin()->second.sent_bytes, 300U);
}

TEST_F(AgentUsage, GroupsByDayUnlessAskedOtherwise) {
  assigned();
  grow(2, {5032, 32});
  move(1, {1, 100, 0, 0});
  move(2, {1, 100, 0, 0});
  ASSERT_EQ(ask({}).value().rows.size(), 1U);
  EXPECT_EQ(ask({}).value().rows[0].sent_bytes, 200U);
  EXPECT_EQ(ask({}).value().rows[0].gateway, "");
  EXPECT_EQ(ask({"", "", "", "gateway"}).value().rows.at(0).gateway, "hotel");
  EXPECT_EQ(ask({"", "", "", "lease"}).value().rows.size(), 2U);
}

TEST_F(AgentUsage, WritesTheRestWhenItStops) {
  assigned();
  clock_.advance(seconds(7));
  move(1, {3, 300, 4, 4000});
  agent_->stop();
  answer(msg::FreeResponse{kClient, BindId{1}, {}});
  answer(msg::DeRegisterResponse{kClient, {}});
  ASSERT_TRUE(finished_);
  EXPECT_EQ(written(), (UsageRows{{{kToday, {"hotel", "203.0.113.10", 1}}, {300, 4000, 3, 4, 7}}}));
}

TEST_F(AgentUsage, NamesTheParameterThatIsWrong) {
  assigned();
  const auto said = [&](const ipc::UsageRequest& request) {
    const auto usage = ask(request);
    EXPECT_FALSE(usage);
    return usage ? "" : usage.error().message;
  };
  EXPECT_EQ(said({"", "yesterday", "", "day"}), "from: \"yesterday\" is not a date");
  EXPECT_EQ(said({"", "", "2026-02-30", "day"}), "to: \"2026-02-30\" is not a date");
  EXPECT_EQ(said({"", "", "", "week"}), "by: \"week\" is no grouping");
  EXPECT_EQ(said({"", "2026-11-25", "2026-11-24", "day"}),
            "from: 2026-11-25 is later than to, 2026-11-24");
  EXPECT_EQ(said({"office", "", "", "day"}), "there is no gateway named office");
}

TEST_F(AgentUsage, SaysSoIfNoAccountIsKept) {
  usage_.open = nullptr;
  assigned();
  const auto usage = ask({});
  ASSERT_FALSE(usage);
  EXPECT_EQ(usage.error().kind, ErrorKind::kState);
}

TEST_F(AgentUsage, WorksWithoutAPlaceForItsFile) {
  folder_ /= "not/there";
  assigned();
  move(1, {3, 300, 4, 4000});
  const auto usage = ask({});
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->rows.at(0).sent_bytes, 300U);
  EXPECT_NE(usage->warning.find("not/there"), std::string::npos);
}

}  // namespace
}  // namespace rsip::agent
