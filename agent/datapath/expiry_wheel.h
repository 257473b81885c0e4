#pragma once

#include <array>
#include <cstdint>

#include "common/base/time.h"

namespace rsip::agent {

/// Timer wheel of one-second slots: setting, moving and removing an entry take constant time, and
/// so does finding the next one that is due. Entries live elsewhere and derive from Entry.
///
/// Moving `due` to a later time needs no call: the entry comes up at its old time, and whoever
/// takes it off sees from `due` that it has to go back.
class ExpiryWheel {
 public:
  struct Entry {
    Entry* previous = nullptr;
    Entry* next = nullptr;
    TimePoint due;
  };

  ExpiryWheel();
  ExpiryWheel(const ExpiryWheel&) = delete;
  ExpiryWheel& operator=(const ExpiryWheel&) = delete;

  /// Puts an entry on the wheel, or moves it.
  void schedule(Entry& entry, TimePoint due);
  /// Takes an entry off the wheel, if it is on it.
  void remove(Entry& entry);
  /// Takes off and returns an entry that comes up, up to one second late; null if there is none.
  Entry* next_due(TimePoint now);

 private:
  /// Longer than the longest life of a flow, 7440 s.
  static constexpr std::int64_t kSlots = 8192;

  std::array<Entry, kSlots> slots_;  ///< Heads of circular lists.
  std::int64_t second_ = 0;          ///< The slot that is looked at; everything before is empty.
};

}  // namespace rsip::agent
