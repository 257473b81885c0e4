#include "agent/cli/command/arguments.h"

#include <charconv>
#include <string_view>

namespace rsip::cli {
namespace {

constexpr std::uint32_t kYearSeconds = 366 * 24 * 3600;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

void Arguments::set(const std::string& name, std::vector<std::string> values) {
  values_[name] = std::move(values);
}

std::string Arguments::text(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? "" : found->second.front();
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::optional<std::uint32_t> Arguments::number(const std::string& name) const {
  return parse_number(text(name));
}

std::vector<std::uint32_t> Arguments::numbers(const std::string& name) const {
  std::vector<std::uint32_t> all;
  for (const std::string& word : texts(name)) all.push_back(parse_number(word).value_or(0));
  return all;
}

std::optional<std::uint32_t> Arguments::seconds(const std::string& name) const {
  return parse_duration(text(name));
}

std::optional<std::uint32_t> parse_duration(const std::string& text) {
  std::string_view digits = text;
  std::uint64_t unit = 1;
  if (text.ends_with('m')) unit = 60;
  if (text.ends_with('h')) unit = 3600;
  if (unit > 1 || text.ends_with('s')) digits.remove_suffix(1);
  const auto number = parse_number(digits);
  if (!number || *number * unit > kYearSeconds) return std::nullopt;
  return static_cast<std::uint32_t>(*number * unit);
}

}  // namespace rsip::cli
