#include "tests/gateway/script/json_reader.h"

namespace rsip::gateway::script {
namespace {

std::string joined(const std::set<std::string, std::less<>>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

JsonReader::JsonReader(const boost::json::value& value, std::string where)
    : object_(value.if_object()), where_(std::move(where)) {
  if (object_ == nullptr) error_ = Error{ErrorKind::kUsage, where_ + " is not an object", ""};
}

const boost::json::value* JsonReader::get(std::string_view key) {
  known_.emplace(key);
  return object_ != nullptr ? object_->if_contains(key) : nullptr;
}

std::optional<std::uint64_t> JsonReader::number(std::string_view key, std::uint64_t most) {
  const boost::json::value* const value = get(key);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code wrong;
  const auto read = value->to_number<std::uint64_t>(wrong);
  if (!wrong && value->is_number() && !value->is_double() && read <= most) return read;
  complain(key, "a whole number of 0 to " + std::to_string(most));
  return std::nullopt;
}

std::optional<std::string> JsonReader::text(std::string_view key) {
  const boost::json::value* const value = get(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* string = value->if_string()) return std::string(*string);
  complain(key, "a string");
  return std::nullopt;
}

bool JsonReader::flag(std::string_view key) {
  const boost::json::value* const value = get(key);
  if (value == nullptr) return false;
  if (const bool* const set = value->if_bool()) return *set;
  complain(key, "true or false");
  return false;
}

std::vector<boost::json::value> JsonReader::list(std::string_view key) {
  const boost::json::value* const value = get(key);
  if (value == nullptr) return {};
  const auto* const array = value->if_array();
  if (array == nullptr) return {*value};
  return {array->begin(), array->end()};
}

void JsonReader::complain(std::string_view key, const std::string& expected) {
  if (error_) return;
  error_ = Error{ErrorKind::kUsage, where_ + "." + std::string(key) + " is wrong",
                 "expected " + expected};
}

Result<void> JsonReader::finish() {
  if (error_) return tl::unexpected(*error_);
  for (const auto& member : *object_) {
    if (known_.contains(std::string_view(member.key()))) continue;
    return fail(ErrorKind::kUsage, "unknown key '" + std::string(member.key()) + "' in " + where_,
                "allowed: " + joined(known_));
  }
  return {};
}

}  // namespace rsip::gateway::script
