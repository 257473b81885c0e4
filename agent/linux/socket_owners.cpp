#include "agent/linux/socket_owners.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <pwd.h>
#include <set>
#include <string>
#include <unistd.h>
#include <unordered_map>
#include <vector>

#include "agent/linux/socket_table.h"

namespace rsip::agent {
namespace {

namespace fs = std::filesystem;

/// Open files looked at per call: what a busy desktop has, in some tenths of a second.
constexpr std::size_t kMostOpenFiles = 100'000;
constexpr std::size_t kMostUserEntryBytes = 1 << 16;

/// How well a socket fits a packet of another; 0: not at all.
int fit(const HostSocket& socket, const HostSocket& packet) {
  if (socket.protocol != packet.protocol || socket.port != packet.port) return 0;
  if (!socket.local.is_unspecified() && socket.local != packet.local) return 0;
  if (!socket.remote.is_unspecified()) {
    return socket.remote == packet.remote && socket.remote_port == packet.remote_port ? 3 : 0;
  }
  return socket.local.is_unspecified() ? 1 : 2;
}

const KernelSocket* best_of(const std::vector<KernelSocket>& sockets, const HostSocket& packet) {
  const auto best = std::ranges::max_element(
      sockets, {}, [&](const KernelSocket& socket) { return fit(socket.name, packet); });
  return best == sockets.end() || fit(best->name, packet) == 0 ? nullptr : &*best;
}

std::string name_of(std::uint32_t user) {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(1024);
  while (getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == ERANGE &&
         buffer.size() < kMostUserEntryBytes) {
    buffer.resize(buffer.size() * 2);
  }
  return found != nullptr ? found->pw_name : std::to_string(user);
}

/// "socket:[12345]"; 0: some other file.
std::uint64_t inode_of(const fs::path& open_file) {
  constexpr std::string_view kBegin = "socket:[";
  std::array<char, 64> target{};
  const ssize_t length = readlink(open_file.c_str(), target.data(), target.size());
  const std::string_view text(target.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  std::uint64_t inode = 0;
  if (!text.starts_with(kBegin)) return 0;
  std::from_chars(text.data() + kBegin.size(), text.data() + text.size(), inode);
  return inode;
}

/// A process may call itself whatever it likes.
std::string program_of(const fs::path& process) {
  std::string name;
  std::ifstream file(process / "comm");
  std::getline(file, name);
  std::ranges::replace_if(name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

std::uint32_t number_of(const fs::path& process) {
  const std::string text = process.filename();
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

/// Looks for the processes that have sockets open.
class ProcessSearch {
 public:
  struct Process {
    std::uint32_t number = 0;
    std::string program;
  };

  /// inodes   of the sockets; those that are found are taken out
  explicit ProcessSearch(std::set<std::uint64_t> inodes) : inodes_(std::move(inodes)) {}

  std::unordered_map<std::uint64_t, Process> search() {
    std::error_code ignored;
    for (fs::directory_iterator entry("/proc", ignored), end; entry != end;
         entry.increment(ignored)) {
      if (inodes_.empty() || looked_at_ >= kMostOpenFiles || ignored) break;
      if (number_of(entry->path()) != 0) look_into(entry->path());
    }
    return std::move(found_);
  }

 private:
  void look_into(const fs::path& process) {
    std::error_code ignored;
    for (fs::directory_iterator file(process / "fd", ignored), end; !ignored && file != end;
         file.increment(ignored)) {
      if (++looked_at_ >= kMostOpenFiles) return;
      const std::uint64_t inode = inode_of(file->path());
      if (inode == 0 || inodes_.erase(inode) == 0) continue;
      found_[inode] = {number_of(process), program_of(process)};
    }
  }

  std::set<std::uint64_t> inodes_;
  std::unordered_map<std::uint64_t, Process> found_;
  std::size_t looked_at_ = 0;
};

/// The kernel's sockets that these are.
std::vector<std::optional<KernelSocket>> match(std::span<const HostSocket> sockets,
                                               std::optional<std::uint32_t> only_user) {
  std::set<SocketPort> ports;
  for (const HostSocket& socket : sockets) ports.insert({socket.protocol, socket.port});
  std::map<SocketPort, std::vector<KernelSocket>> known;
  for (const KernelSocket& socket : list_sockets(ports)) {
    known[{socket.name.protocol, socket.name.port}].push_back(socket);
  }
  std::vector<std::optional<KernelSocket>> matches;
  for (const HostSocket& socket : sockets) {
    const auto* const best = best_of(known[{socket.protocol, socket.port}], socket);
    const bool wanted = best != nullptr && (!only_user || best->user == *only_user);
    matches.push_back(wanted ? std::optional(*best) : std::nullopt);
  }
  return matches;
}

}  // namespace

std::vector<std::optional<SocketOwner>> LinuxSocketOwners::find(
    std::span<const HostSocket> sockets, std::optional<std::uint32_t> only_user) {
  const auto matches = match(sockets, only_user);
  std::set<std::uint64_t> inodes;
  for (const auto& match : matches) {
    if (match) inodes.insert(match->inode);
  }
  const auto processes = ProcessSearch(std::move(inodes)).search();
  std::map<std::uint32_t, std::string> names;
  std::vector<std::optional<SocketOwner>> owners(sockets.size());
  for (std::size_t i = 0; i < matches.size(); ++i) {
    if (!matches[i]) continue;
    const std::uint32_t user = matches[i]->user;
    if (!names.contains(user)) names[user] = name_of(user);
    owners[i] = SocketOwner{user, names[user], 0, ""};
    const auto process = processes.find(matches[i]->inode);
    if (process == processes.end()) continue;
    owners[i]->process = process->second.number;
    owners[i]->program = process->second.program;
  }
  return owners;
}

}  // namespace rsip::agent
