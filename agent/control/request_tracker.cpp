#include "agent/control/request_tracker.h"

#include <utility>

namespace rsip::agent {

TimePoint RequestTracker::deadline() const {
  return outstanding_ ? outstanding_->sent_at + kPatience : TimePoint::max();
}

void RequestTracker::send(msg::Message& message, TimePoint now, BindId bind) {
  counter_ = counter_ == 0xFFFFFFFF ? 1 : counter_ + 1;
  std::visit([this](auto& m) { m.trailer.counter = counter_; }, message);
  outstanding_ = Request{msg::type_of(message), now, bind};
}

bool RequestTracker::is_unsolicited(const msg::Trailer& trailer) const {
  if (!outstanding_) return true;
  return trailer.counter ? *trailer.counter != counter_ : gateway_echoes_;
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
  if (is_unsolicited(trailer) || !answers(response, bind)) return std::nullopt;
  return take(trailer);
}

std::optional<RequestTracker::Request> RequestTracker::take_refused(const msg::Trailer& trailer) {
  if (is_unsolicited(trailer)) return std::nullopt;
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
