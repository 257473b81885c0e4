#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "agent/control/backoff.h"
#include "agent/control/session_types.h"

namespace rsip::agent {

/// A lease of SPIs to ask for (RFC 3104 section 6.2).
struct SpiNeed {
  enum class Kind : std::uint8_t {
    kBase,    ///< What this host is to have for as long as it is registered.
    kLost,    ///< Was leased and lost: worth one try, as it was.
    kGrowth,  ///< Somebody asked for it and waits for an answer.
  };
  Kind kind = Kind::kBase;
  std::uint16_t count = 1;       ///< SPIs.
  std::vector<SpiRange> spis{};  ///< These and no others; empty: don't care.
  std::optional<Ipv4Address> local{};
  std::optional<Ipv4Address> peer{};  ///< For whom, where the gateway wants remotes named.
  std::uint8_t port_count = 0;        ///< 0: "don't need".
  std::vector<PortRange> ports{};     ///< Suggested; empty: don't care.
  SpisWanted wanted{};                ///< With kGrowth: what is to be answered.
  bool again = false;                 ///< With kLost: without anybody's will.
  bool patient = false;               ///< To be asked for with pauses.
  std::uint64_t id = 0;               ///< Its own.
};

/// The leases of SPIs that are wanted and not held, in the order in which they are asked for.
class SpiNeeds {
 public:
  static constexpr std::size_t kMost = 64;

  explicit SpiNeeds(std::uint64_t seed) : pace_(seed) {}

  [[nodiscard]] const std::deque<SpiNeed>& all() const { return list_; }
  /// False if there are kMost already.
  bool add(SpiNeed need);
  void clear() { list_.clear(); }
  [[nodiscard]] SpiNeed* find(std::uint64_t id);
  void remove(std::uint64_t id);
  template <class Predicate>
  void remove_if(Predicate&& matches) {
    std::erase_if(list_, matches);
  }
  /// Takes out everything that somebody waits for.
  std::vector<SpiNeed> take_growth();
  /// Drops what names no peer.
  void keep_named();

  /// The one to ask for now; nullptr if there is none.
  [[nodiscard]] const SpiNeed* next(TimePoint now) const;
  /// When there is one; TimePoint::max() if nothing is wanted.
  [[nodiscard]] TimePoint next_at() const;
  /// It was refused: pauses, shorter ones at first.
  void pause(SpiNeed& need, TimePoint now);
  /// The same for all that are not growth.
  void pause_all(TimePoint now);
  /// No patient need before then.
  void pause_until(TimePoint until) { pace_.pause(until); }
  void succeeded() { pace_.reset(); }

  /// SPIs of all of them.
  [[nodiscard]] std::size_t spis() const;
  [[nodiscard]] bool has_lost() const;
  void forget_losses();

 private:
  std::deque<SpiNeed> list_;
  Backoff pace_;
  std::uint64_t last_id_ = 0;
};

}  // namespace rsip::agent
