#include "agent/usage/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace rsip::agent {
namespace {

constexpr int kWaitForOthersMilliseconds = 100;

ErrorKind kind_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kInUse;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::kConfigInvalid;
    case SQLITE_FULL:
      return ErrorKind::kNoResources;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return ErrorKind::kPermission;
    default:
      return ErrorKind::kOther;
  }
}

/// So that it is nobody else's to read from the start; SQLite gives its other files the same mode.
void make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file >= 0) ::close(file);
}

}  // namespace

void SqliteFile::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<SqliteFile> SqliteFile::open(const std::string& path) {
  make_private(path);
  SqliteFile file;
  file.path_ = path;
  sqlite3* opened = nullptr;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  file.database_.reset(opened);
  if (code != SQLITE_OK) return tl::unexpected(file.error(code));
  sqlite3_busy_timeout(opened, kWaitForOthersMilliseconds);
  return file;
}

Error SqliteFile::error(int code) const {
  const char* const why =
      database_ != nullptr ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
  return {kind_of(code), path_ + ": " + why, ""};
}

Result<void> SqliteFile::run(const char* sql) {
  const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code));
  return {};
}

Result<SqliteStatement> SqliteFile::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error(code));
  return SqliteStatement(*this, statement);
}

Result<std::string> SqliteFile::ask(const char* sql) {
  auto question = prepare(sql);
  if (!question) return tl::unexpected(question.error());
  const auto answered = question->step();
  if (!answered) return tl::unexpected(answered.error());
  return *answered ? question->text(0) : std::string();
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text(statement_.get(), parameter, text.data(), static_cast<int>(text.size()),
                    SQLITE_TRANSIENT);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::uint64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, static_cast<std::int64_t>(number));
  return *this;
}

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  Error failed = file_->error(code);
  sqlite3_reset(statement_.get());
  return tl::unexpected(std::move(failed));
}

Result<void> SqliteStatement::run() {
  for (;;) {
    const auto more = step();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
  }
}

std::string SqliteStatement::text(int column) const {
  const auto* const text = sqlite3_column_text(statement_.get(), column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

std::uint64_t SqliteStatement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

}  // namespace rsip::agent
