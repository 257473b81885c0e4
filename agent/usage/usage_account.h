#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/usage/usage_ledger.h"
#include "agent/usage/usage_meter.h"

namespace rsip::agent {

/// What the account needs of the machine.
struct UsagePlatform {
  std::function<std::int64_t()> unix_seconds{};
  /// Null: no account is kept.
  std::function<Result<OpenedLedger>(const std::string& today)> open{};
};

/// Rows of a report, and what is wrong with them.
struct UsageReport {
  UsageRows rows;
  std::string warning;  ///< Empty: nothing.
};

/// Keeps the account of all gateways: measures, and writes once a minute what was added, as long as
/// something is leased. Trouble with the file never keeps the agent from working: what could not be
/// written is kept in memory, within bounds, and tried again.
///
/// thread   the event loop's; a write takes about a millisecond
class UsageAccount {
 public:
  static constexpr Duration kWriteEvery = std::chrono::minutes(1);
  /// Rows per lease are kept that long, then one a day and gateway.
  static constexpr int kLeaseDays = 100;
  static constexpr int kDays = 731;
  /// Old rows go no sooner after the start: until then a wrong clock is set right.
  static constexpr Duration kTidyAfter = std::chrono::hours(1);
  static constexpr Duration kTidyEvery = std::chrono::hours(24);
  /// Rows that wait for a file. More are not kept.
  static constexpr std::size_t kMaxWaiting = 4096;

  /// warn   is told once of each trouble, one line
  UsageAccount(UsagePlatform platform, std::function<void(const std::string&)> warn);

  /// See UsageMeter::look(). Needed when is_news() or when a write is due.
  void look(const std::string& gateway, const std::vector<UsageLease>& leases,
            const UsageMeter::Moved& moved, TimePoint now);
  [[nodiscard]] bool is_news(const std::string& gateway,
                             const std::vector<UsageLease>& leases) const {
    return meter_.is_news(gateway, leases);
  }
  /// When write() has to be called; TimePoint::max() while there is no reason.
  [[nodiscard]] TimePoint next_write() const { return next_write_; }
  void write(TimePoint now);

  /// What is in the file and what waits for it. Also after trouble: then with a warning.
  [[nodiscard]] UsageReport report(const UsageQuery& query);
  /// Local date of now.
  [[nodiscard]] std::string today() const;

 private:
  void arm(TimePoint now);
  void collect();
  void open();
  Result<void> write_waiting(const std::string& today);
  void tidy_if_due(const std::string& today, TimePoint now);
  void trouble(const Error& error);

  UsagePlatform platform_;
  std::function<void(const std::string&)> warn_;
  UsageMeter meter_;
  UsageRows waiting_;
  std::unique_ptr<UsageLedger> ledger_;  ///< Null: could not be opened.
  std::string set_aside_;                ///< A warning that stays.
  std::string trouble_;                  ///< Of the last write; empty: none.
  TimePoint next_write_ = TimePoint::max();
  std::optional<TimePoint> tidy_at_;
};

}  // namespace rsip::agent
