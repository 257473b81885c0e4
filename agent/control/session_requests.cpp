#include "agent/control/session.h"

// Which request goes out next: always the one that closes the gap between wanted and held.
namespace rsip::agent {

void Session::proceed(TimePoint now) {
  if (finished_ || link_ != Link::kUp || outstanding_) return;
  if (stopping_) {
    proceed_to_stop(now);
  } else if (!client_) {
    if (now >= retry_at_) proceed_to_register(now);
  } else {
    proceed_as_registered(now);
  }
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

// Renewals go before new assignments: what is held is worth more than what might be had.
void Session::proceed_as_registered(TimePoint now) {
  if (!to_free_.empty()) {
    request(msg::FreeRequest{*client_, to_free_.front(), {}}, now, to_free_.front());
  } else if (const Lease* due = book_.due_for_renewal(now)) {
    const BindId bind = due->bind;
    book_.renewal_tried(bind, now);
    request(msg::ExtendRequest{*client_, bind, settings_.lease, {}}, now, bind);
  } else if (!wanted_.empty() && (now >= retry_at_ || wanted_.front().growth)) {
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

// The counter is optional over TCP; sent all the same, it tells the answer to a request from an
// asynchronous message, which carries 0 (RFC 3103 section 10.1).
void Session::request(msg::Message message, TimePoint now, BindId bind) {
  counter_ = counter_ == 0xFFFFFFFF ? 1 : counter_ + 1;
  std::visit([this](auto& m) { m.trailer.counter = counter_; }, message);
  outstanding_ = Outstanding{msg::type_of(message), now, bind};
  act(Send{std::move(message)});
}

}  // namespace rsip::agent
