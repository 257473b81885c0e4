#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "agent/control/offer.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"

namespace rsip::agent {

/// A block to lease: with nothing set, any address and ports will do.
struct Wanted {
  std::optional<Ipv4Address> local;
  std::vector<PortRange> ports;  ///< Suggested (RFC 3103 section 10.5); empty: don't care.
  RemoteScope remote;            ///< Which flow it is for, in all detail that is known.
  bool growth = false;           ///< Not what this host is here for: tried once, not for ever.
  bool again = false;            ///< Was leased and lost without anybody's will.
  std::uint8_t count = 0;        ///< Ports to ask for when none are suggested.
};

/// The blocks that are wanted and not held, the next one first. The first stays in the list while
/// the gateway is asked for it.
class Demand {
 public:
  /// Flows may ask for any number of remotes; more than these wait until they ask again.
  static constexpr std::size_t kMost = 1024;

  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] std::size_t size() const { return list_.size(); }
  Wanted& front() { return list_.front(); }
  [[nodiscard]] const Wanted& front() const { return list_.front(); }
  void pop() { list_.pop_front(); }
  void clear() { list_.clear(); }
  /// Dropped if there are kMost already.
  void add(Wanted block);
  /// Not while the gateway is asked for the first.
  void add_first(Wanted block);

  /// How many blocks are wanted whatever the flows ask for.
  [[nodiscard]] std::size_t base_count() const;
  [[nodiscard]] bool has_growth() const;
  /// One of them is for that remote, as far as the policy has it named.
  [[nodiscard]] bool names(const RemoteScope& scope, const Offer& offer) const;
  /// One of them was lost and may come back as it was.
  [[nodiscard]] bool has_lost() const;
  void forget_losses();
  void drop_growth();
  /// Drops all but what flows asked for by name.
  void keep_named();
  /// Only what can be asked for under this policy stays: single ports, no remote twice, each remote
  /// in as much detail as it takes.
  void fit(const Offer& offer);

 private:
  std::deque<Wanted> list_;
};

}  // namespace rsip::agent
