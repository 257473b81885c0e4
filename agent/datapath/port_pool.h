#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/port_range.h"

namespace rsip::agent {

/// The leased ports of one address in the number space of one protocol: which are free, the least
/// recently used first. Taking and giving back does not allocate.
class PortPool {
 public:
  /// Makes exactly these ports the leased ones. New ports are free and come first. A taken port
  /// that is no longer leased stays taken until it is given back, and then goes away.
  void set_leased(const std::vector<PortRange>& ports);

  [[nodiscard]] bool is_leased(std::uint16_t port) const;
  [[nodiscard]] bool is_free(std::uint16_t port) const;

  /// Takes a port that is_free().
  void take(std::uint16_t port);
  /// Takes the least recently used free port that suits; nothing if none does.
  template <class Suits>
  std::optional<std::uint16_t> take_any(const Suits& suits) {
    const auto found = std::ranges::find_if(free_, suits);
    if (found == free_.end()) return std::nullopt;
    const std::uint16_t port = *found;
    take(port);
    return port;
  }
  /// Frees a port; one that was not taken from here is ignored.
  void give_back(std::uint16_t port);

 private:
  struct Port {
    std::list<std::uint16_t>::iterator place;  ///< In free_ or taken_.
    bool free = true;
    bool leased = true;
  };

  std::list<std::uint16_t> free_;  ///< Least recently used first.
  std::list<std::uint16_t> taken_;
  std::unordered_map<std::uint16_t, Port> ports_;
};

}  // namespace rsip::agent
