#include "agent/control/session.h"

// Which request goes out next: always the one that closes the gap between wanted and held.
namespace rsip::agent {

void Session::proceed(TimePoint now) {
  if (finished_ || link_ != Link::kUp || tracker_.outstanding()) return;
  if (stopping_) {
    proceed_to_stop(now);
  } else if (now >= next_request()) {
    client_ ? proceed_as_registered(now) : proceed_to_register(now);
  }
}

TimePoint Session::next_request() const {
  if (link_ != Link::kUp || tracker_.outstanding() || stopping_) return TimePoint::max();
  if (!client_) return std::max(register_not_before_, pace_.until());
  TimePoint next = to_free_.empty() ? assign_at() : TimePoint::min();
  if (const auto renewal = book_.next_renewal()) next = std::min(next, *renewal);
  return std::max(next, pace_.until());
}

TimePoint Session::assign_at() const {
  if (wanted_.empty() || unusable_) return TimePoint::max();
  return wanted_.front().growth ? TimePoint::min() : assign_.until();
}

void Session::proceed_to_stop(TimePoint now) {
  if (!client_) return finish();
  if (!to_free_.empty()) {
    request(msg::FreeRequest{*client_, to_free_.front(), {}}, now, to_free_.front());
  } else {
    request(msg::DeRegisterRequest{*client_, {}}, now);
  }
}

void Session::proceed_to_register(TimePoint now) {
  if (stale_client_) {
    request(msg::DeRegisterRequest{*stale_client_, {}}, now);
  } else {
    request(msg::RegisterRequest{}, now);
  }
}

// Renewals go first: what is held is worth more than what might be had.
void Session::proceed_as_registered(TimePoint now) {
  if (const Lease* due = book_.due_for_renewal(now)) {
    const BindId bind = due->bind;
    book_.renewal_tried(bind, now);
    request(msg::ExtendRequest{*client_, bind, settings_.lease, {}}, now, bind);
  } else if (!to_free_.empty()) {
    request(msg::FreeRequest{*client_, to_free_.front(), {}}, now, to_free_.front());
  } else if (now >= assign_at()) {
    request(assign_request(wanted_.front()), now);
  }
}

msg::Message Session::assign_request(const Wanted& wanted) const {
  const msg::Address local =
      wanted.local ? msg::Address(*wanted.local) : msg::Address(msg::DontCare{});
  const msg::Ports any_port = msg::Ports::dont_care(1);
  if (settings_.method == msg::Method::kRsaIp) {
    return msg::AssignRequestRsaIp{
        *client_, local, msg::DontCare{}, any_port, settings_.lease, msg::TunnelType::kIpIp, {}};
  }
  const msg::Ports ports = wanted.ports.empty() ? msg::Ports::dont_care(wanted.count)
                                                : msg::Ports::contiguous(wanted.ports.front());
  return msg::AssignRequestRsapIp{
      *client_, local, ports, msg::DontCare{}, any_port, settings_.lease, msg::TunnelType::kIpIp,
      {}};
}

void Session::request(msg::Message message, TimePoint now, BindId bind) {
  tracker_.send(message, now, bind);
  act(Send{std::move(message)});
}

}  // namespace rsip::agent
