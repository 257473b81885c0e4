#include "agent/control/session.h"

#include <algorithm>
#include <string>
#include <utility>

// The link, the deadlines, and what follows from time passing.
namespace rsip::agent {
namespace {

constexpr Duration kStopTimeout = std::chrono::seconds(3);
/// Binds that are freed one by one at the end. More of them would take too long, and the gateway
/// has to delete all binds of a host that de-registers (RFC 3103 section 9.4).
constexpr std::size_t kFreedAtStop = 8;

}  // namespace

const char* to_string(SessionState state) {
  switch (state) {
    case SessionState::kUnregistered:
      return "unregistered";
    case SessionState::kConnecting:
      return "connecting";
    case SessionState::kRegistering:
      return "registering";
    case SessionState::kRegistered:
      return "registered";
    case SessionState::kAssigning:
      return "assigning";
    case SessionState::kAssigned:
      return "assigned";
    case SessionState::kStopping:
      return "stopping";
  }
  return "?";
}

Session::Session(SessionSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)),
      offer_(settings_.method, settings_.tunnels),
      book_(seed),
      listens_(seed + 4),
      spis_(seed + 6),
      tracker_(settings_.first_wait),
      reconnect_(seed + 1),
      pace_(seed + 2),
      assign_(seed + 3),
      random_(seed + 5) {
  want_base();
}

std::vector<SessionAction> Session::start(TimePoint) {
  open_link();
  return std::exchange(actions_, {});
}

// Time first: a lease whose time is up is gone, whatever the event says of it. Changes are told
// before anything is sent because of them: what is given back must not be in use any more.
std::vector<SessionAction> Session::on(const SessionEvent& event, TimePoint now) {
  if (finished_) return {};
  pass_time(now);
  std::visit([&](const auto& e) { handle(e, now); }, event);
  if (!finished_) settle(now);
  tell_changes();
  proceed(now);
  return std::exchange(actions_, {});
}

SessionState Session::state() const {
  if (stopping_) return SessionState::kStopping;
  if (!book_.all().empty()) return SessionState::kAssigned;
  if (client_) {
    const auto& request = tracker_.outstanding();
    const bool assigning = request && request->type == assign_type();
    return assigning ? SessionState::kAssigning : SessionState::kRegistered;
  }
  if (tracker_.outstanding()) return SessionState::kRegistering;
  return link_ == Link::kOpening ? SessionState::kConnecting : SessionState::kUnregistered;
}

TimePoint Session::next_deadline() const {
  if (finished_) return TimePoint::max();
  TimePoint next =
      std::min({stop_by_, tracker_.deadline(), next_request(), refused_.next_expiry()});
  const auto consider = [&next](std::optional<TimePoint> at) {
    if (at) next = std::min(next, *at);
  };
  consider(book_.next_expiry());
  consider(grow_again_at_);
  consider(suspended_until_);
  if (book_.all().empty()) consider(registered_until_);
  if (link_ == Link::kDown && !stopping_) consider(reconnect_.until());
  return next;
}

void Session::handle(const LinkUp&, TimePoint now) {
  link_ = Link::kUp;
  if (!client_) return;
  // The gateway may have restarted meanwhile: an EXTEND finds out (RFC 3103 section 10.2.2).
  book_.verify_all(now);
  if (leases().empty()) queries_.ask_everything(now);
}

void Session::handle(const LinkDown& event, TimePoint now) {
  if (link_ != Link::kDown) link_failed(event.reason, now);
}

// Another network, or the same one again: what was near may be far now (RFC 3102 section 6.5).
void Session::handle(const NetworkBack&, TimePoint now) {
  if (client_) queries_.ask_everything(now);
  if (link_ != Link::kDown || stopping_) return;
  reconnect_.reset();
  open_link();
}

// An answer that gets us nowhere must not be followed by the same request at once.
void Session::handle(const Received& event, TimePoint now) {
  const bool waiting = tracker_.outstanding().has_value();
  stepped_ = false;
  std::visit([&](const auto& message) { receive(message, now); }, event.message);
  if (waiting && !tracker_.outstanding() && !stepped_) pace_.fail(now);
}

void Session::handle(const Tick&, TimePoint now) {
  if (now >= stop_by_) return finish();
  if (tracker_.outstanding()) look_after_request(now);
  if (link_ == Link::kDown && reconnect_.over(now) && !finished_) open_link();
}

void Session::handle(const Stop&, TimePoint now) {
  if (stopping_) return;
  stopping_ = true;
  changed_ = true;
  stop_by_ = now + kStopTimeout;
  demand_.clear();
  listens_.clear();
  spis_.clear();
  queries_.give_up();
  suspended_until_.reset();
  // The host stops using the resources before it tells the gateway (RFC 3103 section 9.4).
  refused_grants_.insert(refused_grants_.end(), given_back_.begin(), given_back_.end());
  for (const Lease& lease : leases()) refused_grants_.push_back(lease.bind);
  if (refused_grants_.size() > kFreedAtStop) refused_grants_.clear();
  given_back_.clear();
  lose_all("stopped", Loss::kGivenBack);
  if (link_ != Link::kUp) finish();
}

void Session::pass_time(TimePoint now) {
  for (const Lease& lease : book_.expire(now)) lose(lease, "expired", Loss::kOver);
  if (book_.all().empty() && now >= registered_until_) end_registration("expired", Loss::kOver);
  if (refused_.expire(now)) changed_ = true;
  if (grow_again_at_ && now >= *grow_again_at_) {
    grow_again_at_.reset();
    changed_ = true;
  }
}

// After the seventh wait over UDP, or the only one over TCP, the request has failed: back to the
// stable state before it (appendix D). Leases stay until their end.
void Session::look_after_request(TimePoint now) {
  if (tracker_.repeat(now)) return act(SendAgain{});
  if (!tracker_.failed(now)) return;
  const Request overdue = *tracker_.outstanding();
  if (overdue.type == msg::MessageType::kFreeRequest) {
    std::erase(refused_grants_, overdue.bind);
    std::erase(given_back_, overdue.bind);
  }
  const std::string what = msg::to_string(overdue.type);
  act(CloseLink{});
  link_failed(
      {ErrorKind::kTimeout, "gateway " + settings_.gateway.to_string() + " does not answer " + what,
       "the agent connects again by itself"},
      now);
}

void Session::open_link() {
  link_ = Link::kOpening;
  act(OpenLink{});
}

void Session::link_failed(const Error& reason, TimePoint now) {
  link_ = Link::kDown;
  spis_interrupted(reason, now);
  tracker_.reset();
  queries_.interrupted();
  plain_ = counter_wanted_ = false;
  if (stopping_) return finish();
  report(reason);
  reconnect_.fail(now);
}

// A lease that an answer has shortened to nothing is over, and so is a suspension when nothing is
// left to hope for.
void Session::settle(TimePoint now) {
  for (const Lease& lease : book_.expire(now)) lose(lease, "expired", Loss::kOver);
  update_listens();
  if (!suspended_until_) return;
  if (now < *suspended_until_ && (demand_.has_lost() || listens_.has_lost() || spis_.has_lost())) {
    return;
  }
  suspended_until_.reset();
  demand_.forget_losses();
  listens_.forget_losses();
  spis_.forget_losses();
  changed_ = true;
}

void Session::tell_changes() {
  if (std::exchange(changed_, false)) act(LeasesChanged{});
}

void Session::finish() {
  fulfilled_.clear();
  tell_changes();
  if (link_ != Link::kDown) act(CloseLink{});
  link_ = Link::kDown;
  tracker_.reset();
  finished_ = true;
  act(Finished{});
}

}  // namespace rsip::agent
