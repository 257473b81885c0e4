#include "common/slp/predicate.h"

#include <algorithm>
#include <compare>

#include "common/slp/text.h"

namespace rsip::slp {
namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxNodes = 256;

tl::unexpected<Error> broken(const char* why) {
  return fail(ErrorKind::kProtocol, std::string("not an SLP predicate: ") + why);
}

bool is_opaque(std::string_view value) {
  return value.starts_with('\xFF');
}

std::strong_ordering compare(const std::string& a, const std::string& b) {
  const auto first = to_integer(a);
  const auto second = to_integer(b);
  if (first && second) return *first <=> *second;
  return a <=> b;
}

bool has_order(const std::string& value) {
  return !to_boolean(value) && !is_opaque(value);
}

/// Lower case and single spaces like fold(), but the ends of a piece between asterisks count.
std::string fold_piece(std::string_view piece) {
  const std::string framed = fold("|" + std::string(piece) + "|");
  return framed.substr(1, framed.size() - 2);
}

std::string group(char sign, const std::vector<std::string>& predicates) {
  std::string text;
  for (const std::string& predicate : predicates) text += predicate;
  return predicates.size() < 2 ? text : std::string("(") + sign + text + ")";
}

}  // namespace

/// Recursive descent over the grammar of RFC 2254 section 4.
class PredicateReader {
 public:
  explicit PredicateReader(std::string_view text) : left_(text) {}

  Result<Predicate::Node> filter(int depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) return broken("too deep or too long");
    skip_space();
    if (!take('(')) return broken("( expected");
    skip_space();
    auto node = inside(depth);
    if (!node) return node;
    if (!take(')')) return broken(") expected");
    skip_space();
    return node;
  }

  [[nodiscard]] bool at_end() const { return left_.empty(); }

 private:
  using Node = Predicate::Node;
  using Kind = Predicate::Kind;

  Result<Node> inside(int depth) {
    if (take('&')) return children(Kind::kAll, depth);
    if (take('|')) return children(Kind::kAny, depth);
    if (!take('!')) return condition();
    auto node = children(Kind::kNot, depth);
    if (node && node->children.size() != 1) return broken("! takes one condition");
    return node;
  }

  Result<Node> children(Kind kind, int depth) {
    Node node{kind, {}, {}, {}};
    skip_space();
    while (left_.starts_with('(')) {
      auto child = filter(depth + 1);
      if (!child) return child;
      node.children.push_back(std::move(*child));
    }
    if (node.children.empty()) return broken("no condition in & | or !");
    return node;
  }

  Result<Node> condition() {
    const auto equals = left_.find_first_of("=)(");
    if (equals == std::string_view::npos || left_[equals] != '=') return broken("= expected");
    std::string_view tag = left_.substr(0, equals);
    left_.remove_prefix(equals + 1);
    const Kind kind = take_sign(tag);
    const auto end = left_.find_first_of("()");
    if (end == std::string_view::npos) return broken(") expected");
    const auto value = trim(left_.substr(0, end));
    left_.remove_prefix(end);
    return make_condition(kind, trim(tag), value);
  }

  // "~=" asks for what sounds alike, which we take as equal.
  static Kind take_sign(std::string_view& tag) {
    const char sign = tag.empty() ? '=' : tag.back();
    if (sign == '>' || sign == '<' || sign == '~') tag.remove_suffix(1);
    if (sign == '>') return Kind::kAtLeast;
    return sign == '<' ? Kind::kAtMost : Kind::kEqual;
  }

  static Result<Node> make_condition(Kind kind, std::string_view raw_tag, std::string_view value) {
    const auto tag = unescape(raw_tag);
    if (!tag || tag->empty()) return broken("a condition without a tag");
    Node node{kind, fold(*tag), {}, {}};
    if (value == "*" && kind == Kind::kEqual) {
      node.kind = Kind::kPresent;
      return node;
    }
    if (value.find('*') != std::string_view::npos) {
      if (kind != Kind::kEqual) return broken("* in a comparison");
      node.kind = Kind::kSubstring;
    }
    if (!take_pieces(value, node)) return broken("a wrong escape");
    return node;
  }

  static bool take_pieces(std::string_view value, Node& node) {
    for (;;) {
      const auto star = value.find('*');
      const auto piece = unescape(value.substr(0, star));
      if (!piece) return false;
      node.pieces.push_back(node.kind == Kind::kSubstring ? fold_piece(*piece) : fold(*piece));
      if (star == std::string_view::npos) return true;
      value.remove_prefix(star + 1);
    }
  }

  bool take(char c) {
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }

  void skip_space() {
    while (!left_.empty() && trim(left_.substr(0, 1)).empty()) left_.remove_prefix(1);
  }

  std::string_view left_;
  int nodes_ = 0;
};

Result<Predicate> Predicate::parse(std::string_view text) {
  Predicate predicate;
  text = trim(text);
  if (text.empty()) return predicate;
  PredicateReader reader(text);
  auto root = reader.filter(1);
  if (!root) return tl::unexpected(root.error());
  if (!reader.at_end()) return broken("something follows it");
  predicate.root_ = std::move(*root);
  return predicate;
}

bool Predicate::matches(const AttributeList& attributes) const {
  return holds(root_, attributes);
}

bool Predicate::holds(const Node& node, const AttributeList& attributes) {
  const auto child_holds = [&attributes](const Node& child) { return holds(child, attributes); };
  const auto& children = node.children;
  if (node.kind == Kind::kAll) return std::all_of(children.begin(), children.end(), child_holds);
  if (node.kind == Kind::kAny) return std::any_of(children.begin(), children.end(), child_holds);
  if (node.kind == Kind::kNot) return !child_holds(children.front());
  const Attribute* found = attributes.find(node.tag);
  if (found == nullptr) return false;
  if (node.kind == Kind::kPresent) return true;
  return std::any_of(found->values.begin(), found->values.end(), [&node](const std::string& value) {
    return holds_for_value(node, fold(value));
  });
}

bool Predicate::holds_for_value(const Node& node, const std::string& value) {
  const std::string& wanted = node.pieces.front();
  switch (node.kind) {
    case Kind::kEqual:
      return compare(value, wanted) == 0;
    case Kind::kSubstring:
      return matches_pieces(value, node.pieces);
    case Kind::kAtLeast:
      return has_order(value) && has_order(wanted) && compare(value, wanted) >= 0;
    case Kind::kAtMost:
      return has_order(value) && has_order(wanted) && compare(value, wanted) <= 0;
    default:
      return false;
  }
}

std::string equals(std::string_view tag, std::string_view value) {
  return "(" + escape(tag) + "=" + escape(value) + ")";
}

std::string present(std::string_view tag) {
  return "(" + escape(tag) + "=*)";
}

std::string all_of(const std::vector<std::string>& predicates) {
  return group('&', predicates);
}

std::string any_of(const std::vector<std::string>& predicates) {
  return group('|', predicates);
}

std::string not_of(std::string_view predicate) {
  return "(!" + std::string(predicate) + ")";
}

}  // namespace rsip::slp
