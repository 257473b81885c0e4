#include "agent/control/session.h"

#include <algorithm>
#include <string>

// Events, deadlines and what follows from time passing. The answers of a gateway are handled in
// session_answers.cpp, the choice of the next request is made in session_requests.cpp.
namespace rsip::agent {
namespace {

using std::chrono::seconds;

constexpr Duration kStopTimeout = seconds(3);
constexpr Duration kGrowthPause = seconds(30);

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
    : settings_(settings), book_(seed), reconnect_(seed + 1), pace_(seed + 2), assign_(seed + 3) {
  want_something();
}

std::vector<SessionAction> Session::start(TimePoint) {
  open_link();
  return std::exchange(actions_, {});
}

// Time first: a lease whose time is up is gone, whatever the event says of it.
std::vector<SessionAction> Session::on(const SessionEvent& event, TimePoint now) {
  if (finished_) return {};
  expire(now);
  std::visit([&](const auto& e) { handle(e, now); }, event);
  proceed(now);
  return std::exchange(actions_, {});
}

SessionState Session::state() const {
  if (stopping_) return SessionState::kStopping;
  if (!book_.all().empty()) return SessionState::kAssigned;
  if (client_) {
    const auto& request = tracker_.outstanding();
    const bool assigning = request && (request->type == msg::MessageType::kAssignRequestRsapIp ||
                                       request->type == msg::MessageType::kAssignRequestRsaIp);
    return assigning ? SessionState::kAssigning : SessionState::kRegistered;
  }
  if (tracker_.outstanding()) return SessionState::kRegistering;
  return link_ == Link::kOpening ? SessionState::kConnecting : SessionState::kUnregistered;
}

bool Session::may_grow() const {
  return settings_.method == msg::Method::kRsapIp && !grow_again_at_ && !stopping_ &&
         book_.ports_leased() < settings_.max_ports;
}

TimePoint Session::next_deadline() const {
  if (finished_) return TimePoint::max();
  TimePoint next = std::min({stop_by_, tracker_.deadline(), next_request()});
  const auto consider = [&next](TimePoint at) { next = std::min(next, at); };
  if (const auto expiry = book_.next_expiry()) consider(*expiry);
  if (book_.all().empty()) consider(registered_until_);
  if (grow_again_at_) consider(*grow_again_at_);
  if (link_ == Link::kDown && !stopping_) consider(reconnect_.until());
  return next;
}

void Session::handle(const LinkUp&, TimePoint now) {
  link_ = Link::kUp;
  // The gateway may have restarted meanwhile: an EXTEND finds out (RFC 3103 section 10.2.2).
  if (client_) book_.verify_all(now);
}

void Session::handle(const LinkDown& event, TimePoint now) {
  if (link_ != Link::kDown) link_failed(event.reason, now);
}

void Session::handle(const NetworkBack&, TimePoint) {
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

void Session::handle(const PortsWanted&, TimePoint) {
  const bool asked_already = std::ranges::any_of(wanted_, &Wanted::growth);
  if (!may_grow() || asked_already || book_.all().empty()) return;
  const std::size_t room = settings_.max_ports - book_.ports_leased();
  Wanted block = any_block();
  block.local = book_.all().front().local;
  block.growth = true;
  block.count = static_cast<std::uint8_t>(std::min<std::size_t>(block.count, room));
  wanted_.push_back(std::move(block));
}

void Session::handle(const Tick&, TimePoint now) {
  if (now >= stop_by_) return finish();
  if (grow_again_at_ && now >= *grow_again_at_) {
    grow_again_at_.reset();
    act(LeasesChanged{});
  }
  if (const auto& overdue = tracker_.outstanding(); overdue && now >= tracker_.deadline()) {
    if (overdue->type == msg::MessageType::kFreeRequest) std::erase(to_free_, overdue->bind);
    const std::string what = msg::to_string(overdue->type);
    act(CloseLink{});
    link_failed({ErrorKind::kTimeout,
                 "gateway " + settings_.gateway.to_string() + " does not answer " + what,
                 "the agent connects again by itself"},
                now);
  }
  if (link_ == Link::kDown && reconnect_.over(now) && !finished_) open_link();
}

void Session::handle(const Stop&, TimePoint now) {
  if (stopping_) return;
  stopping_ = true;
  stop_by_ = now + kStopTimeout;
  wanted_.clear();
  // The host stops using the resources before it tells the gateway (RFC 3103 section 9.4).
  for (const Lease& lease : leases()) to_free_.push_back(lease.bind);
  drop_all_leases("stopped");
  if (link_ != Link::kUp) finish();
}

void Session::expire(TimePoint now) {
  const std::vector<Lease> expired = book_.expire(now);
  for (const Lease& lease : expired) {
    lose(lease, "expired");
    want_again(lease);
  }
  if (!expired.empty()) act(LeasesChanged{});
  if (book_.all().empty() && now >= registered_until_) {
    client_.reset();
    registered_until_ = TimePoint::max();
  }
}

void Session::open_link() {
  link_ = Link::kOpening;
  act(OpenLink{});
}

void Session::link_failed(const Error& reason, TimePoint now) {
  link_ = Link::kDown;
  tracker_.reset();
  if (stopping_) return finish();
  act(Problem{reason, book_.all().empty()});
  reconnect_.fail(now);
}

void Session::lose(const Lease& lease, const char* reason) {
  act(LeaseLost{lease, reason});
}

void Session::drop_all_leases(const char* reason) {
  const std::vector<Lease> dropped = book_.clear();
  for (const Lease& lease : dropped) lose(lease, reason);
  if (!dropped.empty()) act(LeasesChanged{});
}

Session::Wanted Session::any_block() const {
  const bool one_by_one = policy_ && policy_->local == msg::LocalFlowPolicy::kMicro;
  return {std::nullopt, {}, false, one_by_one ? std::uint8_t{1} : settings_.block_ports};
}

void Session::want_something() {
  if (!stopping_ && book_.all().empty() && wanted_.empty()) wanted_.push_back(any_block());
}

// The same address and ports again (RFC 3103 section 10.5): what peers know of us stays true.
void Session::want_again(const Lease& lost) {
  if (stopping_) return;
  Wanted block = any_block();
  block.local = lost.local;
  block.ports = lost.ports;
  wanted_.push_back(std::move(block));
}

void Session::resynchronise(const char* reason, TimePoint now) {
  stale_client_ = client_;
  client_.reset();
  registered_until_ = TimePoint::max();
  wanted_.clear();
  for (const Lease& lease : leases()) want_again(lease);
  drop_all_leases(reason);
  to_free_.clear();
  want_something();
  pace_.fail_gently(now);
}

void Session::pause_growth(TimePoint now) {
  grow_again_at_ = now + kGrowthPause;
  act(LeasesChanged{});  // whoever waits for ports learns that there are none
}

void Session::finish() {
  if (link_ != Link::kDown) act(CloseLink{});
  link_ = Link::kDown;
  tracker_.reset();
  finished_ = true;
  act(Finished{});
}

}  // namespace rsip::agent
