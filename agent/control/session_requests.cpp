#include <algorithm>

#include "agent/control/session.h"

// Which request goes out next: always the one that closes the gap between wanted and held.
namespace rsip::agent {

msg::Address Session::remote_address(const RemoteScope& scope) {
  return scope.address ? msg::Address(*scope.address) : msg::Address(msg::DontCare{});
}

msg::Ports Session::remote_ports(const RemoteScope& scope) {
  return scope.port ? msg::Ports::contiguous({*scope.port, 1}) : msg::Ports::dont_care(1);
}

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
  const bool frees = !refused_grants_.empty() || !given_back_.empty();
  const TimePoint next = frees ? TimePoint::min()
                               : std::min({renew_at(), register_again_at(), assign_at(), spis_at(),
                                           listen_at(), query_at()});
  return std::max(next, pace_.until());
}

TimePoint Session::renew_at() const {
  const auto next = book_.next_renewal();
  return next && offer_.supports(msg::MessageType::kExtendRequest) ? *next : TimePoint::max();
}

// RFC 3103 section 6 has no message that extends a registration without binds.
TimePoint Session::register_again_at() const {
  return leases().empty() ? register_again_at_ : TimePoint::max();
}

TimePoint Session::assign_at() const {
  const bool possible = offer_.obstacle() == nullptr && offer_.supports(assign_type());
  if (demand_.empty() || !possible) return TimePoint::max();
  return demand_.front().growth ? TimePoint::min() : assign_.until();
}

// With RSA-IP every port of the address reaches this host anyway (section 9.16).
TimePoint Session::listen_at() const {
  const bool needed = settings_.method == msg::Method::kRsapIp && offer_.obstacle() == nullptr;
  return needed ? listens_.next_at() : TimePoint::max();
}

TimePoint Session::query_at() const {
  const bool possible =
      offer_.obstacle() == nullptr && offer_.supports(msg::MessageType::kQueryRequest);
  return possible ? queries_.next() : TimePoint::max();
}

void Session::proceed_to_stop(TimePoint now) {
  if (!client_) return finish();
  if (!refused_grants_.empty()) return request_free(refused_grants_, now);
  request(msg::DeRegisterRequest{*client_, {}}, now);
}

void Session::proceed_to_register(TimePoint now) {
  if (stale_client_) {
    request(msg::DeRegisterRequest{*stale_client_, {}}, now);
  } else {
    request(msg::RegisterRequest{}, now);
  }
}

// Renewals go first: what is held is worth more than what might be had. Then what somebody waits
// for, then what can wait.
void Session::proceed_as_registered(TimePoint now) {
  if (now >= renew_at()) {
    const BindId bind = book_.due_for_renewal(now)->bind;
    book_.renewal_tried(bind, now);
    request(msg::ExtendRequest{*client_, bind, lease_time(), {}}, now, bind);
  } else if (!refused_grants_.empty()) {
    request_free(refused_grants_, now);
  } else if (now >= register_again_at()) {
    stale_client_ = client_;
    client_.reset();
    registered_until_ = register_again_at_ = TimePoint::max();
    given_back_.clear();
    proceed_to_register(now);
  } else if (now >= assign_at()) {
    request_block(now);
  } else if (now >= spis_at()) {
    request_spis(now);
  } else if (now >= listen_at()) {
    request_listen(*listens_.next(now), now);
  } else if (!given_back_.empty()) {
    request_free(given_back_, now);
  } else if (now >= query_at()) {
    request(queries_.take(*client_), now);
  }
}

void Session::request_free(std::vector<BindId>& of, TimePoint now) {
  request(msg::FreeRequest{*client_, of.front(), {}}, now, of.front());
}

void Session::request_block(TimePoint now) {
  Wanted& block = demand_.front();
  if (block.growth && settings_.method == msg::Method::kRsapIp) {
    block.count = static_cast<std::uint8_t>(std::min<std::size_t>(block.count, room()));
  }
  request(assign_request(block), now);
}

msg::Message Session::assign_request(const Wanted& wanted) const {
  const RemoteScope scope = offer_.scope_for(wanted.remote).value_or(RemoteScope{});
  const msg::Address local =
      wanted.local ? msg::Address(*wanted.local) : msg::Address(msg::DontCare{});
  const msg::Address remote = remote_address(scope);
  const msg::Ports remote_port = remote_ports(scope);
  const auto tunnel = plain_ ? std::nullopt : std::optional(offer_.tunnel());
  if (settings_.method == msg::Method::kRsaIp) {
    return msg::AssignRequestRsaIp{*client_, local, remote, remote_port, lease_time(), tunnel, {}};
  }
  const msg::Ports ports = wanted.ports.empty() ? msg::Ports::dont_care(wanted.count)
                                                : msg::Ports::contiguous(wanted.ports.front());
  return msg::AssignRequestRsapIp{*client_,    local,        ports,  remote,
                                  remote_port, lease_time(), tunnel, {}};
}

void Session::request_listen(const Listens::Item& item, TimePoint now) {
  const ListenWish& wish = item.wish;
  const RemoteScope scope = offer_.scope_for(wish.remote).value_or(RemoteScope{});
  const auto local = item.local ? item.local : usual_address();
  msg::Ports port = msg::Ports::dont_care(1);
  if (item.port || !wish.any_public_port) {
    const std::uint16_t wanted = wish.public_port.value_or(wish.server_port);
    port = msg::Ports::contiguous({item.port.value_or(wanted), 1});
  }
  msg::ListenRequest message{*client_,
                             local ? msg::Address(*local) : msg::Address(msg::DontCare{}),
                             port,
                             remote_address(scope),
                             remote_ports(scope),
                             lease_time(),
                             {},
                             {}};
  if (!plain_) message.tunnels = {offer_.tunnel()};
  asked_listen_ = wish;
  request(std::move(message), now);
}

/// Where this host can be reached already: what follows shall be under the same address.
std::optional<Ipv4Address> Session::usual_address() const {
  return leases().empty() ? std::nullopt : std::optional(leases().front().local);
}

std::optional<msg::LeaseTime> Session::lease_time() const {
  return plain_ ? std::nullopt : std::optional(settings_.lease);
}

msg::MessageType Session::assign_type() const {
  return settings_.method == msg::Method::kRsaIp ? msg::MessageType::kAssignRequestRsaIp
                                                 : msg::MessageType::kAssignRequestRsapIp;
}

void Session::request(msg::Message message, TimePoint now, BindId bind) {
  tracker_.send(message, now, bind, plain_ && !counter_wanted_);
  act(Send{std::move(message)});
}

}  // namespace rsip::agent
