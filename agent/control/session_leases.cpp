#include <algorithm>

#include "agent/control/session.h"

// What is held, what is wanted, and what follows when something is lost.
namespace rsip::agent {
namespace {

using std::chrono::seconds;

constexpr Duration kGrowthPause = seconds(30);
/// How long flows wait for leases to come back as they were after a loss of synchronisation.
constexpr Duration kGrace = seconds(15);

}  // namespace

bool Session::may_grow() const {
  if (stopping_ || grow_again_at_ || room() == 0) return false;
  return settings_.method == msg::Method::kRsapIp || offer_.names_remotes();
}

/// Ports that may be leased further or, with RSA-IP, addresses.
std::size_t Session::room() const {
  const std::size_t held =
      settings_.method == msg::Method::kRsapIp ? book_.ports_leased() : book_.all().size();
  return settings_.max_ports > held ? settings_.max_ports - held : 0;
}

/// How many blocks are wanted though no flow asks for them. Where the gateway wants each remote
/// named there is nothing to ask for before a flow begins.
std::size_t Session::base_target() const {
  if (stopping_ || offer_.names_remotes()) return 0;
  return settings_.method == msg::Method::kRsaIp ? settings_.addresses : 1;
}

Wanted Session::any_block() const {
  Wanted block;
  block.count = offer_.one_port_at_a_time() ? std::uint8_t{1} : settings_.block_ports;
  return block;
}

void Session::want_base() {
  const std::size_t target = base_target();
  while (book_.outgoing_count() + demand_.base_count() < target) {
    demand_.add(any_block());
    if (demand_.size() >= Demand::kMost) return;
  }
}

// The same address and ports again (RFC 3103 section 10.5): what peers know of us stays true. What
// served one remote is worth one try, like all that flows ask for.
void Session::want_again(const Lease& lost, bool forgotten) {
  Wanted block = any_block();
  block.local = lost.local;
  block.ports = lost.ports;
  block.remote = lost.remote;
  block.growth = lost.remote.address.has_value();
  block.again = forgotten;
  forgotten ? demand_.add_first(std::move(block)) : demand_.add(std::move(block));
}

void Session::lose(const Lease& lease, const char* reason, Loss loss) {
  act(LeaseLost{lease, reason});
  changed_ = true;
  const bool again = loss == Loss::kForgotten || loss == Loss::kOver;
  if (lease.listening) {
    listens_.lost(lease, loss == Loss::kForgotten, !again);
  } else if (!lease.spis.empty()) {
    if (again && !stopping_) want_spis_again(lease, loss == Loss::kForgotten);
  } else if (again && !stopping_ && !lease.retiring) {
    want_again(lease, loss == Loss::kForgotten);
  }
}

void Session::lose_all(const char* reason, Loss loss) {
  for (const Lease& lease : book_.clear()) lose(lease, reason, loss);
}

/// Takes a lease out of use, which LeasesChanged says, and frees it after that.
void Session::give_back(BindId bind, const char* reason) {
  const auto lease = book_.remove(bind);
  if (!lease) return;
  given_back_.push_back(bind);
  lose(*lease, reason, Loss::kGivenBack);
}

void Session::suspend(TimePoint now) {
  if (!demand_.has_lost() && !listens_.has_lost() && !spis_.has_lost()) return;
  suspended_until_ = now + kGrace;
  changed_ = true;
}

void Session::pause_growth(TimePoint now) {
  demand_.drop_growth();
  grow_again_at_ = now + kGrowthPause;
  changed_ = true;  // whoever waits for ports learns that there are none
}

/// The gateway and we do not agree that we are registered (RFC 3103 section 10.2).
///
/// registered_there   it may still hold a registration of ours, which has to end first
void Session::resynchronise(bool registered_there, TimePoint now) {
  stale_client_ = registered_there ? client_ : std::nullopt;
  demand_.keep_named();
  end_registration("gateway_lost_state", Loss::kForgotten);
  suspend(now);
  pace_.fail_gently(now);
}

/// Everything that hung on the registration is over; what is wanted is not.
void Session::end_registration(const char* reason, Loss loss) {
  client_.reset();
  registered_until_ = register_again_at_ = TimePoint::max();
  refused_grants_.clear();
  given_back_.clear();
  queries_.interrupted();
  refuse_spi_growth({ErrorKind::kState, "the registration with the gateway ended", ""});
  lose_all(reason, loss);
  want_base();
}

}  // namespace rsip::agent
