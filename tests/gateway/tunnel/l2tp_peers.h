#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/time.h"
#include "common/packet/encapsulation.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/tunnel/answers.h"

namespace rsip::gateway {

/// The host's end of a tunnel, as the outer header says it.
struct TunnelPeer {
  Ipv4Address address;
  std::uint16_t port = 0;      ///< L2TP alone, as the two below.
  packet::TunnelIds ids = {};  ///< The same in both directions.
  bool operator==(const TunnelPeer&) const = default;
};

/// Where the hosts of L2TP tunnels are: behind an address translator the gateway knows the outer
/// port only from what came from it. Bounded by the number of registered hosts.
class L2tpPeers {
 public:
  /// Recognises the host by its tunnel id, and remembers port and session to answer to.
  ///
  /// from      what the outer header says
  /// returns   nullptr unless tunnel id and outer address belong to the same registered host, and
  ///           the session to one of its binds, now or when it was first used
  const DemuxTable::Host* recognise(const DemuxTable& table, const TunnelPeer& from, TimePoint now);

  /// Where the host was seen last; nothing before its first packet.
  [[nodiscard]] std::optional<TunnelPeer> find(const DemuxTable::Host& host) const;

  /// Drops what is known of hosts that are not registered any more, or registered anew.
  void forget_others_than(const DemuxTable& table);

 private:
  struct Seen {
    ClientId client;
    TunnelPeer peer;
  };

  std::unordered_map<Ipv4Address, Seen> seen_;  ///< By the host's address.
  RateLimit searches_{100};                     ///< A session that is new has to be looked for.
};

}  // namespace rsip::gateway
