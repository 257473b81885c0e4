#pragma once

#include <optional>
#include <string>

#include "common/ipc/ipsec_status.h"
#include "gui/models/row_model.h"

namespace rsip::gui {

/// A leased SPI with the association that uses it, or an association without one.
struct SaRow {
  std::string spi = {};
  std::string use = {};  ///< Of a leased SPI; empty: it is not leased.
  std::optional<std::uint32_t> bind = {};
  std::string protocol = {};  ///< Empty: no association has the SPI.
  std::string from = {};
  std::string to = {};
  std::string mode = {};
  bool inbound = false;
  std::string connection = {};
  std::string fault = {};
  std::string remedy = {};
  bool operator==(const SaRow&) const = default;
};

/// Leased SPIs beside the security associations of the kernel.
class SaTableModel : public RowModel<SaRow> {
  Q_OBJECT

 public:
  enum Column { kSpi, kFault, kLeased, kWay, kPeers, kMode, kConnection, kColumns };
  using RowModel::RowModel;

  void setStatus(const ipc::IpsecStatus& status);
  [[nodiscard]] int faults() const;

 protected:
  [[nodiscard]] QStringList titles() const override;
  [[nodiscard]] QString keyOf(const SaRow& row) const override;
  [[nodiscard]] QVariant cell(const SaRow& row, int column, int role) const override;
};

}  // namespace rsip::gui
