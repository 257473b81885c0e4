#include <algorithm>
#include <string>

#include "agent/control/refusals.h"
#include "agent/control/session.h"

// What the gateway says: answers to our request, and what it sends by itself. A message that does
// not fit is discarded without an answer (RFC 3103 section 9.1).
namespace rsip::agent {
namespace {

using msg::ErrorCode;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kDeniedPause = minutes(5);
/// A gateway may say things by itself as often as it likes; a person is told this often.
constexpr Duration kNoticeSpacing = seconds(1);

/// REGISTER_FIRST and BAD_CLIENT_ID: the gateway and we do not agree that we are registered.
bool lost_synchronisation(ErrorCode code) {
  return code == ErrorCode::kRegisterFirst || code == ErrorCode::kBadClientId;
}

template <class T>
bool offers(const std::vector<T>& offered, T wanted, T when_silent) {
  return offered.empty() ? wanted == when_silent
                         : std::ranges::find(offered, wanted) != offered.end();
}

}  // namespace

void Session::succeed() {
  step();
  reconnect_.reset();
  pace_.reset();
  assign_.reset();
}

void Session::receive(const msg::RegisterResponse& message, TimePoint) {
  const auto request = tracker_.take_answered(message.trailer, msg::MessageType::kRegisterResponse);
  if (!request) return;
  if (message.lease == msg::LeaseTime(0)) {
    stale_client_ = message.client;
    return act(Problem{{ErrorKind::kProtocol,
                        "gateway " + settings_.gateway.to_string() + " registers for 0 seconds",
                        "ask its operator"}});
  }
  step();
  client_ = message.client;
  policy_ = message.policy;
  registered_until_ = request->sent_at + message.lease;
  act(Registered{message});
  const char* const why_not = obstacle(message);
  unusable_ = why_not != nullptr;
  if (unusable_) {
    act(Problem{{ErrorKind::kState, "gateway " + settings_.gateway.to_string() + " " + why_not,
                 "choose another method or another gateway"}});
  }
  for (Wanted& block : wanted_) {
    block.count = std::min(block.count, any_block().count);
    if (any_block().count == 1 && !block.ports.empty()) block.ports = {{block.ports[0].first, 1}};
  }
  want_something();
}

const char* Session::obstacle(const msg::RegisterResponse& message) const {
  if (!offers(message.methods, settings_.method, msg::Method::kRsapIp)) {
    return "does not offer the configured method";
  }
  if (!offers(message.tunnels, msg::TunnelType::kIpIp, msg::TunnelType::kIpIp)) {
    return "does not offer IP-in-IP tunnels";
  }
  if (message.policy.remote != msg::RemoteFlowPolicy::kNone) {
    return "demands a remote flow policy, which this agent does not support yet";
  }
  return nullptr;
}

void Session::receive(const msg::DeRegisterResponse& message, TimePoint now) {
  const bool answered =
      tracker_.take_answered(message.trailer, msg::MessageType::kDeRegisterResponse).has_value();
  if (stopping_ && answered) return finish();
  if (answered || stale_client_ == message.client) {
    stale_client_.reset();  // one try is enough, whatever the answer names
    return step();
  }
  if (client_ != message.client) return;  // of an earlier life (section 10.2.1)
  client_.reset();
  policy_.reset();
  to_free_.clear();
  if (stopping_) return finish();
  drop_all_leases("deregistered_by_gateway");
  want_something();
  pace_.fail(now);
}

void Session::receive(const msg::AssignResponseRsapIp& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kAssignResponseRsapIp);
  if (!request || client_ != message.client) return;
  accept({message.bind, msg::ipv4_of(message.local), message.local_ports.ranges(), message.lease,
          message.tunnel, message.endpoint},
         *request, now);
}

void Session::receive(const msg::AssignResponseRsaIp& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kAssignResponseRsaIp);
  if (!request || client_ != message.client) return;
  accept({message.bind,
          msg::ipv4_of(message.local),
          {},
          message.lease,
          message.tunnel,
          message.endpoint},
         *request, now);
}

void Session::accept(Grant grant, const Request& request, TimePoint now) {
  if (stopping_) return to_free_.push_back(grant.bind);
  if (const char* wrong = objection(grant)) {
    if (book_.find(grant.bind) == nullptr) to_free_.push_back(grant.bind);
    act(Problem{
        {ErrorKind::kProtocol, std::string("refused what the gateway assigned: ") + wrong, ""},
        book_.all().empty()});
    step();  // so that it can be freed at once
    assign_.fail(now);
    if (!book_.all().empty() && !wanted_.empty()) {
      wanted_.pop_front();
      pause_growth(now);
    }
    return;
  }
  if (!wanted_.empty()) wanted_.pop_front();
  book_.add(grant.bind, *grant.local, std::move(grant.ports), grant.life, request.sent_at);
  registered_until_ = std::max(registered_until_, request.sent_at + grant.life);
  succeed();
  act(LeaseGranted{book_.all().back()});
  act(LeasesChanged{});
}

const char* Session::objection(const Grant& grant) const {
  if (!grant.local) return "the local address is not an IPv4 address";
  if (!grant.local->is_usable_source()) return "the local address is not a host's address";
  if (*grant.local == settings_.gateway) return "the local address is the gateway's own";
  if (grant.life == Duration::zero()) return "the lease time is 0";
  if (grant.tunnel != msg::TunnelType::kIpIp) return "the tunnel type is not IP-in-IP";
  if (grant.endpoint && msg::ipv4_of(*grant.endpoint) != settings_.gateway) {
    return "the tunnel endpoint is another host";
  }
  if (book_.find(grant.bind) != nullptr) return "the bind ID is in use";
  if (!leases().empty() && leases().front().local != *grant.local) {
    return "the local address differs from the one leased";
  }
  if (settings_.method == msg::Method::kRsaIp) return nullptr;
  if (grant.ports.empty()) return "no port";
  if (grant.ports.front().first == 0) return "port 0";
  if (overlaps_a_lease(grant.ports)) return "a port that is leased already";
  return nullptr;
}

bool Session::overlaps_a_lease(const std::vector<PortRange>& ports) const {
  return std::ranges::any_of(leases(), [&ports](const Lease& lease) {
    return std::ranges::any_of(lease.ports, [&ports](const PortRange& held) {
      return std::ranges::any_of(ports,
                                 [&held](const auto& fresh) { return held.overlaps(fresh); });
    });
  });
}

void Session::receive(const msg::ExtendResponse& message, TimePoint) {
  const auto request = tracker_.take_answered(message.trailer, msg::MessageType::kExtendResponse);
  if (!request || client_ != message.client || request->bind != message.bind) return;
  if (!book_.extend(message.bind, message.lease, request->sent_at)) return;
  registered_until_ = std::max(registered_until_, request->sent_at + message.lease);
  succeed();
  act(LeaseExtended{*book_.find(message.bind)});
}

void Session::receive(const msg::FreeResponse& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kFreeResponse, message.bind);
  if (request) {
    std::erase(to_free_, request->bind);
    step();
  }
  if (client_ != message.client) return;
  std::erase(to_free_, message.bind);
  const auto lost = book_.remove(message.bind);
  if (!lost) return;
  lose(*lost, "freed_by_gateway");
  act(LeasesChanged{});
  want_something();
  assign_.fail(now);
}

void Session::receive(const msg::ErrorResponse& message, TimePoint now) {
  if (const auto request = tracker_.take_refused(message.trailer)) {
    refused(*request, message, now);
  } else {
    notice(message, now);
  }
}

void Session::notice(const msg::ErrorResponse& error, TimePoint now) {
  if (error.code() == ErrorCode::kRegisterFirst && client_ && !stopping_) {
    return resynchronise("gateway_lost_state", now);
  }
  if (now < next_notice_at_) return;
  next_notice_at_ = now + kNoticeSpacing;
  act(Problem{explain(error), false});
}

void Session::refused(const Request& request, const msg::ErrorResponse& error, TimePoint now) {
  switch (request.type) {
    case msg::MessageType::kDeRegisterRequest:
      stale_client_.reset();  // "this error SHOULD be ignored by the host" (section 10.2.2)
      return stopping_ ? finish() : step();
    case msg::MessageType::kRegisterRequest:
      return register_refused(error, now);
    default:
      break;
  }
  if (!client_) return step();  // it is about a registration that we have given up meanwhile
  if (lost_synchronisation(error.code())) {
    if (stopping_) return finish();
    step();
    resynchronise("gateway_lost_state", now);
  } else if (request.type == msg::MessageType::kExtendRequest ||
             request.type == msg::MessageType::kFreeRequest) {
    bind_refused(request, error);
  } else if (!stopping_) {
    assign_refused(error, now);
  }
}

void Session::register_refused(const msg::ErrorResponse& error, TimePoint now) {
  if (error.code() == ErrorCode::kAlreadyRegistered && error.client) {
    (stopping_ ? client_ : stale_client_) = error.client;
    step();
    return pace_.fail_gently(now);
  }
  act(Problem{explain(error)});
  if (error.code() == ErrorCode::kRegistrationDenied ||
      error.code() == ErrorCode::kUnsupportedRsipVersion) {
    register_not_before_ = now + kDeniedPause;
  }
}

void Session::assign_refused(const msg::ErrorResponse& error, TimePoint now) {
  if (wanted_.empty()) return;
  Wanted& block = wanted_.front();
  step();
  if (!block.growth && (block.local || !block.ports.empty())) {
    wanted_.pop_front();  // a suggestion is worth one try
    return want_something();
  }
  if (error.code() == ErrorCode::kLocalAddrportUnavailable && block.count > 1) {
    block.count /= 2;  // not that many, perhaps fewer (appendix A, 309)
    return;
  }
  act(Problem{explain(error), book_.all().empty()});
  if (!block.growth) return assign_.fail(now);
  wanted_.pop_front();
  pause_growth(now);
}

void Session::bind_refused(const Request& request, const msg::ErrorResponse& error) {
  std::erase(to_free_, request.bind);
  step();
  if (error.code() != ErrorCode::kBadBindId) {
    // An extension is tried again when its time comes.
    if (request.type == msg::MessageType::kExtendRequest) act(Problem{explain(error), false});
    return;
  }
  if (const auto lost = book_.remove(request.bind)) {
    want_again(*lost);
    lose(*lost, "gateway_lost_bind");
    act(LeasesChanged{});
  }
}

}  // namespace rsip::agent
