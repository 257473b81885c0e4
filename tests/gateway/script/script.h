#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/base/time.h"
#include "common/rsip/messages.h"
#include "tests/gateway/script/rule.h"

namespace rsip::gateway::script {

/// Bytes for a host.
struct Outgoing {
  std::shared_ptr<const Bytes> bytes;
  milliseconds delay{0};    ///< Before the first byte.
  milliseconds trickle{0};  ///< Between bytes; 0: all at once.
};

/// Of whom messages speak that are sent without a request.
struct Subject {
  ClientId client;
  BindId bind;  ///< The latest; 0 if there is none.
};

/// The rules, and which of them is for a request.
class Script {
 public:
  static constexpr std::size_t kMaxRules = 1000;

  /// errors   kUsage if there are kMaxRules already
  Result<void> add(const Match& match, const Act& act, TimePoint now);
  void clear() { rules_.clear(); }

  /// The first rule that is for this request says what to do; nothing if none is. Counts.
  ///
  /// message   nothing if it could not be decoded: only rules for any message are for it
  std::optional<Act> on_request(std::optional<msg::MessageType> message, Ipv4Address host,
                                TimePoint now);

 private:
  struct Rule {
    Match match;
    Act act;
    TimePoint made;
    std::uint32_t seen = 0;
    std::uint32_t done = 0;
  };
  static bool fits(Rule& rule, std::optional<msg::MessageType> message, Ipv4Address host,
                   TimePoint now);

  std::vector<Rule> rules_;
};

/// The answer does not have to be made into bytes here: it is sent as it is, once and at once.
bool leaves_answers_alone(const Act& act);
/// What is sent for the answers.
std::vector<Outgoing> answers(const Act& act, std::span<const msg::Message> replies);
/// What is sent besides.
std::vector<Outgoing> unasked(const Act& act, const Subject& about);

}  // namespace rsip::gateway::script
