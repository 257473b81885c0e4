#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "common/base/result.h"

namespace rsip::gateway::script {

/// Reads the keys of a JSON object. The first thing that is wrong is remembered; keys that are
/// absent give nothing.
class JsonReader {
 public:
  /// where   as messages call the object, "do"
  JsonReader(const boost::json::value& value, std::string where);

  const boost::json::value* get(std::string_view key);
  std::optional<std::uint64_t> number(std::string_view key, std::uint64_t most);
  std::optional<std::string> text(std::string_view key);
  bool flag(std::string_view key);
  /// The elements of a list; a value that is no list counts as one element.
  std::vector<boost::json::value> list(std::string_view key);

  void complain(std::string_view key, const std::string& expected);
  /// What was wrong first; else the first key that nothing has asked for.
  Result<void> finish();

 private:
  const boost::json::object* object_;
  std::string where_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

}  // namespace rsip::gateway::script
