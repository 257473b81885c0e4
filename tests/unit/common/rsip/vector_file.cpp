#include "tests/unit/common/rsip/vector_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

namespace rsip::msg {
namespace {

VectorFile load(const std::filesystem::path& path) {
  VectorFile vector{path.stem().string(), {}, false};
  std::string hex;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    if (line.starts_with("decode-only")) vector.decode_only = true;
    const bool directive = line.starts_with("decode-only") || line.starts_with("tshark");
    if (!directive) hex += line;
  }
  vector.bytes = from_hex(hex);
  return vector;
}

}  // namespace

std::vector<VectorFile> load_vectors() {
  std::vector<VectorFile> vectors;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RSIP_SOURCE_DIR) + "/tests/vectors")) {
    if (entry.path().extension() == ".vector") vectors.push_back(load(entry.path()));
  }
  std::sort(vectors.begin(), vectors.end(),
            [](const VectorFile& a, const VectorFile& b) { return a.name < b.name; });
  return vectors;
}

std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

std::vector<std::uint8_t> message_of(int type, std::string_view parameters) {
  return message_of(type, from_hex(parameters));
}

std::vector<std::uint8_t> message_of(int type, const std::vector<std::uint8_t>& parameters) {
  std::vector<std::uint8_t> bytes(4 + parameters.size());
  bytes[0] = 1;
  bytes[1] = static_cast<std::uint8_t>(type);
  bytes[2] = static_cast<std::uint8_t>(bytes.size() >> 8);
  bytes[3] = static_cast<std::uint8_t>(bytes.size());
  std::copy(parameters.begin(), parameters.end(), bytes.begin() + 4);
  return bytes;
}

std::vector<Place> places_in(const std::vector<std::uint8_t>& message) {
  std::vector<Place> places;
  for (std::size_t at = 4; at + 3 <= message.size(); at = places.back().end) {
    const std::size_t length = std::size_t{message[at + 1]} << 8 | message[at + 2];
    places.push_back({message[at], at, at + 3 + length});
  }
  return places;
}

}  // namespace rsip::msg
