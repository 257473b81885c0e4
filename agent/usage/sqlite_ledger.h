#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/usage/sqlite.h"
#include "agent/usage/usage_ledger.h"

namespace rsip::agent {

/// The account in a SQLite file. It may be shared with agents of other network namespaces. See
/// README.md in this folder for why it is set up as it is.
class SqliteLedger : public UsageLedger {
 public:
  static constexpr int kSchema = 1;
  static constexpr int kMaxPages = 4096;  ///< Of 4 KiB: 16 MiB, some 200000 rows.

  /// Opens state_dir/usage.sqlite or makes it, and the directory. A damaged file, or one of a newer
  /// version of this program, is renamed to usage.sqlite.damaged-<today> and a new one begun.
  ///
  /// errors   as UsageLedger
  static Result<OpenedLedger> open(const std::string& state_dir, const std::string& today,
                                   int max_pages = kMaxPages);

  Result<void> add(const UsageRows& rows) override;
  Result<UsageRows> read(const UsageQuery& query) override;
  Result<void> tidy(const std::string& merge_before, const std::string& drop_before) override;

 private:
  explicit SqliteLedger(SqliteFile file) : file_(std::move(file)) {}
  static Result<std::unique_ptr<SqliteLedger>> try_to_open(const std::string& path, int max_pages);
  Result<void> set_up(int max_pages);
  Result<void> add_rows(const UsageRows& rows);
  Result<void> run_tidy(const std::string& merge_before, const std::string& drop_before);
  template <class Work>
  Result<void> in_transaction(const Work& work);

  SqliteFile file_;
  std::optional<SqliteStatement> add_;
};

}  // namespace rsip::agent
