#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace rsip::msg {

/// One file of tests/vectors; its README.md has the format.
struct VectorFile {
  std::string name;  ///< Of the file, without its ending.
  std::vector<std::uint8_t> bytes;
  bool decode_only = false;
};

inline void PrintTo(const VectorFile& vector, std::ostream* out) {
  *out << vector.name;
}

/// All of them, sorted by name.
std::vector<VectorFile> load_vectors();

/// "04 0004 00000001" to bytes; spaces anywhere.
std::vector<std::uint8_t> from_hex(std::string_view text);

/// A message of this type from the hex of its parameters; the overall length is filled in.
std::vector<std::uint8_t> message_of(int type, std::string_view parameters);
std::vector<std::uint8_t> message_of(int type, const std::vector<std::uint8_t>& parameters);

/// Type and place of a parameter in well-formed bytes.
struct Place {
  std::uint8_t type;
  std::size_t begin;
  std::size_t end;
};
std::vector<Place> places_in(const std::vector<std::uint8_t>& message);

}  // namespace rsip::msg
