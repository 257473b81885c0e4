#include "agent/usage/sqlite_ledger.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>
#include <utility>

namespace rsip::agent {
namespace {

constexpr const char* kAskedToMakeRoom =
    "the agent goes on; what it cannot write is lost when it ends";

constexpr const char* kMakeTable =
    "CREATE TABLE IF NOT EXISTS usage ("
    " day TEXT NOT NULL, gateway TEXT NOT NULL, address TEXT NOT NULL, bind INTEGER NOT NULL,"
    " sent_bytes INTEGER NOT NULL, received_bytes INTEGER NOT NULL,"
    " sent_packets INTEGER NOT NULL, received_packets INTEGER NOT NULL,"
    " leased_seconds INTEGER NOT NULL,"
    " PRIMARY KEY (day, gateway, address, bind)) WITHOUT ROWID;"
    "PRAGMA user_version = 1;";
constexpr const char* kAddToRow =
    " ON CONFLICT DO UPDATE SET sent_bytes = sent_bytes + excluded.sent_bytes,"
    " received_bytes = received_bytes + excluded.received_bytes,"
    " sent_packets = sent_packets + excluded.sent_packets,"
    " received_packets = received_packets + excluded.received_packets,"
    " leased_seconds = leased_seconds + excluded.leased_seconds";
constexpr const char* kMerge =
    "INSERT INTO usage SELECT day, gateway, '', 0, sum(sent_bytes), sum(received_bytes),"
    " sum(sent_packets), sum(received_packets), sum(leased_seconds) FROM usage"
    " WHERE day < ?1 AND NOT (address = '' AND bind = 0) GROUP BY day, gateway";

/// Columns in the order of the table; what the grouping does not tell is empty, as grouped() says.
std::string report_sql(UsageBy by) {
  const char* const gateway = by == UsageBy::kDay ? "''" : "gateway";
  const bool lease = by == UsageBy::kLease;
  return std::string("SELECT day, ") + gateway + (lease ? ", address, bind" : ", '', 0") +
         ", sum(sent_bytes), sum(received_bytes), sum(sent_packets), sum(received_packets),"
         " sum(leased_seconds) FROM usage"
         " WHERE day BETWEEN ?1 AND ?2 AND (?3 = '' OR gateway = ?3)"
         " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4 LIMIT " +
         std::to_string(UsageLedger::kMaxRows);
}

Result<void> make_directory(const std::string& path) {
  if (mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) return {};
  const int why = errno;
  return fail(why == ENOSPC ? ErrorKind::kNoResources : ErrorKind::kPermission,
              "cannot make " + path + ": " + std::strerror(why),
              "state_dir in [agent] says where the account is kept");
}

/// A write-ahead log belongs to its file: in front of another one it would be garbage.
Result<void> set_aside(const std::string& path, const std::string& aside) {
  for (const char* const part : {"-wal", "-shm"}) {
    std::remove((aside + part).c_str());
    std::rename((path + part).c_str(), (aside + part).c_str());
  }
  if (std::rename(path.c_str(), aside.c_str()) == 0) return {};
  return fail(ErrorKind::kPermission, "cannot rename " + path + ": " + std::strerror(errno),
              "remove it");
}

bool is_unusable(const Error& error) {
  return error.kind == ErrorKind::kConfigInvalid;
}

Error newer_schema(const std::string& version) {
  return {ErrorKind::kConfigInvalid,
          "it was written by a newer version of this program (schema " + version + ")", ""};
}

}  // namespace

Result<OpenedLedger> SqliteLedger::open(const std::string& state_dir, const std::string& today,
                                        int max_pages) {
  if (auto made = make_directory(state_dir); !made) return tl::unexpected(made.error());
  const std::string path = state_dir + "/usage.sqlite";
  auto opened = try_to_open(path, max_pages);
  if (opened) return OpenedLedger{std::move(*opened), ""};
  if (!is_unusable(opened.error())) return tl::unexpected(opened.error());
  const std::string aside = path + ".damaged-" + today;
  const std::string why = opened.error().message;
  if (auto moved = set_aside(path, aside); !moved) return tl::unexpected(moved.error());
  opened = try_to_open(path, max_pages);
  if (!opened) return tl::unexpected(opened.error());
  return OpenedLedger{std::move(*opened),
                      "the account begins anew, its old file is " + aside + ": " + why};
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::try_to_open(const std::string& path,
                                                                int max_pages) {
  auto file = SqliteFile::open(path);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<SqliteLedger> ledger(new SqliteLedger(std::move(*file)));
  if (auto ready = ledger->set_up(max_pages); !ready) return tl::unexpected(ready.error());
  return ledger;
}

Result<void> SqliteLedger::set_up(int max_pages) {
  const std::string settings =
      "PRAGMA cache_size = -256; PRAGMA temp_store = MEMORY; PRAGMA synchronous = NORMAL;"
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 64;"
      "PRAGMA journal_size_limit = 262144; PRAGMA max_page_count = " +
      std::to_string(max_pages);
  if (auto set = file_.run(settings.c_str()); !set) return set;
  const auto sound = file_.ask("PRAGMA quick_check(1)");
  if (!sound) return tl::unexpected(sound.error());
  if (*sound != "ok") return fail(ErrorKind::kConfigInvalid, *sound);
  const auto version = file_.ask("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (std::stoll(*version) > kSchema) return tl::unexpected(newer_schema(*version));
  if (*version == "0") {
    if (auto made = in_transaction([this] { return file_.run(kMakeTable); }); !made) return made;
  }
  auto add = file_.prepare(
      (std::string("INSERT INTO usage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") + kAddToRow)
          .c_str());
  if (!add) return tl::unexpected(add.error());
  add_ = std::move(*add);
  return {};
}

template <class Work>
Result<void> SqliteLedger::in_transaction(const Work& work) {
  if (auto begun = file_.run("BEGIN IMMEDIATE"); !begun) return begun;
  Result<void> done = work();
  if (done) done = file_.run("COMMIT");
  if (!done) static_cast<void>(file_.run("ROLLBACK"));  // SQLite may have done it itself
  return done;
}

Result<void> SqliteLedger::add(const UsageRows& rows) {
  auto added = in_transaction([&] { return add_rows(rows); });
  if (!added && added.error().kind == ErrorKind::kNoResources) {
    added.error().hint = kAskedToMakeRoom;
  }
  return added;
}

Result<void> SqliteLedger::add_rows(const UsageRows& rows) {
  for (const auto& [key, amount] : rows) {
    add_->bind(1, key.day).bind(2, key.lease.gateway).bind(3, key.lease.address);
    add_->bind(4, std::uint64_t{key.lease.bind});
    add_->bind(5, amount.sent_bytes).bind(6, amount.received_bytes);
    add_->bind(7, amount.sent_packets).bind(8, amount.received_packets);
    add_->bind(9, amount.leased_seconds);
    if (auto added = add_->run(); !added) return added;
  }
  return {};
}

Result<UsageRows> SqliteLedger::read(const UsageQuery& query) {
  auto asked = file_.prepare(report_sql(query.by).c_str());
  if (!asked) return tl::unexpected(asked.error());
  asked->bind(1, query.first).bind(2, query.last).bind(3, query.gateway);
  UsageRows rows;
  for (;;) {
    const auto more = asked->step();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return rows;
    const UsageKey key{
        asked->text(0),
        {asked->text(1), asked->text(2), static_cast<std::uint32_t>(asked->number(3))}};
    rows[key] = {asked->number(4), asked->number(5), asked->number(6), asked->number(7),
                 asked->number(8)};
  }
}

Result<void> SqliteLedger::tidy(const std::string& merge_before, const std::string& drop_before) {
  return in_transaction([&] { return run_tidy(merge_before, drop_before); });
}

// Dropping first makes the room that merging may need.
Result<void> SqliteLedger::run_tidy(const std::string& merge_before,
                                    const std::string& drop_before) {
  const std::pair<std::string, const std::string&> steps[] = {
      {"DELETE FROM usage WHERE day < ?1", drop_before},
      {std::string(kMerge) + kAddToRow, merge_before},
      {"DELETE FROM usage WHERE day < ?1 AND NOT (address = '' AND bind = 0)", merge_before}};
  for (const auto& [sql, before] : steps) {
    auto statement = file_.prepare(sql.c_str());
    if (!statement) return tl::unexpected(statement.error());
    if (auto done = statement->bind(1, before).run(); !done) return done;
  }
  return {};
}

}  // namespace rsip::agent
