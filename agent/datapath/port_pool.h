#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

namespace rsip::agent {

/// Leased ports in the number space of one protocol: which are free, those that were never used
/// first, then the least recently used. Taking and giving back does not allocate.
class PortPool {
 public:
  PortPool() = default;
  PortPool(const PortPool&) = delete;
  PortPool& operator=(const PortPool&) = delete;

  /// A free port, or one that was withdrawn and is still taken. Once per port.
  void add(std::uint16_t port);
  /// No flow can take it any more. A taken port stays taken until it is given back, and then goes
  /// away.
  void withdraw(std::uint16_t port);

  [[nodiscard]] bool is_free(std::uint16_t port) const;

  /// Takes a port that is_free().
  void take(std::uint16_t port);
  /// Takes the first free port that suits; nothing if none does.
  template <class Suits>
  std::optional<std::uint16_t> take_any(const Suits& suits) {
    for (const std::list<std::uint16_t>* free : {&unused_, &used_}) {
      const auto found = std::ranges::find_if(*free, suits);
      if (found == free->end()) continue;
      const std::uint16_t port = *found;
      take(port);
      return port;
    }
    return std::nullopt;
  }
  /// Frees a port; one that was not taken from here is ignored.
  void give_back(std::uint16_t port);

 private:
  struct Port {
    std::list<std::uint16_t>* list = nullptr;  ///< One of the three below.
    std::list<std::uint16_t>::iterator place;
    bool leased = true;
  };
  void move(Port& port, std::list<std::uint16_t>& to);
  void erase(std::unordered_map<std::uint16_t, Port>::iterator port);

  std::list<std::uint16_t> unused_;  ///< In the order they came.
  std::list<std::uint16_t> used_;    ///< Free again, least recently used first.
  std::list<std::uint16_t> taken_;
  std::unordered_map<std::uint16_t, Port> ports_;
};

}  // namespace rsip::agent
