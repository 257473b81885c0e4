#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <QString>

#include "common/ipc/requests.h"

namespace rsip::gui {

enum class PortUse : std::uint8_t { kFree, kResting, kRetiring, kInUse, kListening };
inline constexpr PortUse kPortUses[] = {PortUse::kInUse, PortUse::kListening, PortUse::kResting,
                                        PortUse::kRetiring, PortUse::kFree};
/// "In use" and so on.
QString portUseText(PortUse use);

/// Leased ports as cells of a map: one each, or one for several in a row when there are many.
class PortMap {
 public:
  static constexpr std::size_t kMaxCells = 1024;

  struct Cell {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
    std::uint32_t ports = 0;
    std::uint32_t taken = 0;  ///< Of them are not free.
    std::uint32_t flows = 0;
    std::uint32_t bind = 0;        ///< Of the first.
    PortUse use = PortUse::kFree;  ///< The busiest of them.
    bool operator==(const Cell&) const = default;
  };

  PortMap() = default;
  explicit PortMap(const ipc::Ports& ports);

  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
  [[nodiscard]] std::uint32_t count(PortUse use) const { return counts_[std::size_t(use)]; }
  [[nodiscard]] std::uint32_t total() const { return total_; }
  [[nodiscard]] std::uint32_t taken() const { return total_ - count(PortUse::kFree); }
  [[nodiscard]] std::uint32_t highWater() const { return highWater_; }
  /// "9 of 32 in use".
  [[nodiscard]] QString words() const;
  /// "Port 5004, in use by 2 flows (lease 3)".
  [[nodiscard]] static QString words(const Cell& cell);

 private:
  std::vector<Cell> cells_;
  std::array<std::uint32_t, 5> counts_{};
  std::uint32_t total_ = 0;
  std::uint32_t highWater_ = 0;
};

}  // namespace rsip::gui
