#pragma once

#include <cstdint>
#include <vector>

#include <QDate>
#include <QString>

#include "common/ipc/usage_report.h"

namespace rsip::gui {

/// The account of the last days: a bar a day, or a bar a gateway.
class UsageBars {
 public:
  struct Bar {
    QString name;  ///< Of the gateway; empty for a day.
    QDate day;     ///< Invalid for a gateway.
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::uint64_t leasedSeconds = 0;
    bool operator==(const Bar&) const = default;
  };
  static constexpr int kDays = 30;

  UsageBars() = default;
  /// Days without a row are bars of nothing.
  static UsageBars byDay(const std::vector<ipc::UsageRow>& rows, const QDate& today);
  /// The most used first.
  static UsageBars byGateway(const std::vector<ipc::UsageRow>& rows);

  [[nodiscard]] const std::vector<Bar>& bars() const { return bars_; }
  [[nodiscard]] std::uint64_t peak() const;
  [[nodiscard]] Bar total() const;
  /// "Mon 23 Nov: 1.2 GB sent, 3.4 GB received, leased for 4 h".
  [[nodiscard]] static QString words(const Bar& bar);

 private:
  std::vector<Bar> bars_;
};

}  // namespace rsip::gui
