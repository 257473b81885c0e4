#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rsip::slp {

/// Most entries that are read out of one list; the rest is left out.
inline constexpr std::size_t kMaxListEntries = 256;

/// Text with the reserved characters ( ) , \ ! < = > ~ * , control characters, and spaces at its
/// ends as "\2c" (RFC 2608 section 5). A value that begins with the byte FF is opaque: all its
/// bytes are escaped.
std::string escape(std::string_view text);

/// The text that escape() was given; none if a backslash is not followed by two hex digits.
std::optional<std::string> unescape(std::string_view text);

/// Without white space at its ends.
std::string_view trim(std::string_view text);

/// As texts are compared (section 6.4): letters in lower case, runs of white space as one space,
/// none at the ends. Only ASCII letters have a case here.
std::string fold(std::string_view text);

bool same_text(std::string_view a, std::string_view b);

/// The entries of a comma separated list, trimmed and not unescaped; empty ones are left out.
std::vector<std::string_view> split_list(std::string_view list);

std::string join_list(const std::vector<std::string>& entries);

/// True if two lists of scopes have one in common (section 6.4.1).
bool scopes_meet(std::string_view a, std::string_view b);

}  // namespace rsip::slp
