#include "gui/window/page_settings.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFontDatabase>
#include <QFormLayout>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

QString topicText(Topic topic) {
  switch (topic) {
    case Topic::kSignIn:
      return PageSettings::tr("The network needs a sign-in");
    case Topic::kLeaseLost:
      return PageSettings::tr("A lease was lost");
    case Topic::kRenewalFailed:
      return PageSettings::tr("A lease could not be renewed");
    case Topic::kAddressChanged:
      return PageSettings::tr("The public address is another one");
    case Topic::kRefused:
      return PageSettings::tr("The gateway refused, or its pool is full");
    case Topic::kConnected:
      return PageSettings::tr("An address was leased or given back");
    case Topic::kAgentStopped:
      return PageSettings::tr("The agent stopped unexpectedly");
  }
  return {};
}

}  // namespace

PageSettings::PageSettings(AgentMirror& mirror, Preferences& preferences, QWidget* parent)
    : PageBase(mirror, tr("Settings"), parent), preferences_(preferences) {
  content()->addWidget(makeProfiles());
  content()->addWidget(makeProgram());
  content()->addWidget(makeNotifications());
  content()->addWidget(makeConfiguration(), 1);
}

QWidget* PageSettings::makeProfiles() {
  profiles_ = new Card(tr("Profile"));
  profile_ = new QComboBox;
  profile_->setAccessibleName(tr("Profile to use"));
  profileText_ = faint();
  use_ = changing(tr("Use"), tr("Uses the gateways of this profile and no others"));
  connect(use_, &QPushButton::clicked, this, [this] {
    change(use_, ipc::ProfileUseRequest{profile_->currentData().toString().toStdString()},
           tr("The gateways of %1 are used now.").arg(profile_->currentText()));
  });
  auto* const row = new QHBoxLayout;
  row->addWidget(profile_);
  row->addWidget(use_);
  row->addStretch();
  profiles_->body()->addWidget(profileText_);
  profiles_->body()->addLayout(row);
  return profiles_;
}

QWidget* PageSettings::makeProgram() {
  auto* const card = new Card(tr("This program"));
  auto* const start = new QCheckBox(tr("Start at login"));
  start->setChecked(preferences_.startsAtLogin());
  auto* const middle = new QCheckBox(tr("A middle click on the icon renews all leases"));
  middle->setChecked(preferences_.middleClickRenews());
  auto* const icons = new QComboBox;
  icons->addItems({tr("As the desktop"), tr("For a light panel"), tr("For a dark panel")});
  icons->setCurrentIndex(int(preferences_.iconMode()));
  icons->setAccessibleName(tr("Colour of the icon"));
  connect(start, &QCheckBox::toggled, &preferences_, &Preferences::setStartsAtLogin);
  connect(middle, &QCheckBox::toggled, &preferences_, &Preferences::setMiddleClickRenews);
  connect(icons, &QComboBox::activated, &preferences_,
          [this](int mode) { preferences_.setIconMode(IconMode(mode)); });
  auto* const row = new QHBoxLayout;
  auto* const name = new QLabel(tr("Colour of the icon:"));
  name->setBuddy(icons);
  row->addWidget(name);
  row->addWidget(icons);
  row->addStretch();
  card->body()->addWidget(start);
  card->body()->addWidget(middle);
  card->body()->addLayout(row);
  card->body()->addWidget(
      faint(tr("Quitting this program does not stop the agent: what is leased stays.")));
  return card;
}

QWidget* PageSettings::makeNotifications() {
  auto* const card = new Card(tr("Notify me when"));
  for (const Topic topic : kTopics) {
    auto* const box = new QCheckBox(topicText(topic));
    box->setChecked(preferences_.notifies(topic));
    connect(box, &QCheckBox::toggled, &preferences_,
            [this, topic](bool wanted) { preferences_.setNotifies(topic, wanted); });
    card->body()->addWidget(box);
  }
  return card;
}

QWidget* PageSettings::makeConfiguration() {
  configuration_ = new Card(tr("The agent's configuration"));
  file_ = faint();
  text_ = new QPlainTextEdit;
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setAccessibleName(tr("The agent's configuration"));
  text_->setMinimumHeight(fontMetrics().height() * 10);
  text_->setFrameShape(QFrame::NoFrame);
  configuration_->body()->addWidget(file_);
  configuration_->body()->addWidget(text_, 1);
  return configuration_;
}

std::string PageSettings::json() const {
  return document(config_);
}

void PageSettings::refresh() {
  const ipc::Status& status = mirror().status();
  profiles_->setVisible(mirror().isConnected());
  configuration_->setVisible(mirror().isConnected());
  const QString chosen = profile_->currentData().toString();
  profile_->clear();
  for (const ipc::ProfileStatus& profile : status.profiles) {
    QStringList gateways;
    for (const std::string& gateway : profile.gateways) gateways << text(gateway);
    profile_->addItem(tr("%1 (%2)").arg(text(profile.name), gateways.join(QStringLiteral(", "))),
                      text(profile.name));
  }
  const int kept = profile_->findData(chosen.isEmpty() ? text(status.profile) : chosen);
  profile_->setCurrentIndex(std::max(0, kept));
  profile_->setVisible(!status.profiles.empty());
  use_->setVisible(!status.profiles.empty());
  profileText_->setText(status.profiles.empty()
                            ? tr("No profile is configured. A [[profile]] of the agent's "
                                 "configuration names the gateways that are used together.")
                        : status.profile.empty() ? tr("No profile is used: all gateways are.")
                                                 : tr("Used now: %1.").arg(text(status.profile)));
}

void PageSettings::poll() {
  if (!mirror().isConnected()) return;
  mirror().ask(ipc::ConfigRequest{}, this, [this](const Result<ipc::ConfigText>& answer) {
    if (!answer) return notice().say(answer.error());
    config_ = *answer;
    file_->setText(tr("From %1. Only the administrator changes it, in that file; the agent never "
                      "writes it.")
                       .arg(text(config_.file)));
    text_->setPlainText(text(config_.text));
  });
}

}  // namespace rsip::gui
