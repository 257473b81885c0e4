#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/control/backoff.h"
#include "agent/control/lease_book.h"
#include "agent/control/session_types.h"

namespace rsip::agent {

/// The ports that servers on this host want to be reached at, and which of them are leased. A wish
/// is a desired state: what was granted once is asked for again for as long as it is wished.
class Listens {
 public:
  static constexpr std::size_t kMost = 256;

  struct Item {
    ListenWish wish;
    std::optional<BindId> bind;        ///< Held now.
    std::optional<Ipv4Address> local;  ///< Held last: suggested when it is asked for again.
    std::optional<std::uint16_t> port;
    bool granted_once = false;
    bool again = false;     ///< Lost without anybody's will; may come back as it was.
    bool patient = false;   ///< To be asked for with pauses.
    bool reported = false;  ///< That it fails was told since it was granted last.
  };

  explicit Listens(std::uint64_t seed) : pace_(seed) {}

  [[nodiscard]] const std::vector<Item>& all() const { return items_; }
  [[nodiscard]] Item* find(std::uint16_t server_port);
  /// False if there are kMost already.
  bool add(const ListenWish& wish);
  void remove(std::uint16_t server_port);
  void clear() { items_.clear(); }

  /// The wish to ask the gateway for now; nullptr if there is none.
  [[nodiscard]] const Item* next(TimePoint now) const;
  /// When there is one; TimePoint::max() if all are leased.
  [[nodiscard]] TimePoint next_at() const;

  static void granted(Item& item, const Lease& lease);
  /// The gateway refused it: pauses. What was suggested is not suggested again.
  void refused(Item& item, TimePoint now);
  /// The lease of a wish is gone.
  ///
  /// forgotten   by a gateway that may give it again as it was
  /// on_purpose  the gateway ended it: asking again has to wait
  void lost(const Lease& lease, bool forgotten, bool on_purpose);
  void pause(TimePoint now) { pace_.fail(now); }

  [[nodiscard]] bool has_lost() const;
  void forget_losses();

 private:
  std::vector<Item> items_;
  Backoff pace_;
};

}  // namespace rsip::agent
