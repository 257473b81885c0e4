#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/base/time.h"
#include "common/packet/ipv4_packet.h"

namespace rsip::gateway {

/// Puts fragmented datagrams together, for only the first fragment says which host they are for
/// (RFC 3102 section 3.1). Memory and time are bounded: the oldest incomplete datagram gives way
/// to a new one. libtins' IPv4Reassembler has neither bound and leaves the protocol out of the key.
class Reassembler {
 public:
  struct Limits {
    std::size_t bytes = 4U << 20;
    std::size_t datagrams = 1024;
    Duration timeout = std::chrono::seconds(30);  ///< From the first fragment that came.
  };

  explicit Reassembler(Limits limits) : limits_(limits) {}

  /// Takes one fragment.
  ///
  /// via       the host whose tunnel it came through, unspecified for the public side: datagrams of
  ///           different hosts never mix, whatever addresses they claim
  /// returns   the whole datagram if this completes it; more_fragments and offset cleared, the rest
  ///           of its header is that of the first fragment
  std::optional<std::vector<std::uint8_t>> add(Ipv4Address via, const packet::Ipv4Packet& fragment,
                                               TimePoint now);
  /// Gives up what has waited too long.
  void expire(TimePoint now);

  /// Datagrams given up since construction.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::size_t bytes_held() const { return bytes_; }
  [[nodiscard]] std::size_t datagrams_held() const { return datagrams_.size(); }

 private:
  struct Key {
    Ipv4Address via;
    Ipv4Address source;
    Ipv4Address destination;
    std::uint32_t protocol_and_id = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  struct Datagram {
    Key key;
    TimePoint since;
    std::vector<std::uint8_t> header;  ///< Of the first fragment, once it is here.
    std::map<std::size_t, std::vector<std::uint8_t>> parts;  ///< By offset, disjoint.
    std::size_t bytes = 0;                                   ///< Over all parts.
    std::optional<std::size_t> total;                        ///< Known from the last fragment.
  };
  using Place = std::list<Datagram>::iterator;

  Place find_or_start(const Key& key, TimePoint now);
  /// False if it contradicts what is there.
  static bool insert(Datagram& datagram, const packet::Ipv4Packet& fragment);
  static std::vector<std::uint8_t> assemble(const Datagram& datagram);
  void give_up(Place place);
  void erase(Place place);

  Limits limits_;
  std::list<Datagram> datagrams_;  ///< Oldest first.
  std::unordered_map<Key, Place, KeyHash> by_key_;
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace rsip::gateway
