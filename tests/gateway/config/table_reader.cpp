#include "tests/gateway/config/table_reader.h"

#include <algorithm>
#include <charconv>

namespace rsip::gateway {
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

}  // namespace

std::string place(const std::string& file, const toml::source_region& region) {
  return file + ":" + std::to_string(region.begin.line) + ":" +
         std::to_string(region.begin.column) + ": ";
}

const toml::node* TableReader::find(std::string_view key) {
  known_.emplace(key);
  return table_.get(key);
}

void TableReader::fail_at(const toml::node& node, const std::string& message, std::string hint) {
  if (error_) return;
  error_ = Error{ErrorKind::kConfigInvalid, place(file_, node.source()) + message, std::move(hint)};
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
  const auto number = node->value_exact<std::int64_t>();
  if (number && *number >= least && *number <= most) return number;
  fail_at(*node, std::string(key) + " is not a number it can be",
          "allowed: a whole number of " + std::to_string(least) + " to " + std::to_string(most));
  return {};
}

void TableReader::each_string(std::string_view key, bool as_list, const StringSink& sink) {
  const toml::node* const node = find(key);
  if (node == nullptr) return;
  const toml::array* const array = node->as_array();
  if (as_list != (array != nullptr) || (!as_list && !node->is_string())) {
    return fail_at(*node, std::string(key) + " has the wrong type",
                   as_list ? "allowed: a list of strings, like [\"10.0.0.0/8\"]"
                           : "allowed: a string in quotes");
  }
  if (!as_list) return sink(*node, node->ref<std::string>());
  for (const toml::node& element : *array) {
    if (element.is_string()) {
      sink(element, element.ref<std::string>());
    } else {
      fail_at(element, std::string(key) + " has an element that is not a string",
              "allowed: a list of strings, like [\"10.0.0.0/8\"]");
    }
  }
}

void TableReader::require(std::string_view key) {
  if (!table_.contains(key)) {
    complain(key, section_ + " has no " + std::string(key), "it is required");
  }
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

}  // namespace rsip::gateway
