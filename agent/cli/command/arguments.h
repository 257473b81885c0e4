#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rsip::cli {

/// What a command line says, by the names of its options. Values have passed their checks.
class Arguments {
 public:
  void set(const std::string& name, std::vector<std::string> values);

  [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
  /// The first value; empty: none.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  [[nodiscard]] std::optional<std::uint32_t> number(const std::string& name) const;
  [[nodiscard]] std::vector<std::uint32_t> numbers(const std::string& name) const;
  /// Of "90", "90s", "10m" or "2h".
  [[nodiscard]] std::optional<std::uint32_t> seconds(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// errors   nothing if it is no duration, or more than a year
std::optional<std::uint32_t> parse_duration(const std::string& text);

}  // namespace rsip::cli
