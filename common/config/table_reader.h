#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "common/base/result.h"

namespace rsip {

/// TOML text to a table.
///
/// file      stands for the text in messages
/// errors    kConfigInvalid "file:line:column: ..."
Result<toml::table> parse_toml(std::string_view text, const std::string& file);

/// errors    kConfigInvalid or kPermission naming the file
Result<std::string> read_text_file(const std::string& path);

/// A failure at a place of a TOML file: "file:line:column: message".
tl::unexpected<Error> complain_at(const toml::node& node, const std::string& file,
                                  const std::string& message, std::string hint);

/// errors   kConfigInvalid at the first section of root that is not one of these
Result<void> check_sections(const toml::table& root, const std::string& file,
                            const std::vector<std::string>& allowed);

/// Reads one section of a configuration file into values. The first thing that is wrong is
/// remembered; keys that are absent leave the value as it is.
class TableReader {
 public:
  /// section   as messages call it, "[lease]"
  TableReader(const toml::table& table, std::string file, std::string section)
      : table_(table), file_(std::move(file)), section_(std::move(section)) {}

  void text(std::string_view key, std::string& value);
  void one_of(std::string_view key, std::string& value, const std::vector<std::string>& allowed);
  template <class Number>
  void number(std::string_view key, Number& value, std::int64_t least, std::int64_t most) {
    if (const auto read = whole_number(key, least, most)) value = static_cast<Number>(*read);
  }
  /// A list of whole numbers.
  template <class Number>
  void numbers(std::string_view key, std::vector<Number>& values, std::int64_t least,
               std::int64_t most) {
    if (table_.contains(key)) values.clear();
    each_number(key, least, most,
                [&](std::int64_t read) { values.push_back(static_cast<Number>(read)); });
  }
  /// true or false.
  void flag(std::string_view key, bool& value);
  /// A list of strings, none of them empty.
  void texts(std::string_view key, std::vector<std::string>& values);
  /// The name of a network device: 1 to 15 characters.
  void device_name(std::string_view key, std::string& value);
  /// Written "90s", "30m", "2h" or "1d".
  void time(std::string_view key, std::chrono::seconds& value, std::chrono::seconds least,
            std::chrono::seconds most);
  /// A string, or each string of a list, through Item::parse.
  template <class Item>
  void item(std::string_view key, Item& value) {
    each_string(key, false, [&](const toml::node& at, const std::string& written) {
      parse(key, at, written, value);
    });
  }
  template <class Item>
  void list(std::string_view key, std::vector<Item>& values) {
    if (table_.contains(key)) values.clear();
    each_string(key, true, [&](const toml::node& at, const std::string& written) {
      parse(key, at, written, values.emplace_back());
    });
  }
  void require(std::string_view key);
  /// A section within this one, if it is there.
  ///
  /// name   as messages call it, "[gateway.ipsec]"
  void section(std::string_view key, const std::string& name,
               const std::function<void(TableReader&)>& read);
  /// Each section of that name, if there are any: "[[gateway.ipsec.connection]]".
  void sections(std::string_view key, const std::string& name,
                const std::function<void(TableReader&)>& read);

  /// Says that the value of key (or the section, if it has no such key) is wrong.
  void complain(std::string_view key, const std::string& message, std::string hint);

  /// What was wrong first; else the first key that nothing has read.
  Result<void> finish();

 private:
  using StringSink = std::function<void(const toml::node&, const std::string&)>;

  const toml::node* find(std::string_view key);
  void read_section(const toml::table& table, const std::string& name,
                    const std::function<void(TableReader&)>& read);
  std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t least,
                                           std::int64_t most);
  std::optional<std::int64_t> number_at(const toml::node& node, std::string_view key,
                                        std::int64_t least, std::int64_t most);
  void each_number(std::string_view key, std::int64_t least, std::int64_t most,
                   const std::function<void(std::int64_t)>& sink);
  void each_string(std::string_view key, bool as_list, const StringSink& sink);
  void wrong_type(const toml::node& node, std::string_view key, const std::string& expected);
  void fail_at(const toml::node& node, const std::string& message, std::string hint);

  template <class Item>
  void parse(std::string_view key, const toml::node& at, const std::string& written, Item& value) {
    auto parsed = Item::parse(written);
    if (parsed) {
      value = *parsed;
    } else {
      fail_at(at, std::string(key) + ": " + parsed.error().message, parsed.error().hint);
    }
  }

  const toml::table& table_;
  std::string file_;
  std::string section_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

}  // namespace rsip
