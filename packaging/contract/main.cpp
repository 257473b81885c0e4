#include <filesystem>
#include <fstream>
#include <iostream>

#include "common/ipc/schema.h"

// write_contract DIR: the JSON schemas of what rsipctl prints, and rsip-contract(7).
namespace {

bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) std::cerr << "write_contract: cannot write " << path.string() << '\n';
  return static_cast<bool>(file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write_contract: name the folder to write to\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  std::error_code error;
  std::filesystem::create_directories(folder / "schema", error);
  bool written = write_file(folder / "rsip-contract.7", rsip::ipc::reference_page());
  for (const auto& [name, text] : rsip::ipc::schemas()) {
    written = write_file(folder / "schema" / name, text) && written;
  }
  return written ? 0 : 1;
}
