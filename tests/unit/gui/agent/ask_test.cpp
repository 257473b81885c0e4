#include <gtest/gtest.h>

#include "gui/agent/agent_mirror.h"
#include "tests/fakes/fake_agent.h"
#include "tests/unit/gui/wait_for.h"

namespace rsip::gui {
namespace {

struct AskTest : testing::Test {
  fakes::FakeAgent agent;
  AgentMirror mirror{agent.path(), [] { return 0; }};
  QObject context;
  std::optional<Result<ipc::Done>> answer;

  void renew() {
    mirror.ask(ipc::RenewRequest{"hotel", {7}}, &context,
               [this](const Result<ipc::Done>& told) { answer = told; });
  }
};

TEST_F(AskTest, TellsTheAnswerLater) {
  renew();
  EXPECT_FALSE(answer);
  ASSERT_TRUE(waitFor([this] { return answer.has_value(); }));
  EXPECT_TRUE(answer->has_value());
  const auto* call = agent.last_call<ipc::RenewRequest>();
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->binds, std::vector<std::uint32_t>{7});
}

TEST_F(AskTest, TellsTheErrorOfTheAgent) {
  agent.answer_with([](const ipc::Call&) -> Result<ipc::Answer> {
    return fail(ErrorKind::kNoResources, "the pool is full", "wait");
  });
  renew();
  ASSERT_TRUE(waitFor([this] { return answer.has_value(); }));
  ASSERT_FALSE(answer->has_value());
  EXPECT_EQ(answer->error(), (Error{ErrorKind::kNoResources, "the pool is full", "wait"}));
}

TEST_F(AskTest, SaysThatThereIsNoAgent) {
  agent.die();
  renew();
  EXPECT_FALSE(answer);  // not from inside ask()
  ASSERT_TRUE(waitFor([this] { return answer.has_value(); }));
  EXPECT_EQ(answer->error().kind, ErrorKind::kAgentNotRunning);
}

TEST_F(AskTest, SaysThatTheAgentWentAway) {
  agent.keep_silent(true);
  renew();
  ASSERT_TRUE(waitFor([this] { return agent.calls().size() == 1; }));
  agent.die();
  ASSERT_TRUE(waitFor([this] { return answer.has_value(); }));
  EXPECT_EQ(answer->error().kind, ErrorKind::kAgentNotRunning);
}

TEST_F(AskTest, TellsNobodyWhoIsGone) {
  bool told = false;
  {
    QObject brief;
    mirror.ask(ipc::DownRequest{}, &brief, [&](const Result<ipc::Done>&) { told = true; });
  }
  ASSERT_TRUE(waitFor([this] { return agent.calls().size() == 1; }));
  ASSERT_TRUE(waitFor([this] { return agent.connections() == 0; }));
  EXPECT_FALSE(told);
}

TEST_F(AskTest, SaysWhatIsWrongWithAnAnswerThatItCannotRead) {
  agent.greet_with("hello");
  renew();
  ASSERT_TRUE(waitFor([this] { return answer.has_value(); }));
  EXPECT_EQ(answer->error().kind, ErrorKind::kProtocol);
}

TEST_F(AskTest, EndsWithTheMirror) {
  agent.keep_silent(true);
  auto brief = std::make_unique<AgentMirror>(agent.path(), [] { return 0; });
  bool told = false;
  brief->ask(ipc::DownRequest{}, &context, [&](const Result<ipc::Done>&) { told = true; });
  ASSERT_TRUE(waitFor([this] { return agent.calls().size() == 1; }));
  brief.reset();
  ASSERT_TRUE(waitFor([this] { return agent.connections() == 0; }));
  EXPECT_FALSE(told);
}

}  // namespace
}  // namespace rsip::gui
