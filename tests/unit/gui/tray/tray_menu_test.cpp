#include "gui/tray/tray_menu.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_agent.h"
#include "tests/unit/gui/wait_for.h"

namespace rsip::gui {
namespace {

ipc::GatewayStatus gateway(const char* name, const char* state) {
  ipc::GatewayStatus made;
  made.name = name;
  made.state = state;
  return made;
}

struct TrayMenuTest : testing::Test {
  fakes::FakeAgent agent;
  AgentMirror mirror{agent.path(), [] { return std::int64_t{1'000'000}; }};
  AgentActions actions{mirror};
  TrayMenu menu{mirror, actions};

  void reach() {
    mirror.start();
    ASSERT_TRUE(waitFor([this] { return mirror.isConnected(); }));
    menu.update();
  }
  void change(const ipc::EventBody& body) {
    agent.publish(body);
    ASSERT_TRUE(waitFor([this] { return mirror.status() == agent.status(); }));
    menu.update();
  }
  void assign() {
    ipc::GatewayStatus hotel = gateway("hotel", "assigned");
    hotel.device = "rsip0";
    ipc::LeaseStatus lease;
    lease.address = "149.112.240.156";
    lease.granted_seconds = lease.expires_in_seconds = 1260;
    hotel.leases.push_back(lease);
    agent.status().gateways.push_back(hotel);
  }
  QAction* find(const QString& text) const {
    for (QAction* const action : menu.actions()) {
      if (action->text() == text) return action;
    }
    ADD_FAILURE() << "no entry " << text.toStdString();
    return nullptr;
  }
  QStringList shown() const {
    QStringList texts;
    for (const QAction* const action : menu.actions()) {
      if (action->isVisible() && !action->isSeparator()) texts << action->text();
    }
    return texts;
  }
};

TEST_F(TrayMenuTest, HasAtMostTenEntries) {
  assign();
  agent.status().network = {"sign_in", "http://portal.example/"};
  agent.status().profiles.push_back({"travel", {"hotel"}});
  reach();
  EXPECT_TRUE(shown().contains("Open sign-in page"));
  EXPECT_TRUE(shown().contains("Profile"));
  EXPECT_LE(shown().size(), 10) << shown().join(", ").toStdString();
}

TEST_F(TrayMenuTest, ChangesTextsAndKeepsItsEntries) {
  agent.status().gateways.push_back(gateway("hotel", "disabled"));
  reach();
  const QList<QAction*> before = menu.actions();
  EXPECT_EQ(before[0]->text(), "Off");
  EXPECT_TRUE(shown().contains("Turn on"));
  change(ipc::GatewayChanged{"registering", gateway("hotel", "registering")});
  EXPECT_EQ(menu.actions(), before);
  EXPECT_EQ(before[0]->text(), "Registering with hotel (2 of 4)");
  EXPECT_TRUE(shown().contains("Turn off"));
  EXPECT_FALSE(shown().contains("Turn on"));
}

TEST_F(TrayMenuTest, GatewaysKeepTheirEntriesWhileTheirNamesStay) {
  agent.status().gateways = {gateway("hotel", "disabled"), gateway("R&D", "registered")};
  reach();
  const QMenu* const gateways = find("Gateway")->menu();
  const QList<QAction*> before = gateways->actions();
  ASSERT_EQ(before.size(), 3);
  EXPECT_EQ(before[1]->text(), "R&&D");
  EXPECT_FALSE(before[0]->isChecked());
  EXPECT_TRUE(before[1]->isChecked());
  change(ipc::GatewayChanged{"registering", gateway("hotel", "registering")});
  EXPECT_EQ(gateways->actions(), before);
  EXPECT_TRUE(before[0]->isChecked());
}

TEST_F(TrayMenuTest, WhoMayNotChangeAnythingIsToldWhy) {
  agent.forbid_changes("become a member of group rsip");
  assign();
  reach();
  for (const char* text : {"Turn off", "Renew all leases"}) {
    const QAction* const action = find(text);
    ASSERT_NE(action, nullptr);
    EXPECT_FALSE(action->isEnabled()) << text;
    EXPECT_EQ(action->toolTip(), "become a member of group rsip") << text;
  }
  EXPECT_FALSE(find("Gateway")->menu()->actions()[0]->isEnabled());
  EXPECT_TRUE(find("Copy public address")->isEnabled());
  EXPECT_TRUE(find("Show window")->isEnabled());
}

TEST_F(TrayMenuTest, WhoMayChangeThingsCan) {
  assign();
  reach();
  EXPECT_TRUE(find("Turn off")->isEnabled());
  EXPECT_FALSE(shown().contains("Open sign-in page"));
  EXPECT_FALSE(shown().contains("Profile"));
  find("Renew all leases")->trigger();
  EXPECT_TRUE(waitFor([this] { return agent.last_call<ipc::RenewRequest>() != nullptr; }));
}

TEST_F(TrayMenuTest, WithoutAnAgentNothingCanBeAsked) {
  EXPECT_EQ(menu.actions()[0]->text(), "RSIP agent is not running");
  for (const char* text : {"Turn off", "Renew all leases", "Copy public address", "Gateway"}) {
    EXPECT_FALSE(find(text)->isEnabled()) << text;
  }
  EXPECT_TRUE(find("Quit (the agent keeps running)")->isEnabled());
}

}  // namespace
}  // namespace rsip::gui
