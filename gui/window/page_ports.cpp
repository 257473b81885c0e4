#include "gui/window/page_ports.h"

#include <algorithm>

#include <QBoxLayout>
#include <QLocale>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

/// RSA-IP: the whole address is this host's, there is no pool of ports.
bool hasWholeAddress(const ipc::Status& status, const QString& gateway) {
  const auto found = std::ranges::find_if(
      status.gateways, [&](const auto& candidate) { return text(candidate.name) == gateway; });
  return found != status.gateways.end() && found->method == "rsa-ip";
}

}  // namespace

PagePorts::PagePorts(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("Ports"), parent),
      gateway_(new QComboBox),
      counts_(large(1.4, true)),
      more_(faint()),
      map_(new PoolMapView),
      legend_(new PoolMapLegend),
      pointed_(faint()),
      empty_(emptyText({})),
      card_(new Card) {
  gateway_->setAccessibleName(tr("Gateway whose ports are shown"));
  corner()->addWidget(gateway_);
  card_->body()->addWidget(counts_);
  card_->body()->addWidget(more_);
  card_->body()->addSpacing(4);
  card_->body()->addWidget(map_);
  card_->body()->addWidget(pointed_);
  card_->body()->addWidget(legend_);
  content()->addWidget(card_);
  content()->addWidget(empty_);
  content()->addStretch(1);
  connect(gateway_, &QComboBox::activated, this, [this] { poll(); });
  connect(map_, &PoolMapView::pointedAt, this, &PagePorts::showPointed);
  connect(map_, &PoolMapView::activated, this, [this](const PortMap::Cell& cell) {
    emit flowsWanted(QStringLiteral(":%1").arg(cell.first));
  });
  showPointed({});
  pollEach(1000);
}

std::string PagePorts::json() const {
  return document(ports_);
}

void PagePorts::refresh() {
  const QString chosen = gateway_->currentText();
  gateway_->clear();
  for (const ipc::GatewayStatus& gateway : mirror().status().gateways) {
    gateway_->addItem(text(gateway.name));
  }
  gateway_->setCurrentIndex(std::max(0, gateway_->findText(chosen)));
  gateway_->setVisible(gateway_->count() > 1);
  if (gateway_->count() == 0) show({});
}

void PagePorts::poll() {
  if (gateway_->count() == 0) return;
  mirror().ask(ipc::PortsRequest{gateway_->currentText().toStdString()}, this,
               [this](const Result<ipc::Ports>& answer) {
                 if (!answer) return notice().say(answer.error());
                 if (text(answer->gateway) == gateway_->currentText()) show(*answer);
               });
}

void PagePorts::show(const ipc::Ports& ports) {
  ports_ = ports;
  const PortMap map(ports);
  const bool whole = hasWholeAddress(mirror().status(), text(ports.gateway));
  empty_->setText(ports.gateway.empty()
                      ? tr("No gateway is configured, so no port is leased.")
                      : tr("No port is leased from %1 now.").arg(text(ports.gateway)));
  empty_->setVisible(map.total() == 0 && !whole);
  card_->setVisible(map.total() > 0 || whole);
  counts_->setText(whole ? tr("All ports of %1").arg(text(ports.address)) : map.words());
  more_->setText(
      whole
          ? tr("The whole address is leased (RSA-IP): only the ports that are used now are shown.")
          : tr("%1, at most %2 at a time since the agent started. A port rests for a while after "
               "its last connection, so that late packets do not reach a new one.")
                .arg(text(ports.address), QLocale().toString(map.highWater())));
  map_->setMap(map);
  legend_->setMap(map);
}

void PagePorts::showPointed(const QString& words) {
  pointed_->setText(words.isEmpty() ? tr("Point at a cell to see what it is; click it to see its "
                                         "connections. The arrow keys and Enter do the same.")
                                    : words);
}

}  // namespace rsip::gui
