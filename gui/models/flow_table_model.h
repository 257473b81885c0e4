#pragma once

#include "common/ipc/flow_status.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

/// Flows through the tunnels, one row each.
class FlowTableModel : public RowModel<ipc::FlowStatus> {
  Q_OBJECT

 public:
  enum Column {
    kProgram,
    kProtocol,
    kLocal,
    kRemote,
    kState,
    kUp,
    kDown,
    kIdle,
    kGateway,
    kColumns
  };
  using RowModel::RowModel;

 protected:
  [[nodiscard]] QStringList titles() const override;
  [[nodiscard]] QString keyOf(const ipc::FlowStatus& flow) const override;
  [[nodiscard]] QVariant cell(const ipc::FlowStatus& flow, int column, int role) const override;
};

/// "ssh to 198.51.100.7 port 22".
QString flowText(const ipc::FlowStatus& flow);

}  // namespace rsip::gui
