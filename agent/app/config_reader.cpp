#include "agent/app/config_reader.h"

#include <algorithm>
#include <charconv>

namespace rsip::agent {
namespace {

using std::chrono::seconds;

std::optional<seconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || number < 0 || number > 0xFFFFFFFF) return std::nullopt;
  if (unit == "s") return seconds(number);
  if (unit == "m") return seconds(number * 60);
  if (unit == "h") return seconds(number * 3600);
  if (unit == "d") return seconds(number * 86400);
  return std::nullopt;
}

template <class Range>
std::string joined(const Range& words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a section";
    default:
      return "a date or time";
  }
}

}  // namespace

std::string place(std::string_view file, const toml::source_region& region) {
  return std::string(file) + ":" + std::to_string(region.begin.line) + ":" +
         std::to_string(region.begin.column) + ": ";
}

const toml::node* ConfigReader::known(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void ConfigReader::fail_at(const toml::node* node, std::string message, std::string hint) {
  if (error_) return;
  const toml::source_region& region = node != nullptr ? node->source() : table_.source();
  error_ = Error{ErrorKind::kConfigInvalid, place(file_, region) + message, std::move(hint)};
}

void ConfigReader::wrong_type(const toml::node* node, std::string_view key,
                              std::string_view expected) {
  fail_at(node, std::string(key) + " is " + type_name(*node), "expected " + std::string(expected));
}

void ConfigReader::read(std::string_view key, std::string& value) {
  const toml::node* const node = known(key);
  if (node == nullptr) return;
  if (!node->is_string()) return wrong_type(node, key, "a string in quotes");
  value = node->ref<std::string>();
}

void ConfigReader::read(std::string_view key, std::string& value,
                        std::initializer_list<std::string_view> allowed) {
  read(key, value);
  const toml::node* const node = table_.get(key);
  if (node == nullptr || std::ranges::find(allowed, value) != allowed.end()) return;
  fail_at(node, std::string(key) + " = \"" + value + "\" is not known",
          "allowed: " + joined(allowed));
}

void ConfigReader::read(std::string_view key, seconds& value, seconds least, seconds most) {
  std::string text;
  read(key, text);
  const toml::node* const node = table_.get(key);
  if (node == nullptr) return;
  const auto duration = parse_duration(text);
  if (duration && *duration >= least && *duration <= most) {
    value = *duration;
  } else {
    fail_at(node, std::string(key) + " = \"" + text + "\" is not a time it can be",
            "allowed: " + std::to_string(least.count()) + "s to " + std::to_string(most.count()) +
                "s, written like \"90s\", \"30m\" or \"2h\"");
  }
}

std::optional<std::int64_t> ConfigReader::whole_number(std::string_view key, std::int64_t least,
                                                       std::int64_t most) {
  const toml::node* const node = known(key);
  if (node == nullptr) return std::nullopt;
  const std::string range =
      "a whole number of " + std::to_string(least) + " to " + std::to_string(most);
  if (!node->is_integer()) {
    wrong_type(node, key, range);
    return std::nullopt;
  }
  const std::int64_t number = node->ref<std::int64_t>();
  if (number >= least && number <= most) return number;
  fail_at(node, std::string(key) + " = " + std::to_string(number) + " is out of range",
          "expected " + range);
  return std::nullopt;
}

const toml::array* ConfigReader::strings(std::string_view key) {
  const toml::node* const node = known(key);
  if (node == nullptr) return nullptr;
  const toml::array* const array = node->as_array();
  if (array == nullptr || !(array->empty() || array->is_homogeneous<std::string>())) {
    wrong_type(node, key, "a list of strings");
    return nullptr;
  }
  return array;
}

void ConfigReader::require(std::string_view key) {
  if (table_.get(key) == nullptr) {
    fail_at(nullptr, section_ + " has no " + std::string(key), "it is required");
  }
}

Result<void> ConfigReader::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    fail_at(&node, "unknown key '" + std::string(key.str()) + "' in " + section_,
            "allowed: " + joined(known_));
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace rsip::agent
