#pragma once

#include "common/ipc/status.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

/// Configured gateways, one row each.
class GatewayTableModel : public RowModel<ipc::GatewayStatus> {
  Q_OBJECT

 public:
  enum Column { kName, kState, kAddress, kFoundBy, kMethod, kLeases, kPorts, kColumns };
  using RowModel::RowModel;

 protected:
  [[nodiscard]] QStringList titles() const override;
  [[nodiscard]] QString keyOf(const ipc::GatewayStatus& gateway) const override;
  [[nodiscard]] QVariant cell(const ipc::GatewayStatus& gateway, int column,
                              int role) const override;
};

}  // namespace rsip::gui
