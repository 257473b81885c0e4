#include "gui/window/page_ipsec.h"

#include <QBoxLayout>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

QString daemonText(const ipc::IkeDaemonStatus& daemon) {
  const QString name =
      daemon.version.empty() ? PageIpsec::tr("The IKE daemon") : text(daemon.version);
  if (daemon.state == "in_step")
    return PageIpsec::tr("%1 uses only SPIs that are leased.").arg(name);
  if (daemon.state == "no_spi") return PageIpsec::tr("%1 waits: no SPI is leased.").arg(name);
  if (daemon.state == "refused") {
    return PageIpsec::tr("%1 refuses to talk to the agent at %2.")
        .arg(name, text(daemon.vici_socket));
  }
  if (daemon.state == "troubled")
    return PageIpsec::tr("%1 does not do what the agent asks.").arg(name);
  return PageIpsec::tr("No IKE daemon answers at %1.").arg(text(daemon.vici_socket));
}

QString modeText(const ipc::IpsecStatus& status) {
  if (status.mode == "whole_address") {
    return PageIpsec::tr("The whole address %1 is leased: every SPI is this computer's own.")
        .arg(text(status.address));
  }
  QStringList ports;
  for (const std::uint16_t port : status.ike_ports) ports << QString::number(port);
  return PageIpsec::tr("Through %1, with SPIs of its own at %2; IKE ports %3.")
      .arg(text(status.gateway), text(status.address), ports.join(QStringLiteral(", ")));
}

}  // namespace

PageIpsec::PageIpsec(AgentMirror& mirror, QWidget* parent)
    : PageBase(mirror, tr("IPsec"), parent),
      verdict_(new Notice),
      daemon_(wrapped()),
      empty_(emptyText(tr("No gateway is configured for IPsec. Set enabled = true under "
                          "[gateway.ipsec] in the agent's configuration, and SPIs are leased for "
                          "associations of your own through the shared address."))),
      card_(new Card) {
  table_ = makeTable(&model_, SaTableModel::kConnection, tr("SPIs and associations"), this);
  table_.view->setMinimumHeight(fontMetrics().height() * 8);
  verdict_->setClosable(false);
  card_->body()->addWidget(daemon_);
  card_->body()->addWidget(table_.view, 1);
  content()->addWidget(verdict_);
  content()->addWidget(card_, 1);
  content()->addWidget(empty_);
  pollEach(2000);
}

std::string PageIpsec::json() const {
  return document(status_);
}

void PageIpsec::refresh() {
  if (!mirror().isConnected()) show({});
}

void PageIpsec::poll() {
  mirror().ask(ipc::IpsecRequest{}, this, [this](const Result<ipc::IpsecStatus>& answer) {
    if (!answer) return notice().say(answer.error());
    show(*answer);
  });
}

void PageIpsec::show(const ipc::IpsecStatus& status) {
  status_ = status;
  model_.setStatus(status);
  const bool off = status.mode == "off" || status.mode.empty();
  empty_->setVisible(off && model_.rowCount() == 0);
  card_->setVisible(!empty_->isVisibleTo(this));
  daemon_->setText(off ? tr("No gateway is configured for IPsec.")
                       : modeText(status) + QLatin1Char('\n') + daemonText(status.daemon));
  showFaults();
}

void PageIpsec::showFaults() {
  if (status_.problem) {
    return verdict_->say(Notice::Kind::kError, text(status_.problem->message),
                         text(status_.problem->hint));
  }
  for (const SaRow& row : model_.rows()) {
    if (row.fault.empty()) continue;
    return verdict_->say(Notice::Kind::kError,
                         tr("%1 cannot receive anything: %2").arg(text(row.spi), text(row.fault)),
                         text(row.remedy));
  }
  verdict_->clear();
}

}  // namespace rsip::gui
