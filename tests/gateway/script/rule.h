#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/rsip/registry.h"
#include "tests/gateway/script/parameters.h"

namespace rsip::gateway::script {

using std::chrono::milliseconds;

/// Which requests a rule is for.
struct Match {
  std::optional<msg::MessageType> message;  ///< Nothing: any.
  std::optional<Ipv4Address> host;
  std::optional<std::uint32_t> nth;    ///< Only the nth request that fits otherwise, from 1.
  std::optional<std::uint32_t> times;  ///< So many times at most.
  std::chrono::seconds after{0};       ///< Not before so long after the rule was made.
};

/// What of an exchange is lost.
enum class Loss : std::uint8_t { kNothing, kRequest, kReply };

/// A message that is sent without a request.
struct Unasked {
  msg::MessageType type = msg::MessageType::kFreeResponse;  ///< Or DE-REGISTER, or ERROR_RESPONSE.
  std::uint16_t error = 0;
};

/// What is done instead of, or besides, what the engine would do.
struct Act {
  Loss drop = Loss::kNothing;
  std::optional<std::uint16_t> error;   ///< Answered without asking the engine.
  std::vector<Patch> set;               ///< Made to the answer, and to what is sent unasked.
  std::uint32_t duplicate = 1;          ///< How often the answer is sent.
  std::optional<Bytes> raw;             ///< Sent instead of the answer.
  std::optional<std::size_t> truncate;  ///< So many bytes of each message are sent.
  milliseconds delay{0};                ///< Before the first byte.
  milliseconds trickle{0};              ///< Between bytes, which go one by one; 0: all at once.
  std::vector<Unasked> async;           ///< Sent after the answer.
  std::uint32_t repeat = 1;             ///< How often async is.
  // These the engine really does: they are no lies.
  std::vector<BindId> free;
  bool deregister = false;
};

/// One line of a script: with a match it is a rule from now on; without one it is done at once.
struct Line {
  std::optional<Match> match;
  std::optional<Ipv4Address> host;  ///< Without a match: whom it is done to; nothing: everybody.
  bool clear = false;               ///< Forgets all rules first.
  Act act;
};

/// A line of JSON as README.md describes it.
///
/// errors   kUsage naming the key that is wrong or unknown, and what is allowed
Result<Line> parse_line(std::string_view json);

}  // namespace rsip::gateway::script
