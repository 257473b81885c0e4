#include "gui/window/page_overview.h"

#include <algorithm>

#include <QBoxLayout>
#include <QDesktopServices>
#include <QEvent>
#include <QUrl>

#include "gui/models/words.h"
#include "gui/plots/plot_colors.h"
#include "gui/style/state_icon.h"
#include "gui/text/sentences.h"
#include "gui/window/health.h"
#include "gui/window/way.h"

namespace rsip::gui {
namespace {

constexpr int kIconPixels = 56;
Situation situationOf(const AgentMirror& mirror) {
  return {mirror.summary(), mirror.status(), mirror.isConnected() ? Error{} : mirror.whyNot()};
}

/// Any page on the web: a captive portal answers in its place.
QString portalOf(const ipc::NetworkStatus& network) {
  return network.portal.empty() ? QStringLiteral("http://example.com/") : text(network.portal);
}

}  // namespace

PageOverview::PageOverview(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Overview"), parent) {
  content()->addWidget(makeState());
  figures_ = new LeaseFigures;
  content()->addWidget(figures_);
  health_ = new Card(tr("Health"));
  problems_ = new QVBoxLayout;
  health_->body()->addLayout(problems_);
  content()->addWidget(health_);
  content()->addWidget(makeTraffic());
  usage_ = new UsageCard(mirror);
  content()->addWidget(usage_);
  content()->addStretch(1);
  pollEach(1000);
}

QWidget* PageOverview::makeState() {
  auto* const card = new Card;
  icon_ = new QLabel;
  icon_->setFixedSize(kIconPixels, kIconPixels);
  sentence_ = large(1.35, true);
  way_ = faint();
  main_ = changing({}, {});
  turn_ = changing(tr("Turn off"), tr("Gives back what is leased and stays away until turned on"));
  connect(main_, &QPushButton::clicked, this, &PageOverview::act);
  connect(turn_, &QPushButton::clicked, this, &PageOverview::turn);
  auto* const words = new QVBoxLayout;
  words->setSpacing(4);
  words->addWidget(sentence_);
  words->addWidget(way_);
  auto* const buttons = new QVBoxLayout;
  buttons->addWidget(main_);
  buttons->addWidget(turn_);
  buttons->addStretch();
  auto* const row = new QHBoxLayout;
  row->setSpacing(16);
  row->addWidget(icon_, 0, Qt::AlignTop);
  row->addLayout(words, 1);
  row->addLayout(buttons);
  card->body()->addLayout(row);
  return card;
}

QWidget* PageOverview::makeTraffic() {
  traffic_ = new Card;
  rates_ = faint();
  seconds_ = new QComboBox;
  seconds_->addItem(tr("1 minute"), 60);
  seconds_->addItem(tr("10 minutes"), 600);
  seconds_->setAccessibleName(tr("How much of the throughput is shown"));
  sparkline_ = new Sparkline;
  auto* const head = new QHBoxLayout;
  head->addWidget(large(1.0, true, tr("Throughput")));
  head->addWidget(rates_, 1);
  head->addWidget(seconds_);
  traffic_->body()->addLayout(head);
  traffic_->body()->addWidget(sparkline_);
  connect(seconds_, &QComboBox::activated, this, [this] {
    sparkline_->setSeconds(std::size_t(seconds_->currentData().toInt()));
    sparkline_->setHistory(history_);
  });
  return traffic_;
}

std::string PageOverview::json() const {
  return document(mirror().status());
}

void PageOverview::showEvent(QShowEvent* event) {
  mirror().wantTraffic(true);
  PageBase::showEvent(event);
}

void PageOverview::hideEvent(QHideEvent* event) {
  PageBase::hideEvent(event);
  mirror().wantTraffic(false);
  usageAsked_ = false;
  history_.interrupt();
}

void PageOverview::changeEvent(QEvent* event) {
  PageBase::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && isVisible()) showState(mirror().summary());
}

void PageOverview::refresh() {
  const bool here = mirror().isConnected();
  showState(mirror().summary());
  figures_->show(mirror().summary());
  showHealth();
  traffic_->setVisible(here);
  usage_->setVisible(here);
  if (!here) history_.interrupt();
  askUsage();
}

void PageOverview::askUsage() {
  if (mirror().isConnected() && !usageAsked_) usage_->ask();
  usageAsked_ = mirror().isConnected();
}

void PageOverview::poll() {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const ipc::GatewayStatus& gateway : mirror().status().gateways) {
    sent += gateway.traffic.sent_bytes;
    received += gateway.traffic.received_bytes;
  }
  if (mirror().isConnected()) history_.add(mirror().now(), sent, received);
  sparkline_->setHistory(history_);
  const ThroughputHistory::Sample newest = history_.newest();
  rates_->setText(newest ? tr("%1 up, %2 down").arg(rateText(newest->up), rateText(newest->down))
                         : QString());
  showState(mirror().summary());
  figures_->show(mirror().summary());
}

void PageOverview::showState(const ipc::Summary& summary) {
  icon_->setPixmap(stateIcon(summary.mood, isDark(palette())).pixmap(kIconPixels));
  sentence_->setText(stateSentence(situationOf(mirror())));
  icon_->setAccessibleName(moodName(summary.mood));
  way_->setText(mirror().isConnected() ? wayText(mirror().status(), summary.gateway)
                                       : adviceSentence(situationOf(mirror())));
  way_->setVisible(!way_->text().isEmpty());
  action_ = mainAction(summary.mood);
  if (!main_->isBusy()) main_->setName(actionName(action_));
  if (action_ == MainAction::kHelpToStart) main_->setName(tr("Copy command"));
  main_->setVisible(action_ != MainAction::kNone);
  const bool turnable = mirror().isConnected() && action_ != MainAction::kTurnOn &&
                        action_ != MainAction::kTurnOff && !mirror().status().gateways.empty();
  turn_->setVisible(turnable);
  const bool changesNothing = action_ == MainAction::kSignIn || action_ == MainAction::kDetails ||
                              action_ == MainAction::kHelpToStart;
  if (changesNothing) main_->setReason({});
}

void PageOverview::showHealth() {
  const std::vector<HealthItem> items = healthOf(mirror());
  QString words;
  for (const HealthItem& item : items) words += item.words + item.hint;
  if (words == problemsShown_ && problems_->count() > 0) return;
  problemsShown_ = words;
  while (QLayoutItem* const old = problems_->takeAt(0)) {
    delete old->widget();
    delete old;
  }
  for (const HealthItem& item : items) {
    auto* const line = new Notice;
    line->setClosable(false);
    problems_->addWidget(line);
    line->say(item.kind, item.words, item.hint);
  }
  health_->setVisible(!items.empty());
}

void PageOverview::act() {
  switch (action_) {
    case MainAction::kTurnOn:
      return change(main_, ipc::UpRequest{}, tr("Turned on."));
    case MainAction::kTurnOff:
      return change(main_, ipc::DownRequest{}, tr("Turned off."));
    case MainAction::kRequest:
      return change(main_, ipc::LeaseRequest{}, tr("The gateway was asked for a lease."));
    case MainAction::kRenew:
      return change(main_, ipc::RenewRequest{},
                    tr("The gateway was asked for a new life of all leases."));
    case MainAction::kSignIn:
      QDesktopServices::openUrl(QUrl(portalOf(mirror().status().network)));
      return;
    case MainAction::kDetails:
      emit doctorWanted();
      return;
    case MainAction::kHelpToStart:
      return copyFrom(main_, startCommand());
    case MainAction::kNone:
      return;
  }
}

void PageOverview::turn() {
  change(turn_, ipc::DownRequest{}, tr("Turned off: what was leased goes back."));
}

}  // namespace rsip::gui
