#include "gui/window/page_gateways.h"

#include <QBoxLayout>
#include <QItemSelectionModel>
#include <QSortFilterProxyModel>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

QString policyText(const std::string& policy) {
  if (policy == "macro") return PageGateways::tr("by address");
  if (policy == "micro") return PageGateways::tr("by address and port");
  if (policy == "none") return PageGateways::tr("free");
  return text(policy);
}

/// What it can and how it is reached, a line each.
QString capabilitiesText(const ipc::GatewayStatus& gateway) {
  QStringList lines;
  if (!gateway.method.empty()) lines << PageGateways::tr("Method: %1").arg(methodText(gateway));
  lines << PageGateways::tr("Reached by %1, %2")
               .arg(text(gateway.transport).toUpper(),
                    gateway.authenticated ? PageGateways::tr("messages are authenticated")
                                          : PageGateways::tr("messages are not authenticated"));
  if (!gateway.local_policy.empty()) {
    lines << PageGateways::tr("Flows are told apart %1 here and %2 at the remote")
                 .arg(policyText(gateway.local_policy), policyText(gateway.remote_policy));
  }
  if (!gateway.device.empty()) {
    lines << PageGateways::tr("Tunnel %1 to %2, packets of up to %3 bytes")
                 .arg(text(gateway.device), text(gateway.endpoint))
                 .arg(gateway.mtu);
  }
  lines << (gateway.ipsec ? PageGateways::tr("IPsec goes through it")
                          : PageGateways::tr("No IPsec through it"));
  QStringList networks;
  for (const std::string& network : gateway.local_networks) networks << text(network);
  if (!networks.isEmpty()) {
    lines << PageGateways::tr("Local to it, so reached directly: %1")
                 .arg(networks.join(QStringLiteral(", ")));
  }
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

QString foundText(const ipc::FoundStatus& found) {
  QString words = PageGateways::tr("%1:%2 by %3, found by %4")
                      .arg(text(found.address))
                      .arg(found.port)
                      .arg(text(found.transport).toUpper(), foundByText(found.found_by));
  if (!found.detail.empty()) words += QStringLiteral(" \u2013 ") + text(found.detail);
  return words;
}

PageGateways::PageGateways(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Gateways"), parent),
      list_(new Card),
      empty_(emptyText(tr("No gateway is configured. Look for one below, or let the assistant show "
                          "what to configure."))),
      detail_(wrapped()),
      problem_(new Notice) {
  table_ = makeTable(&model_, GatewayTableModel::kMethod, tr("Configured gateways"), this);
  table_.view->setMinimumHeight(fontMetrics().height() * 7);
  problem_->setClosable(false);
  auto* const assistant = new QPushButton(tr("Set up\u2026"));
  assistant->setToolTip(tr("Opens the assistant"));
  connect(assistant, &QPushButton::clicked, this, &PageGateways::assistantWanted);
  corner()->addWidget(assistant);
  list_->body()->addWidget(table_.view, 1);
  list_->body()->addWidget(makeButtons());
  list_->body()->addWidget(problem_);
  list_->body()->addWidget(detail_);
  content()->addWidget(empty_);
  content()->addWidget(list_);
  content()->addWidget(makeSearch());
  content()->addStretch(1);
  connect(table_.view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &PageGateways::showDetail);
}

QWidget* PageGateways::makeButtons() {
  turn_ = changing(tr("Turn off"), tr("Gives back what is leased from the selected gateway"));
  connect(turn_, &QPushButton::clicked, this, &PageGateways::turn);
  auto* const buttons = new QWidget;
  auto* const row = new QHBoxLayout(buttons);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(turn_);
  row->addStretch();
  return buttons;
}

QWidget* PageGateways::makeSearch() {
  auto* const card = new Card(tr("On this network"));
  search_ = changing(tr("Look for gateways"), tr("Asks DHCP, SLP and the default router"));
  foundText_ = faint(tr("Nobody has looked yet."));
  found_ = new QListWidget;
  found_->setAccessibleName(tr("Gateways that were found"));
  found_->setFrameShape(QFrame::NoFrame);
  found_->setWordWrap(true);
  found_->hide();
  connect(search_, &QPushButton::clicked, this, &PageGateways::search);
  auto* const row = new QHBoxLayout;
  row->addWidget(foundText_, 1);
  row->addWidget(search_);
  card->body()->addLayout(row);
  card->body()->addWidget(found_);
  return card;
}

std::string PageGateways::json() const {
  return document(ipc::Gateways{model_.rows()});
}

void PageGateways::refresh() {
  model_.setRows(mirror().status().gateways);
  const bool some = model_.rowCount() > 0;
  empty_->setVisible(!some);
  list_->setVisible(some);
  if (some && !table_.view->selectionModel()->hasSelection()) table_.view->selectRow(0);
  showDetail();
}

const ipc::GatewayStatus* PageGateways::selected() const {
  const QModelIndexList rows = table_.view->selectionModel()->selectedRows();
  if (rows.isEmpty()) return nullptr;
  return model_.rowAt(table_.proxy->mapToSource(rows.first()).row());
}

void PageGateways::showDetail() {
  const ipc::GatewayStatus* const gateway = selected();
  setReason(turn_, gateway == nullptr ? tr("Select a gateway first.") : QString());
  detail_->setText(gateway == nullptr ? QString() : capabilitiesText(*gateway));
  if (gateway == nullptr || !gateway->problem) {
    problem_->clear();
  } else {
    problem_->say(Notice::Kind::kError, text(gateway->problem->message),
                  text(gateway->problem->hint));
  }
  if (gateway == nullptr) return;
  turn_->setName(gateway->state == "disabled" ? tr("Turn on") : tr("Turn off"));
}

void PageGateways::turn() {
  const ipc::GatewayStatus* const gateway = selected();
  if (gateway == nullptr) return;
  if (gateway->state == "disabled") {
    return change(turn_, ipc::UpRequest{gateway->name},
                  tr("%1 is turned on.").arg(text(gateway->name)));
  }
  change(turn_, ipc::DownRequest{gateway->name}, tr("%1 is turned off.").arg(text(gateway->name)));
}

void PageGateways::search() {
  search_->setBusy(true);
  foundText_->setText(tr("Looking\u2026"));
  mirror().ask(ipc::DiscoverRequest{}, this, [this](const Result<ipc::Discovered>& answer) {
    search_->setBusy(false);
    found_->clear();
    if (!answer) {
      foundText_->setText(tr("The search failed."));
      return notice().say(answer.error());
    }
    for (const ipc::FoundStatus& found : answer->gateways) found_->addItem(foundText(found));
    found_->setVisible(found_->count() > 0);
    foundText_->setText(found_->count() == 0
                            ? tr("No gateway was found. Ask who runs this network for its address.")
                            : tr("%n gateway(s) found, the best first.", nullptr, found_->count()));
  });
}

}  // namespace rsip::gui
