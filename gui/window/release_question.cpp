#include "gui/window/release_question.h"

#include <QStringList>

#include "gui/models/flow_table_model.h"

namespace rsip::gui {
namespace {

/// How many connections are named; the others are counted.
constexpr qsizetype kNamed = 3;

QStringList brokenBy(const ipc::Flows& flows, const LeaseRow& row) {
  QStringList names;
  for (const ipc::FlowStatus& flow : flows.flows) {
    if (flow.gateway == row.gateway && flow.bind == row.lease.bind && flow.state != "closed") {
      names << flowText(flow);
    }
  }
  return names;
}

}  // namespace

ReleaseQuestion::ReleaseQuestion(AgentMirror& mirror, Notice& notice, QObject* parent)
    : QObject(parent), mirror_(mirror), notice_(notice) {}

void ReleaseQuestion::ask(const LeaseRow& row, ActionButton* button) {
  row_ = row;
  button_ = button;
  button_->setBusy(true);
  mirror_.ask(ipc::FlowsRequest{row.gateway}, this, [this](const Result<ipc::Flows>& flows) {
    button_->setBusy(false);
    decide(flows);
  });
}

void ReleaseQuestion::decide(const Result<ipc::Flows>& flows) {
  if (!flows) return put(tr("Connections may break: it is not known which are open."));
  const QStringList names = brokenBy(*flows, row_);
  if (names.isEmpty() && flows->hidden == 0) return release();
  if (names.isEmpty()) return put(tr("Connections of other users may break."));
  const int others = int(names.size() - std::min(names.size(), kNamed));
  const QString named = names.first(std::min(names.size(), kNamed)).join(QStringLiteral(", "));
  const QString list = others == 0 ? named : tr("%1 and %n more", nullptr, others).arg(named);
  put(names.size() == 1 ? tr("1 connection will break: %1.").arg(list)
                        : tr("%1 connections will break: %2.").arg(names.size()).arg(list));
}

void ReleaseQuestion::put(const QString& what) {
  notice_.say(Notice::Kind::kWarning, tr("Release lease %1?").arg(row_.lease.bind), what);
  auto* const yes = notice_.addButton(tr("Release anyway"));
  auto* const no = notice_.addButton(tr("Keep it"));
  connect(yes, &QPushButton::clicked, this, [this] {
    notice_.clear();
    release();
  });
  connect(no, &QPushButton::clicked, &notice_, &Notice::clear);
  no->setFocus();
}

void ReleaseQuestion::release() {
  button_->setBusy(true);
  const std::uint32_t bind = row_.lease.bind;
  mirror_.ask(ipc::ReleaseRequest{row_.gateway, {bind}}, this, [this, bind](const auto& answer) {
    button_->setBusy(false);
    if (!answer) return notice_.say(answer.error());
    notice_.say(Notice::Kind::kGood, tr("Lease %1 goes back to the gateway.").arg(bind));
  });
}

}  // namespace rsip::gui
