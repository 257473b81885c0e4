#include "common/slp/attributes.h"

#include <algorithm>
#include <charconv>

#include "common/slp/text.h"

namespace rsip::slp {
namespace {

tl::unexpected<Error> broken(const char* why) {
  return fail(ErrorKind::kProtocol, std::string("not an SLP attribute list: ") + why);
}

std::optional<std::vector<std::string>> read_values(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view raw : split_list(text)) {
    auto value = unescape(raw);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

/// What stands between the parentheses: tag=values.
Result<Attribute> read_attribute(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return broken("no = in parentheses");
  auto tag = unescape(trim(text.substr(0, equals)));
  auto values = read_values(text.substr(equals + 1));
  if (!tag || !values) return broken("a wrong escape");
  if (tag->empty()) return broken("an attribute without a tag");
  if (values->empty()) return broken("an attribute without a value");
  return Attribute{std::move(*tag), std::move(*values)};
}

/// Takes the next attribute off the front of text.
Result<Attribute> take_attribute(std::string_view& text) {
  if (text.front() == '(') {
    const auto close = text.find(')');
    if (close == std::string_view::npos) return broken("a parenthesis is not closed");
    const auto inside = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    return read_attribute(inside);
  }
  const auto end = std::min(text.find(','), text.size());
  const auto raw = trim(text.substr(0, end));
  text.remove_prefix(end);
  if (raw.empty() || raw.find_first_of("()=") != std::string_view::npos) {
    return broken("a wrong tag");
  }
  auto tag = unescape(raw);
  if (!tag) return broken("a wrong escape");
  return Attribute{std::move(*tag), {}};
}

std::string print_attribute(const Attribute& attribute) {
  if (attribute.values.empty()) return escape(attribute.tag);
  std::vector<std::string> values;
  for (const std::string& value : attribute.values) values.push_back(escape(value));
  return "(" + escape(attribute.tag) + "=" + join_list(values) + ")";
}

std::vector<std::string> pieces_of(std::string_view pattern) {
  std::vector<std::string> pieces;
  for (;;) {
    const auto star = pattern.find('*');
    pieces.push_back(fold(unescape(pattern.substr(0, star)).value_or("")));
    if (star == std::string_view::npos) return pieces;
    pattern.remove_prefix(star + 1);
  }
}

}  // namespace

std::optional<std::int32_t> to_integer(std::string_view value) {
  const auto text = trim(value);
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> to_boolean(std::string_view value) {
  if (same_text(value, "true")) return true;
  if (same_text(value, "false")) return false;
  return std::nullopt;
}

Result<AttributeList> AttributeList::parse(std::string_view text) {
  std::vector<Attribute> attributes;
  std::size_t values = 0;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    auto attribute = take_attribute(text);
    if (!attribute) return tl::unexpected(attribute.error());
    values += attribute->values.size();
    attributes.push_back(std::move(*attribute));
    if (attributes.size() + values > 2 * kMaxListEntries) return broken("too many attributes");
    text = trim(text);
    if (text.empty()) break;
    if (text.front() != ',') return broken("no comma between attributes");
    text.remove_prefix(1);
  }
  return AttributeList(std::move(attributes));
}

std::string AttributeList::print() const {
  std::vector<std::string> texts;
  for (const Attribute& attribute : attributes_) texts.push_back(print_attribute(attribute));
  return join_list(texts);
}

const Attribute* AttributeList::find(std::string_view tag) const {
  const auto found =
      std::find_if(attributes_.begin(), attributes_.end(),
                   [wanted = fold(tag)](const Attribute& a) { return fold(a.tag) == wanted; });
  return found == attributes_.end() ? nullptr : &*found;
}

std::optional<std::int32_t> AttributeList::integer(std::string_view tag) const {
  const Attribute* found = find(tag);
  if (found == nullptr || found->values.empty()) return std::nullopt;
  return to_integer(found->values.front());
}

std::optional<bool> AttributeList::boolean(std::string_view tag) const {
  const Attribute* found = find(tag);
  if (found == nullptr || found->values.empty()) return std::nullopt;
  return to_boolean(found->values.front());
}

AttributeList AttributeList::select(std::string_view tags) const {
  const auto patterns = split_list(tags);
  if (patterns.empty()) return *this;
  std::vector<Attribute> chosen;
  for (const Attribute& attribute : attributes_) {
    const std::string tag = fold(attribute.tag);
    if (std::any_of(patterns.begin(), patterns.end(), [&tag](std::string_view pattern) {
          return matches_pieces(tag, pieces_of(pattern));
        })) {
      chosen.push_back(attribute);
    }
  }
  return AttributeList(std::move(chosen));
}

bool matches_pieces(std::string_view text, const std::vector<std::string>& pieces) {
  if (pieces.size() == 1) return text == pieces.front();
  if (!text.starts_with(pieces.front())) return false;
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const auto at = text.find(pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

}  // namespace rsip::slp
