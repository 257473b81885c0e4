#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "agent/discovery/lease_file.h"
#include "agent/discovery/lease_option.h"
#include "common/slp/text.h"

namespace rsip::agent {
namespace {

/// One lease { ... } while it is read.
struct OpenLease {
  std::string interface;
  LeaseHints hints;
  bool readable = true;  ///< False once its time of expiry is none.
};

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The three numbers of "2026/01/31" or "12:00:00".
std::optional<std::array<std::int64_t, 3>> read_three(std::string_view text, char separator) {
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto end = text.find(separator);
    if ((end == std::string_view::npos) != (i == 2)) return std::nullopt;
    const auto number = read_integer(text.substr(0, end));
    if (!number || *number < 0 || *number > 9999) return std::nullopt;
    numbers.at(i) = *number;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return numbers;
}

std::string_view take_word(std::string_view& text) {
  text = slp::trim(text);
  const auto word = text.substr(0, text.find_first_of(" \t"));
  text = slp::trim(text.substr(word.size()));
  return word;
}

/// "2 2026/01/31 12:00:00" in UTC, behind the day of the week.
std::optional<std::int64_t> read_date(std::string_view day, std::string_view time) {
  using namespace std::chrono;
  const auto d = read_three(day, '/');
  const auto t = read_three(time, ':');
  if (!d || !t) return std::nullopt;
  const year_month_day date(year(static_cast<int>((*d)[0])), month(static_cast<unsigned>((*d)[1])),
                            std::chrono::day(static_cast<unsigned>((*d)[2])));
  if (!date.ok()) return std::nullopt;
  return seconds(sys_days(date).time_since_epoch()).count() + (*t)[0] * 3600 + (*t)[1] * 60 +
         (*t)[2];
}

void take_expiry(OpenLease& lease, std::string_view value) {
  const auto first = take_word(value);
  if (first == "never") return;
  const auto second = take_word(value);
  lease.hints.expires = first == "epoch" ? read_integer(second) : read_date(second, value);
  lease.readable = lease.hints.expires.has_value();
}

std::optional<unsigned> option_code(std::string_view name, unsigned option) {
  if (name == "routers") return kRouterOption;
  if (name == "slp-directory-agent") return kDirectoryAgentOption;
  if (name == "slp-service-scope") return kServiceScopeOption;
  if (name == "rsip-gateway" && option != 0) return option;
  if (!name.starts_with("unknown-")) return std::nullopt;
  const auto code = read_integer(name.substr(8));
  if (!code || *code < 1 || *code > 254) return std::nullopt;
  return static_cast<unsigned>(*code);
}

void take_statement(OpenLease& lease, std::string_view statement, unsigned option) {
  const auto keyword = take_word(statement);
  if (keyword == "interface") lease.interface = option_bytes(statement);
  if (keyword == "expire") take_expiry(lease, statement);
  if (keyword != "option") return;
  const auto name = take_word(statement);
  if (const auto code = option_code(name, option)) {
    take_option(lease.hints, *code, option_bytes(statement), option);
  }
}

/// Takes the text up to the next ; { or } off the front, and that sign. Comments are left out. A
/// quoted text that does not end in its line is dropped, so that it does not swallow the rest.
std::pair<std::string, char> take_until_sign(std::string_view& text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size() && text[i + 1] != '\n') {
      out += c;
      out += text[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (c == '\n' && std::exchange(quoted, false)) out.clear();
    if (!quoted && c == '#') {
      i = std::min(text.find('\n', i), text.size() - 1);
      continue;
    }
    if (!quoted && (c == ';' || c == '{' || c == '}')) {
      text.remove_prefix(i + 1);
      return {out, c};
    }
    out += c == '\n' ? ' ' : c;
  }
  text = {};
  return {out, '\0'};
}

bool is_valid(const OpenLease& lease, std::string_view interface, std::int64_t now) {
  return lease.readable && lease.interface == interface &&
         (!lease.hints.expires || *lease.hints.expires > now);
}

}  // namespace

std::optional<LeaseHints> read_dhclient_leases(std::string_view text, std::string_view interface,
                                               unsigned option, std::int64_t now) {
  std::optional<LeaseHints> newest;
  std::optional<OpenLease> lease;
  while (!text.empty()) {
    const auto [statement, sign] = take_until_sign(text);
    if (sign == '{') lease.reset();
    if (sign == '{' && slp::trim(statement) == "lease") lease.emplace();
    if (sign == ';' && lease) take_statement(*lease, statement, option);
    if (sign != '}') continue;
    if (lease && is_valid(*lease, interface, now)) newest = std::move(lease->hints);
    lease.reset();
  }
  return newest;
}

}  // namespace rsip::agent
