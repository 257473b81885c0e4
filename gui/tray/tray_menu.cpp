#include "gui/tray/tray_menu.h"

#include <algorithm>

namespace rsip::gui {
namespace {

constexpr int kSlowTickMs = 30'000;
constexpr int kFastTickMs = 1'000;

QString escaped(QString text) {
  return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

/// Makes entries for these names in front of `before`; leaves the menu alone if it has them.
template <class Triggered>
void listNames(QMenu* menu, const QStringList& names, QAction* before, Triggered triggered) {
  QList<QAction*> listed;
  QStringList present;
  for (QAction* const action : menu->actions()) {
    if (action->data().isNull()) continue;
    listed << action;
    present << action->data().toString();
  }
  if (present == names) return;
  qDeleteAll(listed);
  for (const QString& name : names) {
    auto* const action = new QAction(escaped(name), menu);
    action->setData(name);
    action->setCheckable(true);
    QObject::connect(action, &QAction::triggered, menu, [=](bool on) { triggered(name, on); });
    menu->insertAction(before, action);
  }
}

}  // namespace

Situation situationOf(const AgentMirror& agent) {
  return {agent.summary(), agent.status(), agent.isConnected() ? Error{} : agent.whyNot()};
}

TrayMenu::TrayMenu(AgentMirror& agent, AgentActions& actions, QWidget* parent)
    : QMenu(parent), agent_(agent), actions_(actions) {
  setToolTipsVisible(true);
  makeEntries();
  connect(this, &QMenu::aboutToShow, this, &TrayMenu::tickWhileOpen);
  connect(this, &QMenu::aboutToHide, &tick_, &QTimer::stop);
  connect(&tick_, &QTimer::timeout, this, &TrayMenu::tickWhileOpen);
  update();
}

void TrayMenu::makeEntries() {
  sentence_ = addAction(QString());
  sentence_->setEnabled(false);
  lease_ = addAction(QString());
  lease_->setEnabled(false);
  addSeparator();
  power_ = addAction(QString(), this, [this] {
    if (agent_.summary().mood == ipc::Mood::kOff)
      actions_.turnOn();
    else
      actions_.turnOff();
  });
  renew_ = addAction(tr("Renew all leases"), &actions_, &AgentActions::renewAll);
  copy_ = addAction(tr("Copy public address"), &actions_, &AgentActions::copyAddress);
  gateways_ = addMenu(tr("Gateway"));
  search_ = gateways_->addAction(tr("Search for gateways"), this, &TrayMenu::gatewaysWanted);
  profiles_ = addMenu(tr("Profile"));
  sign_in_ = addAction(tr("Open sign-in page"), &actions_, &AgentActions::openSignIn);
  addSeparator();
  addAction(tr("Show window"), this, &TrayMenu::windowWanted);
  addAction(tr("Quit (the agent keeps running)"), this, &TrayMenu::quitWanted);
}

void TrayMenu::update() {
  updateTexts(situationOf(agent_));
  updateGateways();
  updateProfiles();
}

void TrayMenu::updateTexts(const Situation& now) {
  const ipc::Summary& summary = now.summary;
  const bool may = agent_.mayChange();
  const bool hasGateways = !now.status.gateways.empty();
  sentence_->setText(escaped(stateSentence(now)));
  const QString lease = leaseSentence(now, QDateTime::currentDateTime());
  lease_->setText(escaped(lease.isEmpty() ? adviceSentence(now) : lease));
  lease_->setVisible(!lease_->text().isEmpty());
  power_->setText(summary.mood == ipc::Mood::kOff ? tr("Turn on") : tr("Turn off"));
  power_->setEnabled(may && hasGateways);
  renew_->setEnabled(may && !summary.address.empty());
  copy_->setEnabled(!summary.address.empty());
  sign_in_->setVisible(summary.mood == ipc::Mood::kSignIn);
  search_->setEnabled(may);
  for (QAction* const action : {power_, renew_, search_}) {
    action->setToolTip(may ? QString() : agent_.whyMayNotChange());
  }
}

void TrayMenu::updateGateways() {
  QStringList names;
  for (const auto& gateway : agent_.status().gateways)
    names << QString::fromStdString(gateway.name);
  if (!gateways_->isVisible()) {
    listNames(gateways_, names, search_, [this](const QString& name, bool on) {
      if (on)
        actions_.turnOn(name);
      else
        actions_.turnOff(name);
    });
  }
  for (QAction* const action : gateways_->actions()) {
    const auto gateway =
        std::ranges::find(agent_.status().gateways, action->data().toString().toStdString(),
                          &ipc::GatewayStatus::name);
    if (gateway == agent_.status().gateways.end()) continue;
    action->setChecked(gateway->state != "disabled");
    action->setEnabled(agent_.mayChange());
  }
  gateways_->menuAction()->setEnabled(agent_.isConnected());
}

void TrayMenu::updateProfiles() {
  QStringList names;
  for (const auto& profile : agent_.status().profiles)
    names << QString::fromStdString(profile.name);
  if (!profiles_->isVisible()) {
    listNames(profiles_, names, nullptr,
              [this](const QString& name, bool) { actions_.useProfile(name); });
  }
  for (QAction* const action : profiles_->actions()) {
    action->setChecked(action->data().toString().toStdString() == agent_.status().profile);
    action->setEnabled(agent_.mayChange());
  }
  profiles_->menuAction()->setVisible(!names.isEmpty());
}

void TrayMenu::tickWhileOpen() {
  const auto left = agent_.summary().ends_in_seconds;
  update();
  tick_.start(left && *left < ipc::kSoonSeconds ? kFastTickMs : kSlowTickMs);
}

}  // namespace rsip::gui
