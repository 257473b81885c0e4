#include "agent/usage/usage_account.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "agent/usage/calendar.h"

namespace rsip::agent {

UsageAccount::UsageAccount(UsagePlatform platform, std::function<void(const std::string&)> warn)
    : platform_(std::move(platform)), warn_(std::move(warn)) {
  open();
}

std::string UsageAccount::today() const {
  return local_day(platform_.unix_seconds());
}

void UsageAccount::look(const std::string& gateway, const std::vector<UsageLease>& leases,
                        const UsageMeter::Moved& moved, TimePoint now) {
  meter_.look(gateway, leases, moved, {now, platform_.unix_seconds()});
  collect();
  if (next_write_ == TimePoint::max()) arm(now);
}

// Also at midnight, so that what moves before it stands on the right day.
void UsageAccount::arm(TimePoint now) {
  const bool wanted = meter_.measures() || (!waiting_.empty() && trouble_.empty());
  next_write_ = TimePoint::max();
  if (!wanted) return;
  const std::int64_t wall = platform_.unix_seconds();
  const auto to_midnight = std::chrono::seconds(next_local_midnight(wall) - wall);
  next_write_ = now + std::min<Duration>(kWriteEvery, to_midnight);
}

void UsageAccount::collect() {
  for (const auto& [key, amount] : meter_.take()) {
    if (waiting_.size() < kMaxWaiting || waiting_.contains(key)) waiting_[key] += amount;
  }
}

void UsageAccount::write(TimePoint now) {
  if (!tidy_at_) tidy_at_ = now + kTidyAfter;
  if (ledger_ == nullptr) open();
  if (ledger_ != nullptr && !waiting_.empty()) {
    const std::string day = today();
    const auto written = write_waiting(day);
    if (written) {
      waiting_.clear();
      trouble_.clear();
      tidy_if_due(day, now);
    } else {
      trouble(written.error());
    }
  }
  arm(now);
}

Result<void> UsageAccount::write_waiting(const std::string& today) {
  auto written = ledger_->add(waiting_);
  if (written || written.error().kind != ErrorKind::kNoResources) return written;
  // The file may not grow: what leases did on earlier days makes room.
  const auto room = ledger_->tidy(days_before(today, 1), days_before(today, kDays));
  return room ? ledger_->add(waiting_) : written;
}

void UsageAccount::tidy_if_due(const std::string& today, TimePoint now) {
  if (now < *tidy_at_) return;
  tidy_at_ = now + kTidyEvery;
  const auto done = ledger_->tidy(days_before(today, kLeaseDays), days_before(today, kDays));
  if (!done) trouble(done.error());
}

void UsageAccount::open() {
  auto opened = platform_.open(today());
  if (!opened) return trouble(opened.error());
  ledger_ = std::move(opened->ledger);
  trouble_.clear();
  if (opened->warning.empty()) return;
  set_aside_ = opened->warning;
  warn_(set_aside_);
}

// A damaged file is set aside when it is opened again.
void UsageAccount::trouble(const Error& error) {
  const std::string said = "the account of usage is not written: " + to_line(error);
  if (said != trouble_) warn_(said);
  trouble_ = said;
  if (error.kind != ErrorKind::kInUse && error.kind != ErrorKind::kNoResources) ledger_.reset();
}

UsageReport UsageAccount::report(const UsageQuery& query) {
  UsageReport report{{}, set_aside_};
  const auto warn = [&](const std::string& text) {
    report.warning += (report.warning.empty() ? "" : "; ") + text;
  };
  if (!trouble_.empty()) warn(trouble_);
  if (ledger_ != nullptr) {
    auto rows = ledger_->read(query);
    if (rows) {
      report.rows = std::move(*rows);
    } else {
      warn("the account of usage cannot be read: " + to_line(rows.error()));
    }
  }
  for (const auto& [key, amount] : waiting_) {
    const bool wanted = key.day >= query.first && key.day <= query.last &&
                        (query.gateway.empty() || key.lease.gateway == query.gateway);
    if (wanted) report.rows[grouped(key, query.by)] += amount;
  }
  if (report.rows.size() >= UsageLedger::kMaxRows) {
    report.rows.erase(std::next(report.rows.begin(), UsageLedger::kMaxRows), report.rows.end());
    warn("these are not all rows: ask for fewer days, or --by gateway");
  }
  return report;
}

}  // namespace rsip::agent
