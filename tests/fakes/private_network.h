#pragma once

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace rsip::fakes {

/// Puts the test into an empty network namespace of its own, which vanishes afterwards. Skips the
/// test without the rights for that.
class PrivateNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    host_ = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "needs CAP_SYS_ADMIN for a network namespace";
    run("ip link set lo up");
  }
  void TearDown() override {
    if (host_ >= 0 && setns(host_, CLONE_NEWNET) != 0) ADD_FAILURE() << "cannot go back";
    close(host_);
  }

  /// Standard output and error of a shell command.
  static std::string run(const std::string& command) {
    std::string output;
    FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer;
    while (const std::size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
      output.append(buffer.data(), got);
    }
    pclose(pipe);
    return output;
  }

 private:
  int host_ = -1;
};

}  // namespace rsip::fakes
