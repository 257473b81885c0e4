#include "common/config/table_reader.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rsip {
namespace {

using std::chrono::seconds;

std::optional<seconds> parse_time(std::string_view text) {
  std::int64_t number = 0;
  const char* const past = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), past, number);
  if (error != std::errc{} || number < 0 || number > 0xFFFFFFFF || past - end != 1) return {};
  switch (*end) {
    case 's':
      return seconds(number);
    case 'm':
      return seconds(number * 60);
    case 'h':
      return seconds(number * 3600);
    case 'd':
      return seconds(number * 86400);
    default:
      return {};
  }
}

template <class Words>
std::string joined(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

std::string place(const std::string& file, const toml::source_region& region) {
  return file + ":" + std::to_string(region.begin.line) + ":" +
         std::to_string(region.begin.column) + ": ";
}

bool is_printable(char c) {
  return c > ' ' && c < 0x7F;
}

const char* type_name(const toml::node& node) {
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

Result<toml::table> parse_toml(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {  // toml++ says it no other way
    return fail(ErrorKind::kConfigInvalid,
                place(file, error.source()) + std::string(error.description()),
                "see https://toml.io for the format");
  }
}

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream file(path);
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  if (!file || is_folder) {
    const ErrorKind kind = errno == EACCES ? ErrorKind::kPermission : ErrorKind::kConfigInvalid;
    return fail(kind, "cannot read " + path + ": " + std::strerror(is_folder ? EISDIR : errno),
                "name the configuration file with --config");
  }
  return std::string{std::istreambuf_iterator(file), {}};
}

tl::unexpected<Error> complain_at(const toml::node& node, const std::string& file,
                                  const std::string& message, std::string hint) {
  return fail(ErrorKind::kConfigInvalid, place(file, node.source()) + message, std::move(hint));
}

Result<void> check_sections(const toml::table& root, const std::string& file,
                            const std::vector<std::string>& allowed) {
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    const auto names = [&name](const std::string& section) {
      return section == "[" + name + "]" || section == "[[" + name + "]]";
    };
    if (std::ranges::any_of(allowed, names)) continue;
    return complain_at(node, file, "unknown section '" + name + "'", "allowed: " + joined(allowed));
  }
  return {};
}

const toml::node* TableReader::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TableReader::fail_at(const toml::node& node, const std::string& message, std::string hint) {
  if (!error_) error_ = complain_at(node, file_, message, std::move(hint)).value();
}

void TableReader::wrong_type(const toml::node& node, std::string_view key,
                             const std::string& expected) {
  fail_at(node, std::string(key) + " is " + type_name(node), "expected " + expected);
}

void TableReader::complain(std::string_view key, const std::string& message, std::string hint) {
  const toml::node* const node = find(key);
  fail_at(node != nullptr ? *node : static_cast<const toml::node&>(table_), message,
          std::move(hint));
}

void TableReader::text(std::string_view key, std::string& value) {
  each_string(key, false, [&](const toml::node&, const std::string& written) { value = written; });
}

void TableReader::one_of(std::string_view key, std::string& value,
                         const std::vector<std::string>& allowed) {
  text(key, value);
  if (std::ranges::find(allowed, value) != allowed.end()) return;
  complain(key, std::string(key) + " = \"" + value + "\" is not known",
           "allowed: " + joined(allowed));
}

void TableReader::flag(std::string_view key, bool& value) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  if (!node->is_boolean()) return wrong_type(*node, key, "true or false");
  value = node->ref<bool>();
}

void TableReader::device_name(std::string_view key, std::string& value) {
  text(key, value);
  const bool fits =
      !value.empty() && value.size() <= 15 && std::ranges::all_of(value, is_printable);
  const bool reserved = value == "all" || value == "default" || value == "lo" || value[0] == '.';
  if (fits && !reserved && value.find_first_of("/:%") == std::string::npos) return;
  complain(key, std::string(key) + " = \"" + value + "\" cannot be a device's name",
           "1 to 15 characters without space, slash, colon or %, for example \"rsip0\"");
}

void TableReader::time(std::string_view key, seconds& value, seconds least, seconds most) {
  each_string(key, false, [&](const toml::node& at, const std::string& written) {
    const auto time = parse_time(written);
    if (time && *time >= least && *time <= most) {
      value = *time;
      return;
    }
    fail_at(at, std::string(key) + " = \"" + written + "\" is not a time it can be",
            "allowed: " + std::to_string(least.count()) + "s to " + std::to_string(most.count()) +
                "s, written like \"90s\", \"30m\" or \"2h\"");
  });
}

std::optional<std::int64_t> TableReader::whole_number(std::string_view key, std::int64_t least,
                                                      std::int64_t most) {
  const toml::node* const node = find(key);
  if (node == nullptr) return {};
  return number_at(*node, key, least, most);
}

std::optional<std::int64_t> TableReader::number_at(const toml::node& node, std::string_view key,
                                                   std::int64_t least, std::int64_t most) {
  const std::string range =
      "a whole number of " + std::to_string(least) + " to " + std::to_string(most);
  if (!node.is_integer()) {
    wrong_type(node, key, range);
    return {};
  }
  const std::int64_t number = node.ref<std::int64_t>();
  if (number >= least && number <= most) return number;
  fail_at(node, std::string(key) + " = " + std::to_string(number) + " is out of range",
          "expected " + range);
  return {};
}

void TableReader::each_number(std::string_view key, std::int64_t least, std::int64_t most,
                              const std::function<void(std::int64_t)>& sink) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const toml::array* const array = node->as_array();
  if (array == nullptr) return wrong_type(*node, key, "a list of whole numbers, like [1, 2]");
  for (const toml::node& element : *array) {
    if (const auto read = number_at(element, key, least, most)) sink(*read);
  }
}

void TableReader::texts(std::string_view key, std::vector<std::string>& values) {
  if (table_.contains(key)) values.clear();
  each_string(key, true, [&](const toml::node& at, const std::string& written) {
    if (written.empty()) fail_at(at, "an element of " + std::string(key) + " is empty", "");
    values.push_back(written);
  });
}

void TableReader::each_string(std::string_view key, bool as_list, const StringSink& sink) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const toml::array* const array = node->as_array();
  constexpr const char* kList = "a list of strings, like [\"10.0.0.0/8\"]";
  if (as_list && array == nullptr) return wrong_type(*node, key, kList);
  if (!as_list && !node->is_string()) return wrong_type(*node, key, "a string in quotes");
  if (!as_list) return sink(*node, node->ref<std::string>());
  for (const toml::node& element : *array) {
    if (!element.is_string())
      return wrong_type(element, "an element of " + std::string(key), kList);
    sink(element, element.ref<std::string>());
  }
}

void TableReader::require(std::string_view key) {
  if (!table_.contains(key)) {
    complain(key, section_ + " has no " + std::string(key), "it is required");
  }
}

void TableReader::section(std::string_view key, const std::string& name,
                          const std::function<void(TableReader&)>& read) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  if (!node->is_table()) return wrong_type(*node, key, "the section " + name);
  read_section(*node->as_table(), name, read);
}

void TableReader::sections(std::string_view key, const std::string& name,
                           const std::function<void(TableReader&)>& read) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  if (!node->is_array_of_tables()) return wrong_type(*node, key, "sections " + name);
  for (const toml::node& element : *node->as_array()) {
    read_section(*element.as_table(), name, read);
  }
}

void TableReader::read_section(const toml::table& table, const std::string& name,
                               const std::function<void(TableReader&)>& read) {
  TableReader inner(table, file_, name);
  read(inner);
  const auto finished = inner.finish();
  if (!finished && !error_) error_ = finished.error();
}

Result<void> TableReader::finish() {
  for (const auto& [key, node] : table_) {
    if (known_.contains(key.str())) continue;
    fail_at(node, "unknown key '" + std::string(key.str()) + "' in " + section_,
            "allowed: " + joined(known_));
  }
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace rsip
