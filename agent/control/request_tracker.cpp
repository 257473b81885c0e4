#include "agent/control/request_tracker.h"

#include <utility>

namespace rsip::agent {

bool RequestTracker::failed(TimePoint now) const {
  return now >= deadline() && (!over_udp() || transmissions_ >= kTransmissions);
}

bool RequestTracker::repeat(TimePoint now) {
  if (now < deadline() || failed(now)) return false;
  wait_until_ = now + first_wait_ * (1 << transmissions_);
  ++transmissions_;
  return true;
}

void RequestTracker::send(msg::Message& message, TimePoint now, BindId bind, bool plain) {
  counter_ = counter_ == 0xFFFFFFFF ? 1 : counter_ + 1;
  numbered_ = over_udp() || !plain;
  if (!numbered_) gateway_echoes_ = false;
  std::visit(
      [this](auto& m) { m.trailer.counter = numbered_ ? std::optional(counter_) : std::nullopt; },
      message);
  outstanding_ = Request{msg::type_of(message), now, bind};
  wait_until_ = now + (over_udp() ? first_wait_ : kPatience);
  transmissions_ = 1;
}

bool RequestTracker::is_about_request(const msg::Trailer& trailer) const {
  if (!outstanding_) return false;
  if (trailer.counter) return numbered_ && *trailer.counter == counter_;
  return !over_udp() && !gateway_echoes_;
}

// Only ERROR_RESPONSE, DE-REGISTER_RESPONSE and FREE_RESPONSE may be asynchronous; nobody asks for
// others. Over UDP each message carries a counter, and that of such a message is 0.
bool RequestTracker::is_asynchronous(const msg::Trailer& trailer) const {
  return trailer.counter ? *trailer.counter == 0 : !over_udp();
}

// Appendix B numbers each response one above its request. FREE_RESPONSE also says no to an
// extension (section 9.10.3).
bool RequestTracker::answers(msg::MessageType response, std::optional<BindId> bind) const {
  if (outstanding_->type == msg::MessageType::kExtendRequest &&
      response == msg::MessageType::kFreeResponse) {
    return outstanding_->bind == bind;
  }
  return static_cast<std::uint8_t>(outstanding_->type) + 1 == static_cast<std::uint8_t>(response);
}

std::optional<RequestTracker::Request> RequestTracker::take_answered(const msg::Trailer& trailer,
                                                                     msg::MessageType response,
                                                                     std::optional<BindId> bind) {
  if (!is_about_request(trailer) || !answers(response, bind)) return std::nullopt;
  return take(trailer);
}

std::optional<RequestTracker::Request> RequestTracker::take_refused(const msg::Trailer& trailer) {
  if (!is_about_request(trailer)) return std::nullopt;
  return take(trailer);
}

RequestTracker::Request RequestTracker::take(const msg::Trailer& trailer) {
  gateway_echoes_ = gateway_echoes_ || trailer.counter.has_value();
  return *std::exchange(outstanding_, std::nullopt);
}

void RequestTracker::reset() {
  outstanding_.reset();
  gateway_echoes_ = false;
}

}  // namespace rsip::agent
