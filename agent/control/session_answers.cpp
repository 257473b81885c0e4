#include <algorithm>
#include <string>

#include "agent/control/session.h"

// What the gateway says: answers to our request, and what it sends by itself. A message that does
// not fit is discarded without an answer (RFC 3103 section 9.1).
namespace rsip::agent {

void Session::receive(const msg::RegisterResponse& message, TimePoint now) {
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
  changed_ = changed_ || offer_.policy() != message.policy;
  offer_.read(message);
  registered_until_ = TimePoint::min();
  registered_for(believed(message.lease), request->sent_at);
  act(Registered{message});
  if (const char* const why_not = offer_.obstacle()) {
    act(Problem{{ErrorKind::kState, "gateway " + settings_.gateway.to_string() + " " + why_not,
                 "choose another method or another gateway"}});
  }
  demand_.fit(offer_);
  want_base();
  renew_spi_needs();
  drop_hopeless_listens();
  queries_.ask_everything(now);
}

// R = max(R, Bi) (RFC 3103 section 6). No message extends a registration without binds: shortly
// before its end it is replaced, at a time of this host's own.
void Session::registered_for(Duration life, TimePoint from) {
  registered_until_ = std::max(registered_until_, from + life);
  const double part = std::uniform_real_distribution(0.02, 0.07)(random_);
  register_again_at_ = registered_until_ - std::chrono::duration_cast<Duration>(life * part);
}

void Session::receive(const msg::DeRegisterResponse& message, TimePoint now) {
  const bool answered =
      tracker_.take_answered(message.trailer, msg::MessageType::kDeRegisterResponse).has_value();
  if (!answered && !tracker_.is_asynchronous(message.trailer)) return;
  if (stopping_ && answered) return finish();
  if (answered || stale_client_ == message.client) {
    stale_client_.reset();  // one try is enough, whatever the answer names
    return step();
  }
  if (client_ != message.client) return;  // of an earlier life (section 10.2.1)
  demand_.keep_named();
  end_registration("deregistered_by_gateway", Loss::kRevoked);
  offer_.forget();
  changed_ = true;
  if (stopping_) return finish();
  want_base();
  pace_.fail(now);
}

void Session::receive(const msg::AssignResponseRsapIp& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kAssignResponseRsapIp);
  if (request) accept_block(grant_of(message), *request, now);
}

void Session::receive(const msg::AssignResponseRsaIp& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kAssignResponseRsaIp);
  if (request) accept_block(grant_of(message), *request, now);
}

void Session::receive(const msg::ListenResponse& message, TimePoint now) {
  const auto request = tracker_.take_answered(message.trailer, msg::MessageType::kListenResponse);
  if (request) accept_listen(grant_of(message), *request, now);
}

GrantTerms Session::terms_of(const std::optional<Ipv4Address>& local) const {
  // With RSA-IP a host may well have several addresses.
  const bool one_address = settings_.method == msg::Method::kRsapIp;
  return {settings_.gateway,
          *client_,
          offer_,
          leases(),
          own_,
          one_address ? local : std::nullopt,
          {},
          {},
          false,
          nullptr};
}

void Session::accept_block(const Grant& grant, const Request& request, TimePoint now) {
  if (stopping_) return refused_grants_.push_back(grant.bind);
  if (!client_ || demand_.empty()) return step();
  const Wanted block = demand_.front();
  GrantTerms terms = terms_of(block.local);
  terms.remote = offer_.scope_for(block.remote).value_or(RemoteScope{});
  const auto lease = examine(grant, terms);
  if (lease) {
    demand_.pop();
    take_in(*lease, grant, request);
    return assign_.reset();
  }
  refuse_grant(grant);
  report(lease.error());
  assign_.fail(now);
  Wanted& next = demand_.front();  // without suggestions: they did not help
  next.again = false;
  next.local.reset();
  next.ports.clear();
  if (block.growth || book_.outgoing_count() > 0) {
    demand_.pop();
    pause_growth(now);
  }
}

Listens::Item* Session::asked_item() {
  Listens::Item* const item = listens_.find(asked_listen_.server_port);
  return item != nullptr && item->wish == asked_listen_ ? item : nullptr;
}

void Session::accept_listen(const Grant& grant, const Request& request, TimePoint now) {
  if (stopping_) return refused_grants_.push_back(grant.bind);
  if (!client_) return step();
  Listens::Item* const item = asked_item();
  if (item == nullptr || item->bind) return refuse_grant(grant);  // unwanted meanwhile
  GrantTerms terms = terms_of(item->local ? item->local : usual_address());
  terms.listening = true;
  terms.remote = offer_.scope_for(item->wish.remote).value_or(RemoteScope{});
  const ListenWish& wish = item->wish;
  if (!wish.any_public_port) terms.port = wish.public_port.value_or(wish.server_port);
  auto lease = examine(grant, terms);
  if (!lease) {
    refuse_grant(grant);
    report(lease.error());
    return fail_listen(wish.server_port, lease.error(), now);
  }
  lease->server_port = wish.server_port;
  // Without a remote flow policy the gateway lets everybody in: the wish is for us to keep.
  if (wish.remote.address) lease->remote = wish.remote;
  Listens::granted(*item, take_in(std::move(*lease), grant, request));
}

const Lease& Session::take_in(Lease lease, const Grant& grant, const Request& request) {
  const Duration life = believed(grant.life);
  book_.add(std::move(lease), life, request.sent_at);
  registered_for(life, request.sent_at);
  step();
  reconnect_.reset();
  pace_.reset();
  changed_ = true;
  act(LeaseGranted{leases().back()});
  if (room() == 0) demand_.drop_growth();
  return leases().back();
}

// "If the host detects an error [...] it SHOULD send a FREE_REQUEST" (section 9.7.3). Not for a
// bind that is in use: that would free the wrong one.
void Session::refuse_grant(const Grant& grant) {
  step();  // so that it can be freed at once
  if (book_.find(grant.bind) == nullptr) refused_grants_.push_back(grant.bind);
}

void Session::receive(const msg::ExtendResponse& message, TimePoint) {
  const auto request = tracker_.take_answered(message.trailer, msg::MessageType::kExtendResponse);
  if (!request || client_ != message.client || request->bind != message.bind) return;
  const Duration life = believed(message.lease);
  if (!book_.extend(message.bind, life, request->sent_at)) return step();
  registered_for(life, request->sent_at);
  step();
  reconnect_.reset();
  pace_.reset();
  act(LeaseExtended{*book_.find(message.bind)});
}

void Session::receive(const msg::FreeResponse& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kFreeResponse, message.bind);
  if (request) {
    std::erase(refused_grants_, request->bind);
    std::erase(given_back_, request->bind);
    step();
  } else if (!tracker_.is_asynchronous(message.trailer)) {
    return;
  }
  if (client_ != message.client) return;
  std::erase(refused_grants_, message.bind);
  std::erase(given_back_, message.bind);
  const auto lost = book_.remove(message.bind);
  if (!lost) return;
  lose(*lost, "freed_by_gateway", Loss::kRevoked);
  if (!lost->spis.empty()) {
    want_spis();
    return spis_.pause_all(now);
  }
  lost->listening ? listens_.pause(now) : assign_.fail(now);
  want_base();
}

void Session::receive(const msg::QueryResponse& message, TimePoint now) {
  const auto request = tracker_.take_answered(message.trailer, msg::MessageType::kQueryResponse);
  if (!request) return;
  step();
  QueryWanted asked = queries_.answered(now);
  if (client_ != message.client || stopping_) return;
  reconnect_.reset();
  const bool everything = !names_something(asked);
  act(LocalityKnown{message, everything, std::move(asked)});
}

}  // namespace rsip::agent
