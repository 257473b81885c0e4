#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

/// As much of SQLite as the account needs, with our errors. See UsageLedger for their kinds.
namespace rsip::agent {

class SqliteStatement;

/// An open database file.
class SqliteFile {
 public:
  /// Opens or makes it, for this user alone.
  static Result<SqliteFile> open(const std::string& path);

  /// Runs statements without parameters.
  Result<void> run(const char* sql);
  Result<SqliteStatement> prepare(const char* sql);
  /// The first column of the only row.
  Result<std::string> ask(const char* sql);
  [[nodiscard]] Error error(int code) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// A prepared statement.
class SqliteStatement {
 public:
  SqliteStatement(const SqliteFile& file, sqlite3_stmt* statement)
      : file_(&file), statement_(statement) {}

  // Parameters count from 1, columns from 0.
  SqliteStatement& bind(int parameter, std::string_view text);
  SqliteStatement& bind(int parameter, std::uint64_t number);
  /// Next row.
  ///
  /// returns  false if there is none
  Result<bool> step();
  /// To the end, for statements without rows; it can be used again then.
  Result<void> run();
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::uint64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  const SqliteFile* file_;  ///< Must outlive it and stay where it is.
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace rsip::agent
