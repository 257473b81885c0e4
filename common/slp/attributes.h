#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace rsip::slp {

/// One attribute (RFC 2608 section 5). Tag and values are not escaped here.
struct Attribute {
  std::string tag;
  std::vector<std::string> values;  ///< None: a keyword, which is only there or not.
  bool operator==(const Attribute&) const = default;
};

/// A value as a number; none if it is not written as a 32 bit integer.
std::optional<std::int32_t> to_integer(std::string_view value);
/// A value as "true" or "false" in any case; none if it is neither.
std::optional<bool> to_boolean(std::string_view value);

/// The attributes of one service.
class AttributeList {
 public:
  AttributeList() = default;
  explicit AttributeList(std::vector<Attribute> attributes) : attributes_(std::move(attributes)) {}

  /// Reads "(tag=value,value),keyword".
  ///
  /// errors   kProtocol for unbalanced parentheses, a wrong escape, an empty tag, or more than
  ///          2 * kMaxListEntries attributes and values
  static Result<AttributeList> parse(std::string_view text);
  [[nodiscard]] std::string print() const;

  /// Case does not matter in tags; none if there is no such attribute.
  [[nodiscard]] const Attribute* find(std::string_view tag) const;
  /// The first value, if it is one of that type.
  [[nodiscard]] std::optional<std::int32_t> integer(std::string_view tag) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view tag) const;

  /// Those that a tag list names: exact tags, or patterns with * (section 10.3). An empty list
  /// names all.
  [[nodiscard]] AttributeList select(std::string_view tags) const;

  [[nodiscard]] const std::vector<Attribute>& all() const { return attributes_; }
  bool operator==(const AttributeList&) const = default;

 private:
  std::vector<Attribute> attributes_;
};

/// True if text is what a pattern says in which each * stands for any text; both are folded
/// already. The pieces are those between the asterisks.
bool matches_pieces(std::string_view text, const std::vector<std::string>& pieces);

}  // namespace rsip::slp
