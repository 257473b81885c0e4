#include <algorithm>
#include <string>
#include <utility>

#include "agent/control/refusals.h"
#include "agent/control/session.h"

// What the gateway refuses, error by error (RFC 3103 appendix A).
namespace rsip::agent {
namespace {

using msg::ErrorCode;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kLongPause = minutes(5);
/// For what only a new program at one of the two ends can change.
constexpr Duration kVeryLongPause = std::chrono::hours(1);
/// A gateway may say things by itself as often as it likes; a person is told this often.
constexpr Duration kNoticeSpacing = seconds(1);
constexpr Duration kResynchronisationSpacing = seconds(60);

bool is_one_of(ErrorCode code, std::initializer_list<ErrorCode> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

/// The gateway stumbles over what may be left out (203, 204).
bool wants_less(ErrorCode code) {
  return is_one_of(code, {ErrorCode::kExtraParam, ErrorCode::kIllegalParam});
}

/// It will not like the same bytes any better the next time.
bool is_about_the_bytes(ErrorCode code) {
  return wants_less(code) || is_one_of(code, {ErrorCode::kMessageCounterRequired,
                                              ErrorCode::kMissingParam, ErrorCode::kDuplicateParam,
                                              ErrorCode::kBadParam, ErrorCode::kBadMessage});
}

bool is_about_the_message(ErrorCode code) {
  return is_one_of(code, {ErrorCode::kIllegalMessage, ErrorCode::kUnsupportedMessage});
}

bool is_about_the_registration(ErrorCode code) {
  return is_one_of(
      code, {ErrorCode::kRegisterFirst, ErrorCode::kBadClientId, ErrorCode::kAlreadyUnregistered});
}

/// Another address may do.
bool is_about_the_address(ErrorCode code) {
  return is_one_of(code, {ErrorCode::kLocalAddrUnavailable, ErrorCode::kLocalAddrportUnavailable,
                          ErrorCode::kLocalAddrInuse, ErrorCode::kLocalAddrportInuse,
                          ErrorCode::kLocalAddrUnallowed, ErrorCode::kLocalAddrportUnallowed});
}

Error explain_listen(const msg::ErrorResponse& error, const Listens::Item& item) {
  Error why = explain(error);
  const std::uint16_t wanted = item.wish.public_port.value_or(item.wish.server_port);
  const std::string port = std::to_string(item.port.value_or(wanted));
  if (error.code() == ErrorCode::kLocalAddrportInuse) {
    why.message = "port " + port + (item.local ? " of " + item.local->to_string() : "") +
                  " is leased to another host (LOCAL_ADDRPORT_INUSE, RSIP error 311)";
    why.hint = "choose another public port, or let the gateway choose: --public-port any";
  } else {
    why.message = "cannot be reached at port " + port + ": " + why.message;
  }
  return why;
}

}  // namespace

void Session::receive(const msg::ErrorResponse& message, TimePoint now) {
  if (const auto request = tracker_.take_refused(message.trailer)) {
    refused(*request, message, now);
  } else if (tracker_.is_asynchronous(message.trailer)) {
    notice(message, now);
  }
}

void Session::notice(const msg::ErrorResponse& error, TimePoint now) {
  if (stopping_ || (error.client && error.client != client_)) return;
  if (client_ && is_about_the_registration(error.code())) {
    return resynchronise(error.code() != ErrorCode::kAlreadyUnregistered, now);
  }
  if (error.code() == ErrorCode::kBadBindId && error.bind && book_.find(*error.bind) != nullptr) {
    verify_one(error.bind, now);
  }
  tell_sometimes(error, now);
}

void Session::tell_sometimes(const msg::ErrorResponse& error, TimePoint now) {
  if (now < next_notice_at_) return;
  next_notice_at_ = now + kNoticeSpacing;
  act(Problem{explain(error), false});
}

void Session::refused(const Request& request, const msg::ErrorResponse& error, TimePoint now) {
  using Type = msg::MessageType;
  if (request.type == Type::kRegisterRequest) return register_refused(error, now);
  step();
  if (request.type == Type::kDeRegisterRequest) {
    stale_client_.reset();  // "this error SHOULD be ignored by the host" (section 10.2.2)
    return stopping_ ? finish() : void();
  }
  // Otherwise it is about a registration that we have given up meanwhile.
  if (!client_ || refused_for_all(request, error, now)) return;
  if (request.type == Type::kFreeRequest) return free_refused(request, now);
  if (stopping_) return;
  if (request.type == Type::kExtendRequest) return extend_refused(request, error, now);
  if (request.type == Type::kAssignRequestRsipsec) return spis_refused(error, now);
  if (error.code() == ErrorCode::kInternalServerError) pace_.fail(now);
  if (request.type == Type::kListenRequest) return listen_refused(error, now);
  if (request.type == Type::kQueryRequest) return query_refused(error, now);
  assign_refused(error, request.type, now);
}

/// The same once more without optional parameters (203, 204), or with the counter after all (105).
/// False if there is nothing to change.
bool Session::try_other_form(ErrorCode code) {
  if (code == ErrorCode::kMessageCounterRequired && plain_) {
    return !std::exchange(counter_wanted_, true);
  }
  return wants_less(code) && !std::exchange(plain_, true);
}

/// Errors that mean the same whatever was asked for. False if this is none of them.
bool Session::refused_for_all(const Request& request, const msg::ErrorResponse& error,
                              TimePoint now) {
  if (is_about_the_registration(error.code())) {
    if (stopping_) {
      finish();
    } else {
      resynchronise(error.code() != ErrorCode::kAlreadyUnregistered, now);
    }
    return true;
  }
  const bool about_spis = request.type == msg::MessageType::kAssignRequestRsipsec;
  if (about_spis && wants_less(error.code())) return false;
  if (!try_other_form(error.code())) return false;
  queries_.interrupted();
  if (request.type == msg::MessageType::kExtendRequest) book_.verify(request.bind, now);
  return true;
}

void Session::register_refused(const msg::ErrorResponse& error, TimePoint now) {
  const ErrorCode code = error.code();
  if (code == ErrorCode::kAlreadyRegistered && error.client) {
    (stopping_ ? client_ : stale_client_) = error.client;
    step();
    return pace_.fail_gently(now);
  }
  if (code == ErrorCode::kUseTcp && tracker_.over_udp() && !stopping_) {
    step();
    tracker_.use_tcp();
    act(UseTcp{});
    return open_link();
  }
  if (try_other_form(code)) return step();
  act(Problem{explain(error)});
  if (code == ErrorCode::kUnsupportedRsipVersion) {
    register_not_before_ = now + kVeryLongPause;
  } else if (code == ErrorCode::kRegistrationDenied || is_about_the_bytes(code) ||
             is_about_the_message(code)) {
    register_not_before_ = now + kLongPause;
  }
}

void Session::assign_refused(const msg::ErrorResponse& error, msg::MessageType type,
                             TimePoint now) {
  if (demand_.empty() || try_other_terms(error)) return;
  Wanted& block = demand_.front();
  const bool remote = is_one_of(
      error.code(), {ErrorCode::kRemoteAddrUnallowed, ErrorCode::kRemoteAddrportUnallowed});
  if (remote && block.remote.address) return refuse_remote(error, now);
  if (is_about_the_message(error.code())) {
    offer_.mark_unsupported(type);
    return report(explain(error));
  }
  if (!try_other_block(error.code())) give_up_block(error, now);
}

/// This remote is not to be reached, for a while; other flows have nothing to do with it.
void Session::refuse_remote(const msg::ErrorResponse& error, TimePoint now) {
  RemoteScope remote = offer_.scope_for(demand_.front().remote).value_or(RemoteScope{});
  if (error.code() == ErrorCode::kRemoteAddrUnallowed) remote.port.reset();
  refused_.add(remote, now);
  demand_.pop();
  changed_ = true;
  tell_sometimes(error, now);
}

/// More detail about remotes (103) or another tunnel (307). False if there is nothing to change.
bool Session::try_other_terms(const msg::ErrorResponse& error) {
  if (error.code() == ErrorCode::kBadTunnelType) {
    return leases().empty() && offer_.try_next_tunnel();
  }
  if (error.code() != ErrorCode::kFlowPolicyViolation || !offer_.demand_more_detail()) return false;
  changed_ = true;  // the data path has to name remotes
  demand_.fit(offer_);
  want_base();
  fit_spi_needs();
  drop_hopeless_listens();
  return true;
}

/// The same with fewer ports or without what was suggested. False if there is nothing to change.
bool Session::try_other_block(ErrorCode code) {
  Wanted& block = demand_.front();
  block.again = false;
  if (!block.growth && (block.local || !block.ports.empty())) {
    demand_.pop();  // a suggestion is worth one try
    want_base();
    return true;
  }
  if (code == ErrorCode::kLocalAddrportUnavailable && block.ports.empty() && block.count > 1) {
    block.count /= 2;  // not that many, perhaps fewer (appendix A, 309)
    return true;
  }
  if (!block.local || (block.ports.empty() && !is_about_the_address(code))) return false;
  if (block.ports.empty()) block.local.reset();
  block.ports.clear();
  block.count = any_block().count;
  return true;
}

void Session::give_up_block(const msg::ErrorResponse& error, TimePoint now) {
  report(explain(error));
  if (demand_.front().growth) {
    demand_.pop();
    return pause_growth(now);
  }
  assign_.fail(now);
  if (is_about_the_bytes(error.code())) assign_.pause(now + kLongPause);
}

void Session::listen_refused(const msg::ErrorResponse& error, TimePoint now) {
  const Listens::Item* const item = asked_item();
  if (item == nullptr || try_other_terms(error)) return;
  if (is_about_the_message(error.code())) {
    offer_.mark_unsupported(msg::MessageType::kListenRequest);
    return drop_hopeless_listens();
  }
  Listens::Item asked = *item;
  if (!asked.local) asked.local = usual_address();
  fail_listen(asked_listen_.server_port, explain_listen(error, asked), now);
}

void Session::query_refused(const msg::ErrorResponse& error, TimePoint now) {
  if (!is_about_the_message(error.code())) {
    QueryWanted asked = queries_.refused(now);
    if (names_something(asked)) act(LocalityKnown{{}, false, std::move(asked)});
    return;
  }
  offer_.mark_unsupported(msg::MessageType::kQueryRequest);
  if (queries_.give_up()) act(LocalityKnown{});
}

// An extension is tried again when its time comes.
void Session::extend_refused(const Request& request, const msg::ErrorResponse& error,
                             TimePoint now) {
  if (error.code() == ErrorCode::kBadBindId) {
    const auto lost = book_.remove(request.bind);
    if (!lost) return;
    lose(*lost, "gateway_lost_bind", Loss::kForgotten);
    want_base();
    want_spis();
    return suspend(now);
  }
  if (is_about_the_message(error.code())) offer_.mark_unsupported(msg::MessageType::kExtendRequest);
  if (is_about_the_bytes(error.code())) book_.postpone(request.bind, now + kLongPause);
  act(Problem{explain(error), false, request.bind});
}

// The bind is gone either way; whether the gateway knows the others, extensions find out ("the host
// SHOULD make an effort to resynchronize", section 9.12.3).
void Session::free_refused(const Request& request, TimePoint now) {
  std::erase(refused_grants_, request.bind);
  std::erase(given_back_, request.bind);
  if (stopping_ || now < next_resynchronisation_at_) return;
  next_resynchronisation_at_ = now + kResynchronisationSpacing;
  book_.verify_all(now);
}

}  // namespace rsip::agent
