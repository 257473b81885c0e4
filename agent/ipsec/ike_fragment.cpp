#include "agent/ipsec/ike_fragment.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace rsip::agent {
namespace {

constexpr std::string_view kHeading =
    "# Written by rsipd: the next SPIs are those that the RSIP gateway leased.";
constexpr std::string_view kPortKey = "  port = ";
constexpr std::string_view kLastPort = "# rsipd is not running. Its IKE port was ";

tl::unexpected<Error> cannot_write(const std::string& path, int code) {
  const bool missing = code == ENOENT || code == ENOTDIR;
  const bool forbidden = code == EACCES || code == EPERM || code == EROFS;
  return fail(missing     ? ErrorKind::kNotFound
              : forbidden ? ErrorKind::kPermission
                          : ErrorKind::kOther,
              "cannot write " + path + ": " + std::strerror(code),
              missing     ? "create its folder, and include the file in strongswan.conf"
              : forbidden ? "let the agent write into its folder, or name another fragment"
                          : "");
}

/// 0 or an errno value. What may have been planted at the name is replaced, not followed.
int write_new(const std::string& path, std::string_view text) {
  unlink(path.c_str());
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (fd < 0) return errno;
  int error = fchmod(fd, 0644) == 0 ? 0 : errno;
  const ssize_t written = write(fd, text.data(), text.size());
  if (written < 0) error = errno;
  if (written >= 0 && static_cast<std::size_t>(written) != text.size()) error = ENOSPC;
  if (close(fd) != 0 && error == 0) error = errno;
  return error;
}

Result<void> replace(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  int error = write_new(temporary, text);
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  unlink(temporary.c_str());
  return cannot_write(path, error);
}

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && stop == end && port != 0 ? std::optional(port) : std::nullopt;
}

}  // namespace

std::string IkeFragment::to_text() const {
  std::string text = std::string(kHeading) + "\ncharon {\n";
  if (spis) {
    text += "  spi_min = " + spi_to_string(spis->first) +
            "\n  spi_max = " + spi_to_string(spis->last()) + "\n";
  }
  if (port) {
    text += std::string(kPortKey) + std::to_string(*port) +
            "\n  port_nat_t = " + std::to_string(*port + 1) + "\n";
  }
  return text + "}\n";
}

Result<void> write_ike_fragment(const std::string& path, const IkeFragment& fragment) {
  return replace(path, fragment.to_text());
}

Result<void> leave_ike_fragment(const std::string& path, std::optional<std::uint16_t> port) {
  if (port) return replace(path, std::string(kLastPort) + std::to_string(*port) + "\n");
  if (unlink(path.c_str()) != 0 && errno != ENOENT) return cannot_write(path, errno);
  return {};
}

bool is_ike_fragment(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) && line == kHeading;
}

std::optional<std::uint16_t> fragment_ike_port(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    for (const std::string_view key : {kPortKey, kLastPort}) {
      if (line.starts_with(key)) return port_in(std::string_view(line).substr(key.size()));
    }
  }
  return std::nullopt;
}

}  // namespace rsip::agent
