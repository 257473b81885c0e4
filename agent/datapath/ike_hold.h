#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "agent/datapath/datapath.h"
#include "common/base/time.h"
#include "common/packet/ipv4_packet.h"
#include "common/packet/offload.h"

namespace rsip::agent {

/// What makes an IKE message the same one when it is sent again.
struct IkeMessageKey {
  Ipv4Address local;
  Ipv4Address remote;
  std::array<std::uint8_t, 16> cookies{};  ///< Initiator's and responder's SPI.
  std::uint32_t message_id = 0;
  std::uint32_t fragment = 0;  ///< Of RFC 7383; 0: not cut.
  bool operator==(const IkeMessageKey&) const = default;
};

/// The key of an IKE message that may tell the peer a new SPI: Quick Mode of IKEv1 (RFC 2409),
/// IKE_AUTH and CREATE_CHILD_SA of IKEv2 (RFC 7296). From any port, with the marker of RFC 3948 or
/// without. Nothing for every other packet.
///
/// packet   whole or a first fragment
std::optional<IkeMessageKey> announces_spi(const packet::Ipv4Packet& packet);

/// IKE messages that wait until the SPI they announce is leased. Others pass them by. A message
/// that is sent again takes the place of the one that waits.
class IkeHolds {
 public:
  static constexpr std::size_t kMost = 64;    ///< Messages.
  static constexpr std::size_t kPieces = 48;  ///< IP fragments of one message.
  static constexpr Duration kPatience = std::chrono::milliseconds(3500);  // sent again after 4 s

  struct Piece {
    packet::Offload offload;
    std::vector<std::uint8_t> bytes;
  };
  struct Message {
    std::uint64_t id = 0;
    IkeMessageKey key;
    std::vector<Piece> pieces;  ///< More than one: IP fragments, in the order of their coming.
    TimePoint since;
  };

  /// ike_held   see DatapathEvents; may be empty
  explicit IkeHolds(std::function<void(IkeHold)> ike_held) : ike_held_(std::move(ike_held)) {}

  /// Holds the packet if it is such a message, or a later fragment of one that waits.
  ///
  /// returns  true if it is held, or lost
  bool take(const packet::Ipv4Packet& packet, const packet::Offload& offload, TimePoint now);
  /// Messages that found no room since the last call: whoever sent them sends them again.
  [[nodiscard]] std::size_t take_lost();
  /// The message of that id, which waits no more.
  std::optional<Message> release(std::uint64_t id);
  std::deque<Message> release_all();
  /// Drops those that have waited for too long.
  ///
  /// returns  how many
  std::size_t expire(TimePoint now);
  [[nodiscard]] bool empty() const { return messages_.empty(); }

 private:
  bool take_later_fragment(const packet::Ipv4Packet& packet, const packet::Offload& offload);

  std::function<void(IkeHold)> ike_held_;
  std::deque<Message> messages_;  ///< Oldest first.
  std::uint64_t last_id_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace rsip::agent
