#include "agent/cli/host/program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rsip::cli {
namespace {

constexpr int kNotInstalled = 127;  // as a shell says it

/// Users have no sbin in their path, where `ip` and `nft` are.
void use_plain_environment() {
  setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
  setenv("LC_ALL", "C", 1);
}

/// In the child: becomes the program.
[[noreturn]] void become(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  use_plain_environment();
  execvp(arguments[0], arguments.data());
  _exit(kNotInstalled);
}

int exit_code_of(pid_t child) {
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

tl::unexpected<Error> not_installed(const std::string& name) {
  return fail(ErrorKind::kNotFound, name + " is not installed");
}

/// Reads to the end of the output. False if that does not come in time.
bool read_all(int from, const ProgramLimits& limits, std::string& text) {
  const auto end = std::chrono::steady_clock::now() + limits.time;
  std::array<char, 16384> block;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd wait{from, POLLIN, 0};
    if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) == 0) return false;
    const ssize_t count = read(from, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    const std::size_t room = limits.bytes - text.size();
    text.append(block.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

void attach_output(int to, bool complaints) {
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nothing, STDIN_FILENO);
  dup2(to, STDOUT_FILENO);
  dup2(complaints ? to : nothing, STDERR_FILENO);
}

}  // namespace

Result<ProgramOutput> run_program(const std::vector<std::string>& command,
                                  const ProgramLimits& limits) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::kOther, std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  const pid_t child = fork();
  if (child == 0) {
    attach_output(ends[1], limits.complaints);
    become(command);
  }
  close(ends[1]);
  ProgramOutput output;
  const bool ended = child > 0 && read_all(ends[0], limits, output.text);
  close(ends[0]);
  if (child < 0) return fail(ErrorKind::kOther, "cannot start " + command[0]);
  if (!ended) kill(child, SIGKILL);
  output.exit_code = exit_code_of(child);
  if (!ended) return fail(ErrorKind::kTimeout, command[0] + " does not come to an end");
  if (output.exit_code == kNotInstalled) return not_installed(command[0]);
  return output;
}

Result<int> run_in_terminal(const std::vector<std::string>& command) {
  const pid_t child = fork();
  if (child < 0) return fail(ErrorKind::kOther, "cannot start " + command[0]);
  if (child == 0) become(command);
  const int code = exit_code_of(child);
  if (code == kNotInstalled) return not_installed(command[0]);
  return code;
}

}  // namespace rsip::cli
