#pragma once

#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace rsip::slp {

/// One file of tests/vectors/slp; README.md there says what a line means.
struct SlpVector {
  std::string name;
  std::vector<std::uint8_t> bytes;
  bool decode_only = false;
};

inline void add_line(SlpVector& vector, const std::string& line) {
  for (std::size_t i = 0; i < line.size() && line[i] != '#';) {
    if (line[i] == '"') {
      const std::size_t end = line.find('"', i + 1);
      vector.bytes.insert(vector.bytes.end(), line.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          line.begin() + static_cast<std::ptrdiff_t>(end));
      i = end + 1;
    } else if (std::isxdigit(static_cast<unsigned char>(line[i])) != 0) {
      vector.bytes.push_back(static_cast<std::uint8_t>(std::stoi(line.substr(i, 2), nullptr, 16)));
      i += 2;
    } else {
      ++i;
    }
  }
}

inline SlpVector read_slp_vector(const std::string& name) {
  const std::string path = std::string(RSIP_SOURCE_DIR) + "/tests/vectors/slp/" + name + ".vector";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  SlpVector vector{name, {}, false};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("tshark ")) continue;
    if (line.starts_with("decode-only")) {
      vector.decode_only = true;
    } else {
      add_line(vector, line);
    }
  }
  return vector;
}

inline std::vector<std::string> slp_vector_names() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(RSIP_SOURCE_DIR) + "/tests/vectors/slp")) {
    if (entry.path().extension() == ".vector") names.push_back(entry.path().stem());
  }
  return names;
}

}  // namespace rsip::slp
