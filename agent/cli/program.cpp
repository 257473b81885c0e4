#include "agent/cli/program.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace rsip::cli {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

constexpr int kNotFound = 127;  // as shells say it

std::string read_all(int descriptor) {
  std::string text;
  char chunk[4096];
  for (ssize_t count; (count = read(descriptor, chunk, sizeof chunk)) != 0;) {
    if (count < 0 && errno != EINTR) break;
    if (count > 0) text.append(chunk, static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

Error become(const std::vector<std::string>& words) {
  execvp(words.front().c_str(), pointers(words).data());
  return {ErrorKind::kOther, "cannot start " + words.front() + ": " + std::strerror(errno), ""};
}

Result<Ended> run_program(const std::vector<std::string>& words) {
  int ends[2];
  if (pipe(ends) != 0) return fail(ErrorKind::kOther, "no pipe can be made");
  const auto arguments = pointers(words);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    execvp(arguments.front(), arguments.data());
    _exit(kNotFound);
  }
  close(ends[1]);
  Ended ended{0, child > 0 ? read_all(ends[0]) : ""};
  close(ends[0]);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (child > 0 && ended.code != kNotFound) return ended;
  return fail(ErrorKind::kOther, "cannot start " + words.front(), "is it installed?");
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
