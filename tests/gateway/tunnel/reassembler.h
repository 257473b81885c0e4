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
/// (RFC 3102 section 3.1). libtins' IPv4Reassembler has no bounds and leaves the protocol out of
/// the key.
///
/// Memory and time are bounded, in all and for each sender: a sender that leaves datagrams
/// incomplete loses its own oldest one to a new one. Only if it has no other, and all memory is in
/// use, the oldest of all gives way.
class Reassembler {
 public:
  struct Limits {
    std::size_t bytes = 4U << 20;
    std::size_t datagrams = 1024;
    std::size_t sender_bytes = 512U << 10;
    std::size_t sender_datagrams = 64;
    Duration timeout = std::chrono::seconds(30);  ///< From the first fragment that came.
  };

  explicit Reassembler(Limits limits) : limits_(limits) {}

  /// Takes one fragment.
  ///
  /// sender    who is charged: the host whose tunnel it came through, or its source address on the
  ///           public side. Datagrams of different senders never mix, whatever addresses they claim
  /// returns   the whole datagram if this completes it; more_fragments and offset cleared, the rest
  ///           of its header is that of the first fragment
  std::optional<std::vector<std::uint8_t>> add(Ipv4Address sender,
                                               const packet::Ipv4Packet& fragment, TimePoint now);
  /// Gives up what has waited too long.
  void expire(TimePoint now);

  /// Datagrams given up since construction.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::size_t bytes_held() const { return bytes_; }
  [[nodiscard]] std::size_t datagrams_held() const { return datagrams_.size(); }

 private:
  struct Key {
    Ipv4Address sender;
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
  struct Sender {
    std::vector<Place> datagrams;  ///< Oldest first.
    std::size_t bytes = 0;
  };

  static std::size_t cost(const Datagram& datagram);
  Place find_or_start(const Key& key, TimePoint now);
  /// False if it contradicts what is there.
  static bool insert(Datagram& datagram, const packet::Ipv4Packet& fragment);
  static std::vector<std::uint8_t> assemble(const Datagram& datagram);
  void charge(Place place, std::size_t cost_before);
  [[nodiscard]] bool exceeds_bytes(Ipv4Address sender) const;
  /// Who gives way to this sender's fragment: its own oldest datagram, if it has more than `spared`
  /// of them or is over its limit; otherwise the oldest of all.
  Place victim(Ipv4Address sender, std::size_t spared);
  void give_up(Place place);
  void erase(Place place);

  Limits limits_;
  std::list<Datagram> datagrams_;  ///< Oldest first.
  std::unordered_map<Key, Place, KeyHash> by_key_;
  std::unordered_map<Ipv4Address, Sender> senders_;  ///< Those that have datagrams here.
  std::size_t bytes_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace rsip::gateway
