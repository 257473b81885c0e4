#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/slp/attributes.h"

namespace rsip::slp {

/// A search filter: what a service request asks of a service's attributes (RFC 2608 section 8.1,
/// RFC 2254).
class Predicate {
 public:
  /// Matches everything, as an empty text does.
  Predicate() = default;

  /// Reads "(&(tag=value)(!(tag>=3)))". Nested at most 16 deep, at most 256 conditions.
  ///
  /// errors   kProtocol saying what is wrong with it
  static Result<Predicate> parse(std::string_view text);

  /// Whether a service with these attributes is meant. Case and repeated white space do not
  /// matter. Numbers are compared as numbers if both sides are some, otherwise as texts; <= and >=
  /// are never true of booleans and opaque values. A condition on an attribute that is not there,
  /// or on a keyword's value, is not true.
  [[nodiscard]] bool matches(const AttributeList& attributes) const;

 private:
  friend class PredicateReader;

  enum class Kind { kAll, kAny, kNot, kPresent, kEqual, kSubstring, kAtLeast, kAtMost };

  struct Node {
    Kind kind = Kind::kAll;
    std::string tag;
    std::vector<std::string> pieces;  ///< Folded; one, or those between the asterisks.
    std::vector<Node> children;
  };

  static bool holds(const Node& node, const AttributeList& attributes);
  static bool holds_for_value(const Node& node, const std::string& value);

  Node root_;  ///< kAll without children: always true.
};

/// "(tag=value)" with what is reserved escaped.
std::string equals(std::string_view tag, std::string_view value);
std::string present(std::string_view tag);
/// "(&...)", "(|...)" or the single one alone; empty if there is none.
std::string all_of(const std::vector<std::string>& predicates);
std::string any_of(const std::vector<std::string>& predicates);
std::string not_of(std::string_view predicate);

}  // namespace rsip::slp
