#include "agent/discovery/lease_reader.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <limits>

namespace rsip::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 64;
constexpr std::streamoff kMaxBytes = 256 * 1024;

/// The end of a file: the newest leases stand there. Empty if it cannot be read.
std::string read_end(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return {};
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : 0;
  if (size <= 0) return {};
  std::string text(static_cast<std::size_t>(std::min(size, kMaxBytes)), '\0');
  file.seekg(size - static_cast<std::streamoff>(text.size()));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  // A lease whose beginning is cut off is not whole.
  if (size > kMaxBytes) text.erase(0, text.find("\nlease {"));
  return text;
}

/// The files of a folder whose names begin and end so, in order of their names.
std::vector<fs::path> files_in(const fs::path& folder, std::string_view begin,
                               const std::function<bool(std::string_view)>& ends_right) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.starts_with(begin) && ends_right(name)) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  found.resize(std::min(found.size(), kMaxFiles));
  return found;
}

std::vector<fs::path> dhclient_files(const LeaseQuestion& question) {
  const auto any_lease = [](std::string_view name) {
    return name.ends_with(".leases") || name.ends_with(".lease");
  };
  const auto of_interface = [&question](std::string_view name) {
    return name.ends_with("-" + question.interface + ".lease");
  };
  auto files = files_in(question.root / "var/lib/dhcp", "dhclient", any_lease);
  for (const auto& more :
       {files_in(question.root / "var/lib/dhclient", "", any_lease),
        files_in(question.root / "var/lib/NetworkManager", "dhclient-", of_interface)}) {
    files.insert(files.end(), more.begin(), more.end());
  }
  return files;
}

std::int64_t end_of(const LeaseHints& hints) {
  return hints.expires.value_or(std::numeric_limits<std::int64_t>::max());
}

std::optional<LeaseHints> newest_of_dhclient(const LeaseQuestion& question) {
  std::optional<LeaseHints> newest;
  for (const fs::path& file : dhclient_files(question)) {
    auto lease =
        read_dhclient_leases(read_end(file), question.interface, question.option, question.now);
    if (lease && (!newest || end_of(*lease) > end_of(*newest))) newest = std::move(lease);
  }
  return newest;
}

std::vector<fs::path> key_value_files(const LeaseQuestion& question) {
  const std::string index = std::to_string(question.interface_index);
  std::vector<fs::path> files = {question.root / "run/systemd/netif/leases" / index,
                                 question.root / "run/NetworkManager/devices" / index};
  const auto own = files_in(question.root / "var/lib/NetworkManager", "internal-",
                            [&question](std::string_view name) {
                              return name.ends_with("-" + question.interface + ".lease");
                            });
  files.insert(files.end(), own.begin(), own.end());
  return files;
}

void fill_gaps(LeaseHints& hints, const std::optional<LeaseHints>& more) {
  if (!more) return;
  if (hints.gateways.empty()) hints.gateways = more->gateways;
  if (hints.directory_agents.empty()) hints.directory_agents = more->directory_agents;
  if (hints.scopes.empty()) hints.scopes = more->scopes;
  if (!hints.router) hints.router = more->router;
}

}  // namespace

LeaseHints read_leases(const LeaseQuestion& question) {
  LeaseHints hints;
  if (question.interface.empty()) return hints;
  for (const fs::path& file : key_value_files(question)) {
    fill_gaps(hints, read_key_value_lease(read_end(file), question.option, question.now));
  }
  fill_gaps(hints, newest_of_dhclient(question));
  return hints;
}

}  // namespace rsip::agent
