#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/time.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/tunnel/ipsec_packet.h"

namespace rsip::gateway {

struct IkeSettings {
  /// Beyond RFC 3104, for IKE SAs that the peer begins (its appendix E): see IkeTable.
  bool learn_responder_cookies = true;
  Duration idle = std::chrono::hours(1);  ///< A cookie that nobody uses is forgotten then.
  std::size_t per_host = 64;              ///< Cookies of one host; one more drops its oldest.
  std::size_t total = 65536;              ///< One more drops the oldest of whoever has most.
};

/// The IKE associations of hosts that share addresses and use ports 500 and 4500: which initiator
/// cookie is whose (RFC 3104 sections 4 and 6.1, "trial and error"). A cookie is learned from what
/// its host sends, and is nobody else's on that address while it is in use.
///
/// With learn_responder_cookies also cookies of peers are learned, from the first message that a
/// host sends as their responder. The message before that comes in with a cookie nobody has heard
/// of: after an IKE_SA rekeying by the peer in IKEv2 (both new SPIs travelled encrypted), or at the
/// begin of phase 1 in IKEv1. If its sender says it is the initiator, and exactly one host of the
/// address has an association with that sender that has been answered, it goes to that host.
/// Nothing is learned from it: whoever forges the sender's address only gets to a host that talks
/// to that address anyway. Where two hosts have the same peer it is dropped, as the RFC says.
class IkeTable {
 public:
  explicit IkeTable(IkeSettings settings = {}) : settings_(settings) {}
  IkeTable(IkeTable&&) = default;
  IkeTable& operator=(IkeTable&&) = default;

  enum class Sent : std::uint8_t {
    kPasses,
    kTaken,    ///< The cookie is another host's on this address.
    kUnknown,  ///< A peer's cookie that nothing is known of, and must not be learned.
  };
  /// A host that may use IPsec at this address sends a message.
  Sent sent(Ipv4Address host, Ipv4Address local, Ipv4Address remote, const IkeMessage& message,
            TimePoint now);
  /// For whom a message from outside is; nothing if that is not known.
  std::optional<Ipv4Address> received(Ipv4Address local, Ipv4Address remote,
                                      const IkeMessage& message, TimePoint now);

  /// Whose cookie this is.
  [[nodiscard]] std::optional<Ipv4Address> find(Ipv4Address local, std::uint64_t initiator,
                                                TimePoint now) const;
  /// The only host of the address that has an answered association with this peer.
  [[nodiscard]] std::optional<Ipv4Address> only_host(Ipv4Address local, Ipv4Address remote) const;

  /// Forgets what nobody has used for long enough.
  void expire(TimePoint now);
  /// Forgets hosts that have no SPIs any more of the address.
  void forget_others_than(const DemuxTable& table);

  [[nodiscard]] std::size_t size() const { return by_cookie_.size(); }

 private:
  struct Entry {
    Ipv4Address local;
    std::uint64_t initiator = 0;
    Ipv4Address host;
    Ipv4Address remote;  ///< Where the host's last message went.
    TimePoint last;
    bool answered = false;  ///< By remote.
  };
  using Place = std::list<Entry>::iterator;
  using Cookie = std::pair<Ipv4Address, std::uint64_t>;
  using Ends = std::pair<Ipv4Address, Ipv4Address>;  ///< Local and remote.

  void touch(Place entry, TimePoint now);
  void learn(const Entry& entry);
  void make_room(Ipv4Address host);
  void set_remote(Place entry, Ipv4Address remote);
  void set_answered(Place entry, bool answered);
  void erase(Place entry);

  IkeSettings settings_;
  std::list<Entry> entries_;  ///< Unused for longest first.
  std::map<Cookie, Place> by_cookie_;
  std::map<Ipv4Address, std::vector<Place>> by_host_;
  std::map<Ends, std::map<Ipv4Address, std::size_t>> answered_;  ///< Hosts, associations of each.
};

}  // namespace rsip::gateway
