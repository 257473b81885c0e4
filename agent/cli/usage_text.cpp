#include "agent/cli/usage_text.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "agent/cli/status_text.h"
#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

using Rows = std::vector<ipc::UsageRow>;

/// A column of the table for people.
struct Column {
  const char* title;
  std::string (*cell)(const ipc::UsageRow& row);
};

// Rows of days long past have neither address nor bind.
std::string lease_cell(const ipc::UsageRow& row) {
  if (row.address.empty() && row.bind == 0) return "-";
  return (row.address.empty() ? "?" : row.address) + " bind " + std::to_string(row.bind);
}

std::vector<Column> columns_for(const Rows& rows) {
  std::vector<Column> columns{{"DAY", [](const ipc::UsageRow& row) { return row.day; }}};
  const bool gateways = std::ranges::any_of(rows, [](const auto& r) { return !r.gateway.empty(); });
  const bool leases = std::ranges::any_of(rows, [](const auto& r) { return r.bind != 0; });
  if (gateways) columns.push_back({"GATEWAY", [](const auto& row) { return row.gateway; }});
  if (leases) columns.push_back({"LEASE", lease_cell});
  columns.push_back({"SENT", [](const auto& row) { return human_bytes(row.sent_bytes); }});
  columns.push_back({"RECEIVED", [](const auto& row) { return human_bytes(row.received_bytes); }});
  columns.push_back({"LEASED", [](const auto& row) { return human_hours(row.leased_seconds); }});
  return columns;
}

std::vector<std::string> cells(const std::vector<Column>& columns, const ipc::UsageRow& row) {
  std::vector<std::string> texts;
  texts.reserve(columns.size());
  for (const Column& column : columns) texts.push_back(column.cell(row));
  return texts;
}

ipc::UsageRow total_of(const Rows& rows) {
  ipc::UsageRow total;
  total.day = "Total";
  for (const ipc::UsageRow& row : rows) {
    total.sent_bytes += row.sent_bytes;
    total.received_bytes += row.received_bytes;
    total.leased_seconds += row.leased_seconds;
  }
  return total;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::string human_hours(std::uint64_t seconds) {
  // Less than six minutes would be "0.0 h", as if there had been nothing.
  if (seconds < 360) return human_seconds(static_cast<std::uint32_t>(seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%.1f h", static_cast<double>(seconds) / 3600);
  return text;
}

std::string usage_text(const ipc::Usage& usage) {
  if (usage.rows.empty()) return "Nothing was leased in that time.\n";
  const std::vector<Column> columns = columns_for(usage.rows);
  std::vector<std::vector<std::string>> table(1);
  for (const Column& column : columns) table[0].push_back(column.title);
  for (const ipc::UsageRow& row : usage.rows) table.push_back(cells(columns, row));
  table.push_back(cells(columns, total_of(usage.rows)));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].cell == lease_cell) table.back()[i].clear();
  }
  return table_text(table);
}

std::string usage_csv(const ipc::Usage& usage) {
  std::string text =
      "day,gateway,address,bind,sent_bytes,received_bytes,sent_packets,received_packets,"
      "leased_seconds\r\n";
  for (const ipc::UsageRow& row : usage.rows) {
    text += csv_field(row.day) + ',' + csv_field(row.gateway) + ',' + csv_field(row.address) + ',';
    if (row.bind != 0) text += std::to_string(row.bind);
    for (const std::uint64_t number : {row.sent_bytes, row.received_bytes, row.sent_packets,
                                       row.received_packets, row.leased_seconds}) {
      text += ',' + std::to_string(number);
    }
    text += "\r\n";
  }
  return text;
}

std::string usage_warning_text(const ipc::Usage& usage) {
  return usage.warning.empty() ? "" : "Warning: " + usage.warning + '\n';
}

}  // namespace rsip::cli
