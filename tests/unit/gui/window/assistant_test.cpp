#include "gui/window/assistant.h"

#include <QPlainTextEdit>

#include "tests/unit/gui/window/stage.h"

namespace rsip::gui {
namespace {

using AssistantTest = Stage;

TEST_F(AssistantTest, ShowsWhatToConfigureAndWritesNothing) {
  agent.status().gateways.clear();
  open(Page::kGateways);
  Assistant assistant(mirror, preferences);
  assistant.show();
  auto* const list = assistant.findChild<QListWidget*>();
  ASSERT_TRUE(waitFor([&] { return list->count() == 2; }));
  list->setCurrentRow(1);
  assistant.next();
  const auto* const text = assistant.findChild<QPlainTextEdit*>();
  EXPECT_THAT(text->toPlainText().toStdString(),
              testing::AllOf(testing::HasSubstr("[[gateway]]"),
                             testing::HasSubstr("address   = \"10.20.0.9\"")));
  assistant.next();
  EXPECT_EQ(asked<ipc::DiscoverRequest>(), 1);
  for (const ipc::Call& call : agent.calls()) {
    const bool looks = ipc::access_of(call) == ipc::Access::kRead ||
                       std::holds_alternative<ipc::DiscoverRequest>(call);
    EXPECT_TRUE(looks);
  }
}

TEST_F(AssistantTest, HasNothingToConfigureForAConfiguredGateway) {
  open(Page::kGateways);
  Assistant assistant(mirror, preferences);
  assistant.show();
  settle();
  assistant.next();
  EXPECT_FALSE(assistant.findChild<QPlainTextEdit*>()->isVisible());
}

TEST_F(AssistantTest, IsOfferedOnceIfNothingIsConfigured) {
  QSettings().remove("window/assistant_shown");
  agent.status().gateways.clear();
  open(Page::kOverview);
  ASSERT_TRUE(waitFor([this] { return window->findChild<Assistant*>() != nullptr; }));
  MainWindow again(mirror, preferences, QString());
  again.show();
  settle();
  EXPECT_EQ(again.findChild<Assistant*>(), nullptr);
}

}  // namespace
}  // namespace rsip::gui
