#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

/// The one request that may be outstanding, and the counters that tell its answer from what the
/// gateway says by itself (RFC 3103 section 10.1).
///
/// Over TCP the counter is optional. We send it; a gateway that echoes it once has to go on doing
/// so until the connection ends.
class RequestTracker {
 public:
  struct Request {
    msg::MessageType type{};
    TimePoint sent_at;
    BindId bind;  ///< Of EXTEND and FREE.
  };

  static constexpr Duration kPatience = std::chrono::seconds(10);

  [[nodiscard]] const std::optional<Request>& outstanding() const { return outstanding_; }
  /// When the answer is overdue; TimePoint::max() if nothing is outstanding.
  [[nodiscard]] TimePoint deadline() const;

  /// Numbers a request that leaves now.
  void send(msg::Message& message, TimePoint now, BindId bind);

  /// The request that a response answers, which is then no longer outstanding; nothing if the
  /// response answers none.
  ///
  /// bind   that the response is about, if it names one
  std::optional<Request> take_answered(const msg::Trailer& trailer, msg::MessageType response,
                                       std::optional<BindId> bind = {});
  /// The same for an ERROR_RESPONSE, which answers whatever is outstanding.
  std::optional<Request> take_refused(const msg::Trailer& trailer);

  /// The connection ended: nothing is outstanding, and the next one may be with another gateway.
  void reset();

 private:
  [[nodiscard]] bool is_unsolicited(const msg::Trailer& trailer) const;
  [[nodiscard]] bool answers(msg::MessageType response, std::optional<BindId> bind) const;
  Request take(const msg::Trailer& trailer);

  std::optional<Request> outstanding_;
  std::uint32_t counter_ = 0;  ///< Of the last request.
  bool gateway_echoes_ = false;
};

}  // namespace rsip::agent
