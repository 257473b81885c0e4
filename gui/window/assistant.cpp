#include "gui/window/assistant.h"

#include <algorithm>

#include <QBoxLayout>
#include <QFontDatabase>

#include "gui/models/words.h"
#include "gui/text/sentences.h"
#include "gui/window/page_gateways.h"
#include "gui/window/way.h"

namespace rsip::gui {
namespace {

enum Step { kFind, kOffer, kTest };

QString configuredText(const ipc::GatewayStatus& gateway) {
  return Assistant::tr("%1, configured: %2")
      .arg(text(gateway.name), gatewayStateText(gateway.state));
}

}  // namespace

QString configurationFor(const ipc::FoundStatus& found) {
  return QStringLiteral(
             "[[gateway]]\nname      = \"gateway\"\naddress   = \"%1\"\nport      = %2\n"
             "transport = \"%3\"\n")
      .arg(text(found.address))
      .arg(found.port)
      .arg(text(found.transport));
}

Assistant::Assistant(AgentMirror& mirror, Preferences& preferences, QWidget* parent)
    : QWizard(parent), mirror_(mirror), preferences_(preferences) {
  setWindowTitle(tr("Set up RSIP"));
  setWizardStyle(QWizard::ModernStyle);
  setOption(QWizard::NoBackButtonOnStartPage);
  setMinimumSize(fontMetrics().averageCharWidth() * 84, fontMetrics().height() * 26);
  setPage(kFind, makeFind());
  setPage(kOffer, makeOffer());
  setPage(kTest, makeTest());
  connect(this, &QWizard::currentIdChanged, this, [this](int step) {
    if (step == kFind) search();
    if (step == kOffer) showOffer();
    if (step == kTest) showTest();
  });
  connect(&mirror_, &AgentMirror::changed, this, [this] {
    if (currentId() == kTest) showTest();
  });
}

QWizardPage* Assistant::makeFind() {
  auto* const page = new QWizardPage;
  page->setTitle(tr("Which gateway?"));
  page->setSubTitle(
      tr("A gateway leases a public address, or ports of one, to this computer. These "
         "are configured, or were found on this network."));
  gateways_ = new QListWidget;
  gateways_->setAccessibleName(tr("Gateways"));
  gateways_->setWordWrap(true);
  searchText_ = faint();
  again_ = new ActionButton(tr("Look again"));
  connect(again_, &QPushButton::clicked, this, &Assistant::search);
  auto* const row = new QHBoxLayout;
  row->addWidget(searchText_, 1);
  row->addWidget(again_, 0, Qt::AlignTop);
  auto* const column = new QVBoxLayout(page);
  column->addWidget(gateways_, 1);
  column->addLayout(row);
  return page;
}

QWizardPage* Assistant::makeOffer() {
  auto* const page = new QWizardPage;
  page->setTitle(tr("What it offers"));
  offer_ = wrapped();
  todo_ = wrapped();
  configuration_ = new QPlainTextEdit;
  configuration_->setReadOnly(true);
  configuration_->setTabChangesFocus(true);
  configuration_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  configuration_->setAccessibleName(tr("Lines for the agent's configuration"));
  copy_ = new QPushButton(tr("Copy"));
  copy_->setAccessibleName(tr("Copy the lines for the agent's configuration"));
  connect(copy_, &QPushButton::clicked, this,
          [this] { copyFrom(copy_, configuration_->toPlainText()); });
  auto* const column = new QVBoxLayout(page);
  column->addWidget(offer_);
  column->addWidget(todo_);
  column->addWidget(configuration_);
  column->addWidget(copy_, 0, Qt::AlignLeft);
  column->addStretch(1);
  return page;
}

QWizardPage* Assistant::makeTest() {
  auto* const page = new QWizardPage;
  page->setTitle(tr("Does it work?"));
  result_ = new Notice;
  result_->setClosable(false);
  auto* const start = new QCheckBox(tr("Start this program at login"));
  start->setChecked(preferences_.startsAtLogin());
  connect(start, &QCheckBox::toggled, &preferences_, &Preferences::setStartsAtLogin);
  auto* const column = new QVBoxLayout(page);
  column->addWidget(result_);
  column->addWidget(start);
  column->addWidget(
      faint(tr("The agent itself runs without this program, from the start of the "
               "computer on.")));
  column->addStretch();
  return page;
}

void Assistant::search() {
  gateways_->clear();
  for (const ipc::GatewayStatus& gateway : mirror_.status().gateways) {
    gateways_->addItem(configuredText(gateway));
  }
  gateways_->setCurrentRow(0);
  if (!mirror_.mayChange()) {
    searchText_->setText(mirror_.isConnected() ? mirror_.whyMayNotChange()
                                               : text(to_line(mirror_.whyNot())));
    again_->setReason(searchText_->text());
    return;
  }
  again_->setReason({});
  again_->setBusy(true);
  searchText_->setText(tr("Asking DHCP, SLP and the default router\u2026"));
  mirror_.ask(ipc::DiscoverRequest{}, this,
              [this](const Result<ipc::Discovered>& answer) { showFound(answer); });
}

void Assistant::showFound(const Result<ipc::Discovered>& answer) {
  again_->setBusy(false);
  if (!answer) return searchText_->setText(text(to_line(answer.error())));
  others_.clear();
  for (const ipc::FoundStatus& found : answer->gateways) {
    const bool known = std::ranges::any_of(mirror_.status().gateways, [&](const auto& gateway) {
      return gateway.address == found.address;
    });
    if (known) continue;
    others_.push_back(found);
    gateways_->addItem(foundText(found));
  }
  if (gateways_->currentRow() < 0) gateways_->setCurrentRow(0);
  searchText_->setText(
      others_.empty() ? tr("No other gateway was found. If you know the address of one, it can "
                           "be configured all the same.")
                      : tr("%n more gateway(s) found.", nullptr, int(others_.size())));
}

const ipc::GatewayStatus* Assistant::chosenConfigured() const {
  const auto row = std::size_t(std::max(0, gateways_->currentRow()));
  const auto& gateways = mirror_.status().gateways;
  return row < gateways.size() ? &gateways[row] : nullptr;
}

const ipc::FoundStatus* Assistant::chosenFound() const {
  const int row = gateways_->currentRow() - int(mirror_.status().gateways.size());
  return row >= 0 && row < int(others_.size()) ? &others_[std::size_t(row)] : nullptr;
}

void Assistant::showOffer() {
  const ipc::GatewayStatus* const configured = chosenConfigured();
  const bool done = configured != nullptr;
  configuration_->setVisible(!done);
  copy_->setVisible(!done);
  if (done) {
    offer_->setText(wayText(mirror_.status(), configured->name));
    todo_->setText(tr("It is configured: nothing has to be done."));
    return;
  }
  const ipc::FoundStatus* const found = chosenFound();
  const ipc::FoundStatus unknown{
      .address = "auto", .port = 4555, .transport = "tcp", .found_by = {}, .detail = {}};
  offer_->setText(found != nullptr
                      ? foundText(*found)
                      : tr("No gateway was found. With \"auto\" the agent looks for one "
                           "on each network that this computer comes to."));
  todo_->setText(tr("What it offers is known once this computer is registered. For that, an "
                    "administrator puts these lines into /etc/rsip/agent.toml and then runs: %1")
                     .arg(QStringLiteral("sudo systemctl reload-or-restart rsipd")));
  configuration_->setPlainText(configurationFor(found != nullptr ? *found : unknown));
}

void Assistant::showTest() {
  const Situation now{mirror_.summary(), mirror_.status(),
                      mirror_.isConnected() ? Error{} : mirror_.whyNot()};
  const ipc::Mood mood = now.summary.mood;
  const Notice::Kind kind = mood == ipc::Mood::kAssigned    ? Notice::Kind::kGood
                            : mood == ipc::Mood::kError     ? Notice::Kind::kError
                            : mood == ipc::Mood::kAgentDown ? Notice::Kind::kError
                                                            : Notice::Kind::kInfo;
  result_->say(kind, tr("%1: %2").arg(moodName(mood), stateSentence(now)), adviceSentence(now));
}

}  // namespace rsip::gui
