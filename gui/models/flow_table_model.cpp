#include "gui/models/flow_table_model.h"

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

QString endText(const std::string& address, std::uint16_t port) {
  return port == 0 ? text(address) : QStringLiteral("%1:%2").arg(text(address)).arg(port);
}

QString stateText(const ipc::FlowStatus& flow) {
  if (flow.state == "opening") return FlowTableModel::tr("Opening");
  if (flow.state == "established") return FlowTableModel::tr("Established");
  if (flow.state == "closing") return FlowTableModel::tr("Closing");
  if (flow.state == "closed") return FlowTableModel::tr("Closed");
  if (flow.state == "active") return FlowTableModel::tr("Active");
  return text(flow.state);
}

QString programText(const ipc::FlowStatus& flow) {
  if (!flow.program.empty()) return text(flow.program);
  return flow.user.empty() ? FlowTableModel::tr("unknown")
                           : FlowTableModel::tr("of user %1").arg(text(flow.user));
}

QString display(const ipc::FlowStatus& flow, int column) {
  switch (column) {
    case FlowTableModel::kProgram:
      return programText(flow);
    case FlowTableModel::kProtocol:
      return text(flow.protocol).toUpper();
    case FlowTableModel::kLocal:
      return endText(flow.public_address, flow.public_port);
    case FlowTableModel::kRemote:
      return endText(flow.remote_address, flow.remote_port);
    case FlowTableModel::kState:
      return stateText(flow);
    case FlowTableModel::kUp:
      return bytesText(flow.sent_bytes);
    case FlowTableModel::kDown:
      return bytesText(flow.received_bytes);
    case FlowTableModel::kIdle:
      return durationText(flow.idle_seconds);
    case FlowTableModel::kGateway:
      return text(flow.gateway);
    default:
      return {};
  }
}

QVariant sortValue(const ipc::FlowStatus& flow, int column) {
  switch (column) {
    case FlowTableModel::kLocal:
      return flow.public_port;
    case FlowTableModel::kUp:
      return qulonglong(flow.sent_bytes);
    case FlowTableModel::kDown:
      return qulonglong(flow.received_bytes);
    case FlowTableModel::kIdle:
      return flow.idle_seconds;
    default:
      return {};
  }
}

}  // namespace

QString flowText(const ipc::FlowStatus& flow) {
  const QString who = flow.program.empty() ? text(flow.protocol).toUpper() : text(flow.program);
  return FlowTableModel::tr("%1 to %2").arg(who, endText(flow.remote_address, flow.remote_port));
}

QStringList FlowTableModel::titles() const {
  return {tr("Program"), tr("Protocol"), tr("Public side"), tr("Remote"), tr("State"),
          tr("Sent"),    tr("Received"), tr("Idle for"),    tr("Gateway")};
}

QString FlowTableModel::keyOf(const ipc::FlowStatus& flow) const {
  return QStringLiteral("%1 %2 %3 %4 %5 %6")
      .arg(text(flow.gateway), text(flow.protocol), text(flow.public_address))
      .arg(flow.public_port)
      .arg(text(flow.remote_address))
      .arg(flow.remote_port);
}

QVariant FlowTableModel::cell(const ipc::FlowStatus& flow, int column, int role) const {
  switch (role) {
    case Qt::DisplayRole:
      return display(flow, column);
    case kSortRole:
      return sortValue(flow, column);
    case Qt::TextAlignmentRole:
      if (column < kUp || column > kIdle) return {};
      return int(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
      if (column == kLocal) return tr("Port %1 of this computer").arg(flow.local_port);
      if (column != kProgram || flow.process == 0) return display(flow, column);
      return tr("%1, process %2 of %3, begun by %4")
          .arg(programText(flow))
          .arg(flow.process)
          .arg(text(flow.user), flow.begun_by == "remote" ? tr("the remote") : tr("this computer"));
    default:
      return {};
  }
}

}  // namespace rsip::gui
