#include "agent/cli/program.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace rsip::cli {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

}  // namespace

Error become(const std::vector<std::string>& words) {
  execvp(words.front().c_str(), pointers(words).data());
  return {ErrorKind::kOther, "cannot start " + words.front() + ": " + std::strerror(errno), ""};
}

std::string find_rsipd() {
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto& place : {own / "rsipd", own.parent_path() / "sbin" / "rsipd"}) {
    if (!error && access(place.c_str(), X_OK) == 0) return place;
  }
  return access("/usr/sbin/rsipd", X_OK) == 0 ? "/usr/sbin/rsipd" : "rsipd";
}

}  // namespace rsip::cli
