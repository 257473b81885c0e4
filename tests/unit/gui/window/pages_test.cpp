#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QTableView>
#include <QTest>

#include "tests/unit/gui/window/stage.h"

namespace rsip::gui {
namespace {

using Pages = Stage;
using testing::HasSubstr;
using testing::Not;

TEST_F(Pages, OpensTheWindowInNoTimeAndMakesOnlyThePageThatIsSeen) {
  QElapsedTimer timer;
  timer.start();
  MainWindow fresh(mirror, preferences, QString());
  fresh.show();
  fresh.grab();
  EXPECT_LT(timer.elapsed(), 1000);
  EXPECT_EQ(fresh.findChildren<PageBase*>().size(), 1);
}

TEST_F(Pages, GoesToAPageByTheKeyboard) {
  open(Page::kOverview);
  QTest::keyClick(window.get(), Qt::Key_4, Qt::ControlModifier);
  EXPECT_EQ(window->currentPage(), Page::kFlows);
  QTest::keyClick(window.get(), Qt::Key_Q, Qt::ControlModifier);
  EXPECT_FALSE(window->isVisible());
}

TEST_F(Pages, OverviewCountsDownByTheMirrorsClock) {
  open(Page::kOverview);
  ASSERT_TRUE(waitFor([this] { return says("15:00"); }));
  clock += 61'000;
  window->page(Page::kOverview).reload();
  EXPECT_THAT(shown(), HasSubstr("13:59"));
  EXPECT_THAT(shown(), HasSubstr("192.0.2.156"));
}

TEST_F(Pages, OverviewRenewsAllAndSaysSoOnThePage) {
  open(Page::kOverview);
  auto* const button = find<QPushButton>("Renew now");
  ASSERT_NE(button, nullptr);
  button->click();
  EXPECT_FALSE(button->isEnabled()) << "it waits for the answer";
  ASSERT_TRUE(waitFor([this] { return says("was asked for a new life"); }));
  EXPECT_TRUE(button->isEnabled());
  EXPECT_EQ(asked<ipc::RenewRequest>(), 1);
}

TEST_F(Pages, OverviewDoesNotPromiseARenewalThatFailed) {
  agent.status().gateways[0].leases.resize(1);
  agent.status().gateways[0].leases[0].expires_in_seconds = 95;
  open(Page::kOverview);
  ASSERT_TRUE(waitFor([this] { return says("1:35"); }));
  EXPECT_THAT(shown(), Not(HasSubstr("by itself")));
}

TEST_F(Pages, ReleaseAsksOnlyAndFirstIfConnectionsBreak) {
  open(Page::kLeases);
  auto* const release = find<QPushButton>("Release");
  ASSERT_NE(release, nullptr);
  ASSERT_TRUE(waitFor([&] { return release->isEnabled(); }));
  release->click();
  ASSERT_TRUE(
      waitFor([this] { return says("14 connections will break: ssh to 198.51.100.7:22"); }));
  EXPECT_EQ(asked<ipc::ReleaseRequest>(), 0);
  for (QPushButton* const button : window->findChildren<QPushButton*>()) {
    if (button->text() == "Release anyway") button->click();
  }
  ASSERT_TRUE(waitFor([this] { return asked<ipc::ReleaseRequest>() == 1; }));
  EXPECT_EQ(agent.last_call<ipc::ReleaseRequest>()->binds, std::vector<std::uint32_t>{1});
}

TEST_F(Pages, ReleaseDoesNotAskIfNothingBreaks) {
  agent.answer_with([](const ipc::Call& call) -> Result<ipc::Answer> {
    if (std::holds_alternative<ipc::FlowsRequest>(call)) return ipc::Flows{};
    return ipc::Done{};
  });
  open(Page::kLeases);
  auto* const release = find<QPushButton>("Release");
  ASSERT_TRUE(waitFor([&] { return release->isEnabled(); }));
  release->click();
  ASSERT_TRUE(waitFor([this] { return asked<ipc::ReleaseRequest>() == 1; }));
}

TEST_F(Pages, SaysTheAgentsRefusalOnThePage) {
  agent.answer_with([](const ipc::Call&) -> Result<ipc::Answer> {
    return fail(ErrorKind::kNoResources, "the pool is full", "wait a while");
  });
  open(Page::kLeases);
  auto* const renew = find<QPushButton>("Renew");
  ASSERT_TRUE(waitFor([&] { return renew->isEnabled(); }));
  renew->click();
  ASSERT_TRUE(waitFor([this] { return says("The pool is full.\nWait a while."); }));
}

TEST_F(Pages, LetsOnlyLookAndSaysWhy) {
  agent.forbid_changes("be a member of group rsip");
  open(Page::kLeases);
  auto* const renew = find<QPushButton>("Renew");
  ASSERT_NE(renew, nullptr);
  ASSERT_TRUE(waitFor([this] { return says("Be a member of group rsip"); }));
  EXPECT_FALSE(renew->isEnabled());
  EXPECT_EQ(renew->toolTip(), "You may look, but not change anything.");
  EXPECT_NE(find<QTableView>("Leases"), nullptr);
}

TEST_F(Pages, SaysThatTheAgentDiedAndRecoversByItself) {
  open(Page::kLeases);
  agent.die();
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  ASSERT_TRUE(waitFor([this] { return find<QTableView>("Leases") == nullptr; }));
  EXPECT_THAT(shown(), HasSubstr("The agent ended."));
  agent.come();
  ASSERT_TRUE(waitFor([this] { return find<QTableView>("Leases") != nullptr; }));
  EXPECT_THAT(shown(), Not(HasSubstr("The agent ended.")));
}

TEST_F(Pages, EveryPageSurvivesThatTheAgentDies) {
  open(Page::kOverview);
  for (const Page page : kPages) {
    window->showPage(page);
    settle();
  }
  agent.die();
  ASSERT_TRUE(waitFor([this] { return !mirror.isConnected(); }));
  for (const Page page : kPages) {
    window->showPage(page);
    settle();
    EXPECT_FALSE(window->grab().isNull());
  }
}

TEST_F(Pages, AsksForFlowsOnlyWhileTheyAreSeen) {
  open(Page::kOverview);
  EXPECT_EQ(asked<ipc::FlowsRequest>(), 0);
  window->showPage(Page::kFlows);
  ASSERT_TRUE(waitFor([this] { return asked<ipc::FlowsRequest>() >= 2; })) << "once a second";
  window->showPage(Page::kOverview);
  settle();
  const int before = asked<ipc::FlowsRequest>();
  QTest::qWait(1200);
  EXPECT_EQ(asked<ipc::FlowsRequest>(), before);
}

TEST_F(Pages, ThousandsOfFlowsDoNotStopTheWindow) {
  agent.answer_with([](const ipc::Call& call) -> Result<ipc::Answer> {
    if (std::holds_alternative<ipc::FlowsRequest>(call)) return fakes::many_flows(2000);
    return ipc::Done{};
  });
  open(Page::kFlows);
  ASSERT_TRUE(waitFor([this] { return says("connections"); }));
  auto* const table = find<QTableView>("Connections");
  ASSERT_NE(table, nullptr);
  QElapsedTimer timer;
  timer.start();
  window->page(Page::kFlows).reload();
  settle();
  window->grab();
  EXPECT_LT(timer.elapsed(), 1500);
}

TEST_F(Pages, APortLeadsToItsConnections) {
  open(Page::kPorts);
  ASSERT_TRUE(waitFor([this] { return says("12 of 34 in use"); }));
  QWidget* const map = find<QWidget>("Map of the leased ports");
  ASSERT_NE(map, nullptr);
  QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(10, 10));
  EXPECT_EQ(window->currentPage(), Page::kFlows);
  ASSERT_TRUE(waitFor([this] { return find<QLineEdit>("Filter of the connections") != nullptr; }));
  EXPECT_EQ(find<QLineEdit>("Filter of the connections")->text(), ":5000");
}

TEST_F(Pages, IpsecNamesTheMismatchAndItsRemedy) {
  open(Page::kIpsec);
  ASSERT_TRUE(waitFor([this] { return says("0xc9440117 cannot receive anything"); }));
  EXPECT_THAT(shown(), HasSubstr("swanctl --rekey --child backup"));
}

TEST_F(Pages, CopiesWhatItShowsAsTheSameDocumentAsRsipctl) {
  open(Page::kLeases);
  const std::string json = window->page(Page::kLeases).json();
  EXPECT_THAT(json, HasSubstr("\"schema\":\"rsip.leases/1\""));
  EXPECT_THAT(json, HasSubstr("192.0.2.156"));
}

TEST_F(Pages, DoctorSaysThatRsipctlIsNotThere) {
  open(Page::kDoctor);
  ASSERT_TRUE(waitFor([this] { return says("The program rsipctl is not there."); }));
}

TEST_F(Pages, EmptyPagesSayWhatWouldBeThere) {
  agent.status().gateways.clear();
  open(Page::kLeases);
  ASSERT_TRUE(waitFor([this] { return says("Nothing is leased now."); }));
  window->showPage(Page::kGateways);
  settle();
  EXPECT_THAT(shown(), HasSubstr("No gateway is configured."));
}

}  // namespace
}  // namespace rsip::gui
