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
constexpr Duration kGrowthPause = seconds(30);

/// REGISTER_FIRST and BAD_CLIENT_ID: the gateway and we do not agree that we are registered.
bool lost_synchronisation(ErrorCode code) {
  return code == ErrorCode::kRegisterFirst || code == ErrorCode::kBadClientId;
}

/// The particular address or ports that were suggested are not to be had (308-313).
bool refuses_suggestion(ErrorCode code) {
  return code >= ErrorCode::kLocalAddrUnavailable && code <= ErrorCode::kLocalAddrportUnallowed;
}

template <class T>
bool offers(const std::vector<T>& offered, T wanted, T when_silent) {
  return offered.empty() ? wanted == when_silent
                         : std::ranges::find(offered, wanted) != offered.end();
}

}  // namespace

bool Session::is_unsolicited(const msg::Trailer& trailer) const {
  if (!outstanding_) return true;
  return trailer.counter ? *trailer.counter != counter_ : gateway_echoes_counter_;
}

std::optional<Session::Outstanding> Session::take_answered(const msg::Trailer& trailer,
                                                           msg::MessageType response) {
  // Appendix B numbers each response one above its request.
  const bool matches = outstanding_ && static_cast<std::uint8_t>(outstanding_->type) + 1 ==
                                           static_cast<std::uint8_t>(response);
  if (!matches || is_unsolicited(trailer)) return std::nullopt;
  gateway_echoes_counter_ = trailer.counter.has_value();
  return std::exchange(outstanding_, std::nullopt);
}

void Session::receive(const msg::RegisterResponse& message, TimePoint now) {
  const auto request = take_answered(message.trailer, msg::MessageType::kRegisterResponse);
  if (!request) return;
  client_ = message.client;
  policy_ = message.policy;
  registered_until_ = request->sent_at + message.lease;
  act(Registered{message});
  const char* missing = nullptr;
  if (!offers(message.methods, settings_.method, msg::Method::kRsapIp)) {
    missing = "does not offer the configured method";
  } else if (!offers(message.tunnels, msg::TunnelType::kIpIp, msg::TunnelType::kIpIp)) {
    missing = "does not offer IP-in-IP tunnels";
  } else if (message.policy.remote != msg::RemoteFlowPolicy::kNone) {
    missing = "demands a remote flow policy, which this agent does not support yet";
  }
  if (missing != nullptr) {
    act(Problem{{ErrorKind::kState, "gateway " + settings_.gateway.to_string() + " " + missing,
                 "choose another method or another gateway"}});
    retry_at_ = now + kDeniedPause;
  }
  for (Wanted& block : wanted_) block.count = std::min(block.count, any_block().count);
  want_something();
}

void Session::receive(const msg::DeRegisterResponse& message, TimePoint now) {
  const bool answered =
      take_answered(message.trailer, msg::MessageType::kDeRegisterResponse).has_value();
  if (stale_client_ == message.client) {
    stale_client_.reset();
    return;
  }
  if (client_ != message.client) return;  // of an earlier life (section 10.2.1)
  client_.reset();
  policy_.reset();
  to_free_.clear();
  if (stopping_) {
    if (answered || !outstanding_) finish();
    return;
  }
  drop_all_leases("deregistered_by_gateway");
  want_something();
  retry_later(now);
}

void Session::receive(const msg::AssignResponseRsapIp& message, TimePoint now) {
  const auto request = take_answered(message.trailer, msg::MessageType::kAssignResponseRsapIp);
  if (!request || client_ != message.client) return;
  accept({message.bind, msg::ipv4_of(message.local), message.local_ports.ranges(), message.lease,
          message.tunnel, message.endpoint},
         *request, now);
}

void Session::receive(const msg::AssignResponseRsaIp& message, TimePoint now) {
  const auto request = take_answered(message.trailer, msg::MessageType::kAssignResponseRsaIp);
  if (!request || client_ != message.client) return;
  accept({message.bind,
          msg::ipv4_of(message.local),
          {},
          message.lease,
          message.tunnel,
          message.endpoint},
         *request, now);
}

void Session::accept(Grant grant, const Outstanding& request, TimePoint now) {
  if (stopping_) return to_free_.push_back(grant.bind);
  if (const char* wrong = objection(grant)) {
    if (book_.find(grant.bind) == nullptr) to_free_.push_back(grant.bind);
    act(Problem{
        {ErrorKind::kProtocol, std::string("refused what the gateway assigned: ") + wrong, ""},
        book_.all().empty()});
    if (!book_.all().empty()) wanted_.pop_front();
    growth_refused_ = true;
    grow_again_at_ = now + kGrowthPause;
    return retry_later(now);
  }
  if (!wanted_.empty()) wanted_.pop_front();
  failures_ = 0;
  book_.add(grant.bind, *grant.local, std::move(grant.ports), grant.life, request.sent_at);
  registered_until_ = std::max(registered_until_, request.sent_at + grant.life);
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
  for (const Lease& lease : leases()) {
    for (const PortRange& held : lease.ports) {
      for (const PortRange& fresh : grant.ports) {
        if (held.overlaps(fresh)) return "a port that is leased already";
      }
    }
  }
  return nullptr;
}

void Session::receive(const msg::ExtendResponse& message, TimePoint now) {
  const auto request = take_answered(message.trailer, msg::MessageType::kExtendResponse);
  if (!request || client_ != message.client || request->bind != message.bind) return;
  if (!book_.extend(message.bind, message.lease, request->sent_at)) return;
  registered_until_ = std::max(registered_until_, request->sent_at + message.lease);
  failures_ = 0;
  retry_at_ = std::min(retry_at_, now);
  act(LeaseExtended{*book_.find(message.bind)});
}

void Session::receive(const msg::FreeResponse& message, TimePoint now) {
  take_answered(message.trailer, msg::MessageType::kFreeResponse);
  if (client_ != message.client) return;
  std::erase(to_free_, message.bind);
  const auto lost = book_.remove(message.bind);
  if (!lost) return;
  lose(*lost, "freed_by_gateway");
  act(LeasesChanged{});
  want_something();
  retry_later(now);
}

void Session::receive(const msg::ErrorResponse& message, TimePoint now) {
  if (is_unsolicited(message.trailer)) {
    if (message.code() == ErrorCode::kRegisterFirst && client_ && !stopping_) {
      return resynchronise("gateway_lost_state", now);
    }
    return act(Problem{explain(message), false});
  }
  if (message.trailer.counter) gateway_echoes_counter_ = true;
  refused(*std::exchange(outstanding_, std::nullopt), message, now);
}

void Session::refused(const Outstanding& request, const msg::ErrorResponse& error, TimePoint now) {
  if (request.type == msg::MessageType::kDeRegisterRequest) {
    stale_client_.reset();  // "this error SHOULD be ignored by the host" (section 10.2.2)
    if (stopping_) finish();
  } else if (request.type == msg::MessageType::kRegisterRequest) {
    register_refused(error, now);
  } else if (lost_synchronisation(error.code())) {
    if (stopping_) return finish();
    resynchronise("gateway_lost_state", now);
  } else if (request.type == msg::MessageType::kExtendRequest ||
             request.type == msg::MessageType::kFreeRequest) {
    bind_refused(request, error, now);
  } else if (!stopping_) {
    assign_refused(error, now);
  }
}

void Session::register_refused(const msg::ErrorResponse& error, TimePoint now) {
  if (error.code() == ErrorCode::kAlreadyRegistered && error.client) {
    stale_client_ = error.client;
    return pace_resynchronisation(now);
  }
  act(Problem{explain(error)});
  if (error.code() == ErrorCode::kRegistrationDenied ||
      error.code() == ErrorCode::kUnsupportedRsipVersion) {
    retry_at_ = now + kDeniedPause;
  } else {
    retry_later(now);
  }
}

void Session::assign_refused(const msg::ErrorResponse& error, TimePoint now) {
  if (wanted_.empty()) return;
  Wanted& block = wanted_.front();
  const bool suggested = !block.growth && (block.local || !block.ports.empty());
  if (suggested && refuses_suggestion(error.code())) {
    wanted_.pop_front();
    return want_something();
  }
  if (error.code() == ErrorCode::kLocalAddrportUnavailable && block.count > 1) {
    block.count /= 2;  // not that many, perhaps fewer (appendix A, 309)
    return;
  }
  act(Problem{explain(error), book_.all().empty()});
  if (block.growth) {
    wanted_.pop_front();
    growth_refused_ = true;
    grow_again_at_ = now + kGrowthPause;
    return act(LeasesChanged{});
  }
  retry_later(now);
}

void Session::bind_refused(const Outstanding& request, const msg::ErrorResponse& error, TimePoint) {
  std::erase(to_free_, request.bind);
  if (error.code() != ErrorCode::kBadBindId) return;  // an extension is tried again in time
  if (const auto lost = book_.remove(request.bind)) {
    want_again(*lost);
    lose(*lost, "gateway_lost_bind");
    act(LeasesChanged{});
  }
}

}  // namespace rsip::agent
