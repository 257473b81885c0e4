#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "agent/platform/socket_owners.h"

namespace rsip::fakes {

/// Knows the owners that the test gives it, by local port.
class FakeSocketOwners : public agent::SocketOwners {
 public:
  std::vector<std::optional<agent::SocketOwner>> find(
      std::span<const agent::HostSocket> sockets, std::optional<std::uint32_t> only_user) override {
    asked.assign(sockets.begin(), sockets.end());
    std::vector<std::optional<agent::SocketOwner>> found;
    for (const agent::HostSocket& socket : sockets) {
      found.emplace_back();
      for (const auto& [port, owner] : owners) {
        if (port == socket.port && owner.user == only_user.value_or(owner.user)) {
          found.back() = owner;
        }
      }
    }
    return found;
  }

  std::vector<std::pair<std::uint16_t, agent::SocketOwner>> owners;
  std::vector<agent::HostSocket> asked;  ///< Last.
};

}  // namespace rsip::fakes
