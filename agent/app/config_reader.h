#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "common/base/result.h"

namespace rsip::agent {

/// Reads typed values out of one TOML table and remembers the first thing wrong with it, as
/// "file:line:column: ...". Keys that nobody read are reported by finish().
class ConfigReader {
 public:
  /// section   how the table is called in messages, "[[gateway]]"
  ConfigReader(const toml::table& table, std::string file, std::string section)
      : table_(table), file_(std::move(file)), section_(std::move(section)) {}

  void read(std::string_view key, std::string& value);
  void read(std::string_view key, std::string& value,
            std::initializer_list<std::string_view> allowed);
  /// Whole number within bounds.
  template <class Number>
  void read(std::string_view key, Number& value, std::int64_t least, std::int64_t most) {
    if (const auto number = whole_number(key, least, most)) value = static_cast<Number>(*number);
  }
  /// "90s", "30m", "2h", "1d".
  void read(std::string_view key, std::chrono::seconds& value, std::chrono::seconds least,
            std::chrono::seconds most);
  /// A string, or each string of an array, through Item::parse.
  template <class Item>
  void parse(std::string_view key, Item& value) {
    std::string text;
    read(key, text);
    if (!text.empty()) parse_item(key, table_.get(key), text, value);
  }
  template <class Item>
  void parse_list(std::string_view key, std::vector<Item>& values) {
    const toml::array* const array = strings(key);
    if (array == nullptr) return;
    values.clear();
    for (const toml::node& node : *array) {
      parse_item(key, &node, node.ref<std::string>(), values.emplace_back());
    }
  }
  void require(std::string_view key);

  /// Fails at a node of this table, unless something failed before.
  void fail_at(const toml::node* node, std::string message, std::string hint);

  /// The first failure, or else an unknown key.
  Result<void> finish();

 private:
  std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t least,
                                           std::int64_t most);
  const toml::array* strings(std::string_view key);
  const toml::node* known(std::string_view key);
  void wrong_type(const toml::node* node, std::string_view key, std::string_view expected);

  template <class Item>
  void parse_item(std::string_view key, const toml::node* node, const std::string& text,
                  Item& value) {
    auto parsed = Item::parse(text);
    if (parsed) {
      value = *parsed;
    } else {
      fail_at(node, std::string(key) + ": " + parsed.error().message, parsed.error().hint);
    }
  }

  const toml::table& table_;
  std::string file_;
  std::string section_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

/// "file:line:column: " of a place in a TOML file.
std::string place(std::string_view file, const toml::source_region& region);

}  // namespace rsip::agent
