#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "agent/datapath/datapath.h"
#include "agent/datapath/flow_key.h"
#include "common/base/remote_scope.h"
#include "common/base/time.h"
#include "common/packet/ipv4_packet.h"

namespace rsip::agent {

/// What became of a packet.
struct Translated {
  std::optional<DropReason> refused;  ///< Nothing: it may pass.
  SocketKey socket;                   ///< The application's, if the packet has ports.
  RemoteScope wanted;                 ///< With kNoFreePort: what a lease would have to name.
};

/// What became of the first fragments of packets, which alone have ports: later fragments follow
/// them. Small and bounded: the oldest entry makes room, but refused packets take no room from
/// accepted ones, or strangers could break the packets of others.
class FragmentTable {
 public:
  static constexpr std::size_t kEntries = 64;
  static constexpr Duration kLife = std::chrono::seconds(30);  // as Linux waits for fragments

  void remember(const packet::Ipv4Packet& first, const Translated& outcome, TimePoint now);
  /// errors   kOrphanFragment as refusal if the first fragment is not known
  [[nodiscard]] Translated find(const packet::Ipv4Packet& later, TimePoint now) const;
  /// No later fragment passes any more on the word of an earlier one.
  void forget() { accepted_ = {}; }

 private:
  /// RFC 791 section 3.2: what the fragments of one packet have in common.
  struct Key {
    Ipv4Address source, destination;
    std::uint16_t id = 0;
    std::uint8_t protocol = 0;
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    Translated outcome;
    TimePoint expires;
  };
  struct Ring {
    std::array<Entry, kEntries> entries;
    std::size_t oldest = 0;

    [[nodiscard]] const Entry* find(const Key& key) const;
    void put(const Entry& entry);
    void erase(const Key& key);
  };
  static Key key_of(const packet::Ipv4Packet& packet);

  Ring accepted_;
  Ring refused_;
};

}  // namespace rsip::agent
