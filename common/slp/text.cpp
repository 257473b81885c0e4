#include "common/slp/text.h"

#include <algorithm>

namespace rsip::slp {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kReserved = "(),\\!<=>~*";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr char kOpaque = '\xFF';

bool needs_escape(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7F || kReserved.find(c) != std::string_view::npos;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_value(char c) {
  const auto at = kHexDigits.find(lower(c));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string escape(std::string_view text) {
  const bool opaque = !text.empty() && text.front() == kOpaque;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool at_an_end = i == 0 || i + 1 == text.size();
    if (!opaque && !needs_escape(c) && !(c == ' ' && at_an_end)) {
      out += c;
      continue;
    }
    const auto code = static_cast<unsigned char>(c);
    out += {'\\', kHexDigits[code >> 4], kHexDigits[code & 15]};
  }
  return out;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string fold(std::string_view text) {
  std::string out;
  for (const char c : trim(text)) {
    const bool space = kSpace.find(c) != std::string_view::npos;
    if (space && out.back() == ' ') continue;
    out += space ? ' ' : lower(c);
  }
  return out;
}

bool same_text(std::string_view a, std::string_view b) {
  return fold(a) == fold(b);
}

std::vector<std::string_view> split_list(std::string_view list) {
  std::vector<std::string_view> entries;
  while (!list.empty() && entries.size() < kMaxListEntries) {
    const auto comma = list.find(',');
    const auto entry = trim(list.substr(0, comma));
    if (!entry.empty()) entries.push_back(entry);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return entries;
}

std::string join_list(const std::vector<std::string>& entries) {
  std::string list;
  for (const std::string& entry : entries) list += (list.empty() ? "" : ",") + entry;
  return list;
}

bool scopes_meet(std::string_view a, std::string_view b) {
  const auto mine = split_list(a);
  const auto others = split_list(b);
  return std::any_of(mine.begin(), mine.end(), [&others](std::string_view scope) {
    const std::string wanted = fold(scope);
    return std::any_of(others.begin(), others.end(),
                       [&wanted](std::string_view other) { return fold(other) == wanted; });
  });
}

}  // namespace rsip::slp
