#pragma once

#include <cstdint>
#include <optional>

#include "common/base/time.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

/// The one request that may be outstanding: when it is to be sent again or has failed, and the
/// counters that tell its answer from what the gateway says by itself (RFC 3103 sections 5, 10.1).
///
/// Over UDP a request leaves seven times, each wait twice the one before, and its answer carries
/// its counter. Over TCP it leaves once and the counter is optional. We send it; a gateway that
/// echoes it once has to go on doing so until the connection ends.
class RequestTracker {
 public:
  struct Request {
    msg::MessageType type{};
    TimePoint sent_at;  ///< For the first time.
    BindId bind;        ///< Of EXTEND and FREE.
  };

  static constexpr Duration kPatience = std::chrono::seconds(10);  ///< Over TCP.
  static constexpr int kTransmissions = 7;                         ///< Over UDP.

  /// first_wait     over UDP; zero: TCP
  /// last_counter   that was used, 0 if none
  explicit RequestTracker(Duration first_wait = {}, std::uint32_t last_counter = 0)
      : first_wait_(first_wait), counter_(last_counter) {}

  [[nodiscard]] bool over_udp() const { return first_wait_ > Duration::zero(); }
  /// From now on the transport is TCP; nothing may be outstanding.
  void use_tcp() { first_wait_ = {}; }

  [[nodiscard]] const std::optional<Request>& outstanding() const { return outstanding_; }
  /// When the request is to be repeated or has failed; TimePoint::max() if none is outstanding.
  [[nodiscard]] TimePoint deadline() const { return outstanding_ ? wait_until_ : TimePoint::max(); }
  /// All waits for the answer are over.
  [[nodiscard]] bool failed(TimePoint now) const;
  /// True if the request has to leave once more now, which is counted.
  bool repeat(TimePoint now);

  /// Numbers a request that leaves now.
  ///
  /// plain   without the counter, if the transport allows that
  void send(msg::Message& message, TimePoint now, BindId bind, bool plain = false);

  /// The request that a response answers, which is then no longer outstanding; nothing if the
  /// response answers none.
  ///
  /// bind   that the response is about, if it names one
  std::optional<Request> take_answered(const msg::Trailer& trailer, msg::MessageType response,
                                       std::optional<BindId> bind = {});
  /// The same for an ERROR_RESPONSE, which answers whatever is outstanding.
  std::optional<Request> take_refused(const msg::Trailer& trailer);
  /// For what answers no request: the gateway said it by itself. What is left is a late duplicate
  /// or nonsense, and discarded.
  [[nodiscard]] bool is_asynchronous(const msg::Trailer& trailer) const;

  /// The connection ended: nothing is outstanding, and the next one may be with another gateway.
  void reset();

 private:
  [[nodiscard]] bool is_about_request(const msg::Trailer& trailer) const;
  [[nodiscard]] bool answers(msg::MessageType response, std::optional<BindId> bind) const;
  Request take(const msg::Trailer& trailer);

  Duration first_wait_;
  std::optional<Request> outstanding_;
  TimePoint wait_until_{};
  int transmissions_ = 0;
  std::uint32_t counter_;  ///< Of the last request.
  bool numbered_ = false;  ///< The last request carries it.
  bool gateway_echoes_ = false;
};

}  // namespace rsip::agent
