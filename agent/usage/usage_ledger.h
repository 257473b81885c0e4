#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "agent/usage/usage_rows.h"
#include "common/base/result.h"

namespace rsip::agent {

/// The account on disk. Its errors say what to do, and leave it as it was before the call.
class UsageLedger {
 public:
  static constexpr std::size_t kMaxRows = 3000;  ///< Of a report: they fit an answer.

  virtual ~UsageLedger() = default;

  /// Adds to what there is, all or nothing.
  ///
  /// errors   kInUse: another process writes, try later; kConfigInvalid: the file is damaged;
  ///          kNoResources: disk or file are full; kOther
  virtual Result<void> add(const UsageRows& rows) = 0;
  /// The first kMaxRows rows of a report, with grouped() keys.
  ///
  /// errors   as add()
  virtual Result<UsageRows> read(const UsageQuery& query) = 0;
  /// Makes one row per gateway of each day before merge_before, and none of those before
  /// drop_before.
  ///
  /// errors   as add()
  virtual Result<void> tidy(const std::string& merge_before, const std::string& drop_before) = 0;
};

/// How an account was opened.
struct OpenedLedger {
  std::unique_ptr<UsageLedger> ledger;
  std::string warning;  ///< An old file could not be used and was set aside; empty: all is well.
};

}  // namespace rsip::agent
