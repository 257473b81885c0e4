#pragma once

#include <vector>

#include "agent/control/session_types.h"

namespace rsip::agent {

/// Whether it asks about something in particular.
inline bool names_something(const QueryWanted& question) {
  return !question.addresses.empty() || !question.networks.empty();
}

/// What the gateway is to be asked about where things are (RFC 3103 section 9.14): everything it
/// will tell, after each registration and then hourly, and what somebody wants to know in between.
class Queries {
 public:
  static constexpr Duration kRefresh = std::chrono::hours(1);
  static constexpr Duration kRetry = std::chrono::minutes(5);
  static constexpr std::size_t kMost = 64;  ///< Waiting addresses, and as many networks.

  void ask_everything(TimePoint at) { everything_at_ = at; }
  /// What does not fit into kMost is left out.
  void ask(const QueryWanted& question, TimePoint now);
  /// When there is something to ask; TimePoint::max() if nothing.
  [[nodiscard]] TimePoint next() const;
  msg::QueryRequest take(ClientId client);

  /// The gateway answered. Returns what was asked; nothing named: everything.
  QueryWanted answered(TimePoint now);
  /// The gateway refused to answer this time. Returns the same.
  QueryWanted refused(TimePoint now);
  /// The connection ended before the answer.
  void interrupted();
  /// Nothing more is asked. Returns whether anybody waits for an answer.
  bool give_up();

 private:
  [[nodiscard]] bool has_question() const {
    return !waiting_.addresses.empty() || !waiting_.networks.empty();
  }

  TimePoint everything_at_ = TimePoint::max();
  QueryWanted waiting_;
  QueryWanted asked_;
  bool asking_ = false;
};

}  // namespace rsip::agent
