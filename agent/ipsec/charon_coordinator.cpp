#include "agent/ipsec/charon_coordinator.h"

#include <algorithm>
#include <random>
#include <ranges>
#include <utility>

#include <boost/asio/post.hpp>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using Spis = std::set<std::uint32_t>;

constexpr std::chrono::seconds kTick{1};  ///< Reservations are not announced.
constexpr Duration kAskAgain = std::chrono::seconds(10);
constexpr Duration kLongestPause = std::chrono::minutes(5);
constexpr Duration kTerminateAgain = std::chrono::seconds(2);

std::optional<std::uint32_t> only_spi(const SpiLease& lease) {
  if (lease.spis.size() != 1 || lease.spis[0].count != 1) return std::nullopt;
  return lease.spis[0].first;
}

/// The gateway has not said no.
bool is_undecided(const Error& error) {
  return error.kind == ErrorKind::kUnreachable || error.kind == ErrorKind::kTimeout ||
         error.kind == ErrorKind::kState;
}

Spis all_spis(const std::vector<KernelSa>& sas) {
  Spis all;
  for (const KernelSa& sa : sas) all.insert(sa.spi);
  return all;
}

}  // namespace

CharonCoordinator::CharonCoordinator(asio::io_context& io, CoordinatorSettings settings,
                                     KernelSas& kernel, std::function<TimePoint()> now,
                                     CoordinatorEvents events)
    : io_(io),
      settings_(std::move(settings)),
      kernel_(kernel),
      now_(std::move(now)),
      events_(std::move(events)),
      tick_(io),
      stop_timer_(io),
      stop_poll_(io),
      charon_(io, settings_.vici_socket,
              {[this] { look(); }, [this] { charon_gone(); }, [this] { look_soon(); },
               [this] { charon_listed(); }}),
      steering_(charon_, settings_.fragment, [this] { look(); }),
      connections_(charon_, settings_.connections, [this] { tell_changed(); }),
      pool_(settings_.spare, settings_.idle, std::random_device{}()),
      ask_pause_(kAskAgain) {}

void CharonCoordinator::start() {
  const auto watching = kernel_.start([this] {
    look();
    charon_.refresh();
  });
  if (!watching) watch_problem_ = watching.error();
  charon_.start();
}

void CharonCoordinator::use(std::vector<SpiLease> leases) {
  // One that was lost and had again comes last.
  std::ranges::stable_partition(leases, [](const SpiLease& lease) { return !lease.ports.empty(); });
  const std::vector<SpiLease> before = std::exchange(leases_, std::move(leases));
  if (before != leases_) {
    refusal_.reset();
    ask_after_ = {};
    ask_pause_ = kAskAgain;
  }
  note_exact();
  fill_pool();
  mark_lost(before);
  release(waits_.leased([this](std::uint32_t spi) { return pool_.contains(spi); }), true);
  look();
  tick();
}

/// A lease of one SPI that was asked for exactly is another daemon's choice.
void CharonCoordinator::note_exact() {
  Spis held;
  for (const SpiLease& lease : leases_) {
    const auto spi = only_spi(lease);
    if (spi && (asked_exactly_.contains(*spi) || exact_.contains(*spi))) held.insert(*spi);
  }
  for (const std::uint32_t spi : held) asked_exactly_.erase(spi);
  exact_ = std::move(held);
}

void CharonCoordinator::fill_pool() {
  std::vector<SpiPool::Lease> leases;
  for (const SpiLease& lease : leases_) {
    const auto spi = only_spi(lease);
    leases.push_back({lease.bind, lease.spis, !spi || !exact_.contains(*spi)});
  }
  pool_.use(leases, now_());
  std::erase_if(returned_, [this](BindId bind) {
    return std::ranges::find(leases_, bind, &SpiLease::bind) == leases_.end();
  });
}

void CharonCoordinator::mark_lost(const std::vector<SpiLease>& before) {
  read_kernel();
  std::set<std::pair<Ipv4Address, std::uint32_t>> used;
  for (const KernelSa& sa : sas_) used.emplace(sa.destination, sa.spi);
  for (const CharonSa& sa : charon_.sas()) {
    for (const CharonChild& child : sa.children) used.emplace(sa.local, child.spi_in);
  }
  for (const auto& [local, spi] : used) {
    const bool was = std::ranges::any_of(before, [&](const SpiLease& lease) {
      return lease.local == local && contains(lease.spis, spi);
    });
    if (was && !pool_.contains(spi) && lost_.insert(spi).second) terminate_after_ = {};
  }
  std::erase_if(lost_, [this](std::uint32_t spi) { return pool_.contains(spi); });
  if (!lost_.empty()) charon_.refresh();
}

void CharonCoordinator::refused(std::optional<std::uint32_t> exactly, const Error& error) {
  refusal_ = error;
  if (exactly) {
    asked_exactly_.erase(*exactly);
    refused_.insert(*exactly);
    if (is_undecided(error)) {
      undecided_.insert(*exactly);
      decide_after_ = now_() + kAskAgain;
    }
    release(waits_.refused(*exactly), false);
  } else {
    ask_after_ = now_() + ask_pause_;
    if (error.kind != ErrorKind::kUnreachable) ask_pause_ = std::min(2 * ask_pause_, kLongestPause);
  }
  tell_changed();
}

void CharonCoordinator::ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) {
  read_kernel();
  const Spis unleased = stopping_ ? Spis{} : unleased_for(local, remote);
  if (unleased.empty()) {
    release({hold}, true);
  } else {
    for (const std::uint32_t spi : waits_.add(hold, unleased, now_())) {
      asked_exactly_.insert(spi);
      if (events_.spis_wanted) events_.spis_wanted(1, spi, remote);
    }
  }
  tick();
  look_soon();
}

/// The SPIs that this message may announce and that are not leased. An association that is in
/// place already and was refused a lease is not announced again.
Spis CharonCoordinator::unleased_for(Ipv4Address local, Ipv4Address remote) const {
  Spis unleased;
  const SaFacts known = facts();
  for (const KernelSa& sa : sas_) {
    const bool of_these =
        sa.destination == local && (sa.source == remote || sa.source.is_unspecified());
    const bool settled = !sa.larval && (refused_.contains(sa.spi) || lost_.contains(sa.spi));
    if (of_these && !settled && lacks_lease(sa, known)) unleased.insert(sa.spi);
  }
  return unleased;
}

void CharonCoordinator::look_soon() {
  if (std::exchange(look_queued_, true)) return;
  asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
    if (alive.expired()) return;
    look_queued_ = false;
    look();
    charon_.refresh();
  });
}

void CharonCoordinator::look() {
  if (finished_) return;
  read_kernel();
  observe();
  waits_.forget(now_());
  if (!stopping_) {
    steer();
    give_back();
    terminate_lost();
    adopt();
    ask_for_missing();
  }
  tell_changed();
}

void CharonCoordinator::read_kernel() {
  auto list = kernel_.list();
  kernel_problem_ = list ? std::nullopt : std::optional(list.error());
  if (list) sas_ = std::move(*list);
}

void CharonCoordinator::observe() {
  Spis in_use = all_spis(sas_);
  const auto gone = [&in_use](std::uint32_t spi) { return !in_use.contains(spi); };
  std::erase_if(refused_, gone);
  std::erase_if(undecided_, gone);
  std::erase_if(older_, gone);
  std::erase_if(asked_exactly_,
                [&](std::uint32_t spi) { return gone(spi) && !waits_.waits_for(spi); });
  in_use.insert(user_space_.begin(), user_space_.end());
  std::erase_if(lost_, gone);
  if (!steering_.ever_told()) older_.insert(in_use.begin(), in_use.end());
  pool_.observe(in_use, now_());
  if (refused_.empty() && pool_.missing() == 0) refusal_.reset();
}

void CharonCoordinator::steer() {
  if (leases_.empty()) return;
  steering_.steer({spis_to_tell(), ike_port()}, now_());
  if (steering_.in_step() && pool_.offer()) connections_.begin_at(ike_end(), now_());
  connections_.look(now_());
}

IkeEnd CharonCoordinator::ike_end() const {
  return {leases_[0].local, leases_[0].ports, settings_.ike_on_500};
}

/// With none free charon is told one that is in use, and gets none: without a range it would take
/// some that are not leased. ESP in user space needs no leased SPI, but would hang.
std::optional<SpiRange> CharonCoordinator::spis_to_tell() const {
  if (pool_.offer()) return pool_.offer();
  if (in_user_space() || pool_.spis().empty()) return std::nullopt;
  return SpiRange{pool_.spis().begin()->first, 1};
}

std::optional<std::uint16_t> CharonCoordinator::ike_port() const {
  if (settings_.ike_on_500 || leases_.empty() || leases_[0].ports.empty()) return std::nullopt;
  const PortRange ports = leases_[0].ports[0];
  return ports.count < 2 ? std::nullopt : std::optional(ports.first);
}

void CharonCoordinator::adopt() {
  if (now_() >= decide_after_) {
    for (const std::uint32_t spi : std::exchange(undecided_, {})) refused_.erase(spi);
  }
  const SaFacts known = facts();
  for (const KernelSa& sa : sas_) {
    const bool settled = refused_.contains(sa.spi) || lost_.contains(sa.spi);
    if (sa.larval || settled || !lacks_lease(sa, known)) continue;
    if (!asked_exactly_.insert(sa.spi).second) continue;
    if (events_.spis_wanted) events_.spis_wanted(1, sa.spi, sa.source);
  }
}

void CharonCoordinator::ask_for_missing() {
  const std::uint16_t missing = pool_.missing();
  const TimePoint now = now_();
  if (missing == 0 || now < ask_after_) return;
  ask_after_ = now + kAskAgain;
  if (events_.spis_wanted) events_.spis_wanted(missing, std::nullopt, std::nullopt);
}

void CharonCoordinator::give_back() {
  for (const BindId bind : pool_.retire_idle(now_())) retiring_.push_back(bind);
  for (const BindId bind : unused_exact()) retiring_.push_back(bind);
  // Charon must have moved on to an SPI of another lease first.
  if (retiring_.empty() || (charon_.up() && !steering_.in_step())) return;
  std::vector<BindId> unwanted;
  for (const BindId bind : std::exchange(retiring_, {})) {
    if (pool_.unused(bind) && returned_.insert(bind).second) unwanted.push_back(bind);
  }
  if (!unwanted.empty() && events_.spis_unwanted) events_.spis_unwanted(std::move(unwanted));
}

std::vector<BindId> CharonCoordinator::unused_exact() const {
  std::vector<BindId> unused;
  for (const SpiLease& lease : leases_ | std::views::drop(leases_.empty() ? 0 : 1)) {
    const auto spi = only_spi(lease);
    if (!spi || !exact_.contains(*spi) || returned_.contains(lease.bind)) continue;
    const bool rested = now_() - pool_.spis().at(*spi).since >= SpiPool::kRest;
    if (pool_.unused(lease.bind) && rested) unused.push_back(lease.bind);
  }
  return unused;
}

void CharonCoordinator::terminate_lost() {
  if (terminations(charon_.sas(), lost_, false).empty() || now_() < terminate_after_) return;
  charon_.terminate(lost_, terminate_after_ != TimePoint());
  terminate_after_ = now_() + kTerminateAgain;
}

void CharonCoordinator::charon_listed() {
  read_kernel();
  const Spis in_kernel = all_spis(sas_);
  user_space_.clear();
  for (const CharonSa& sa : charon_.sas()) {
    for (const CharonChild& child : sa.children) {
      if (child.encapsulated && child.spi_in != 0 && !in_kernel.contains(child.spi_in)) {
        user_space_.insert(child.spi_in);
      }
    }
  }
  look();
  if (stopping_) stop_after_list();
}

void CharonCoordinator::charon_gone() {
  user_space_.clear();
  steering_.went();
  connections_.went();
  tell_changed();
  if (stopping_) finish();
}

void CharonCoordinator::release(const std::vector<std::uint64_t>& holds, bool send) {
  for (const std::uint64_t hold : holds) {
    if (events_.release) events_.release(hold, send);
  }
}

void CharonCoordinator::tell_changed() {
  IpsecReport now = report();
  if (last_ == now) return;
  last_ = std::move(now);
  if (events_.changed) events_.changed();
}

void CharonCoordinator::tick() {
  if (leases_.empty() && waits_.empty() && lost_.empty()) return;
  if (finished_ || std::exchange(ticking_, true)) return;
  tick_.expires_after(kTick);
  tick_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
    if (cancelled || alive.expired()) return;
    ticking_ = false;
    look();
    tick();
  });
}

std::unique_ptr<Coordinator> make_coordinator(asio::io_context& io, CoordinatorSettings settings,
                                              KernelSas& kernel, std::function<TimePoint()> now,
                                              CoordinatorEvents events) {
  return std::make_unique<CharonCoordinator>(io, std::move(settings), kernel, std::move(now),
                                             std::move(events));
}

}  // namespace rsip::agent
