#include "agent/ipsec/coordinator.h"

#include <algorithm>
#include <random>
#include <ranges>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/ipsec/charon.h"
#include "agent/ipsec/connections.h"
#include "agent/ipsec/ike_holds.h"
#include "agent/ipsec/sa_reports.h"
#include "agent/ipsec/spi_pool.h"
#include "agent/ipsec/steering.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using Spis = std::set<std::uint32_t>;

constexpr std::chrono::milliseconds kTick{500};  ///< Reservations are not announced.
constexpr std::chrono::seconds kLongestStop{2};
constexpr std::chrono::milliseconds kStopLook{50};
constexpr Duration kAskAgain = std::chrono::seconds(10);
constexpr Duration kTerminateAgain = std::chrono::seconds(2);

std::optional<std::uint32_t> only_spi(const SpiLease& lease) {
  if (lease.spis.size() != 1 || lease.spis[0].count != 1) return std::nullopt;
  return lease.spis[0].first;
}

Spis all_spis(const std::vector<KernelSa>& sas) {
  Spis all;
  for (const KernelSa& sa : sas) all.insert(sa.spi);
  return all;
}

SpiReport::Use to_use(const SpiPool& pool, std::uint32_t spi, SpiPool::Use use) {
  if (use == SpiPool::Use::kInUse) return SpiReport::Use::kInUse;
  if (pool.next() == spi) return SpiReport::Use::kNext;
  return use == SpiPool::Use::kResting ? SpiReport::Use::kResting : SpiReport::Use::kFree;
}

}  // namespace

const char* to_string(CharonState state) {
  switch (state) {
    case CharonState::kAbsent:
      return "absent";
    case CharonState::kRefused:
      return "refused";
    case CharonState::kTroubled:
      return "troubled";
    case CharonState::kInStep:
      return "in_step";
    case CharonState::kNoSpi:
      return "no_spi";
  }
  return "?";
}

class CharonCoordinator : public Coordinator {
 public:
  CharonCoordinator(asio::io_context& io, CoordinatorSettings settings, KernelSas& kernel,
                    std::function<TimePoint()> now, CoordinatorEvents events);
  ~CharonCoordinator() override { kernel_.stop(); }
  CharonCoordinator(const CharonCoordinator&) = delete;
  CharonCoordinator& operator=(const CharonCoordinator&) = delete;

  void start() override;
  void use(std::vector<SpiLease> leases) override;
  void refused(std::optional<std::uint32_t> exactly, const Error& error) override;
  void ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) override;
  void stop(std::function<void()> stopped) override;
  [[nodiscard]] IpsecReport report() const override;

 private:
  /// Reads the kernel, and does what follows from it.
  void look();
  void look_soon();
  void read_kernel();
  void observe();
  void steer();
  void ask_for_missing();
  void give_back();
  void terminate_lost();
  void charon_listed();
  void charon_gone();
  void release(const std::vector<std::uint64_t>& holds, bool send);
  void tell_changed();
  void tick();

  void mark_lost(const std::vector<SpiLease>& before);
  void note_exact();
  void fill_pool();
  [[nodiscard]] Spis unleased_for(Ipv4Address local, Ipv4Address remote) const;
  [[nodiscard]] std::vector<BindId> unused_exact() const;
  [[nodiscard]] std::optional<std::uint32_t> spi_to_tell() const;
  [[nodiscard]] std::optional<std::uint16_t> ike_port() const;
  [[nodiscard]] IkeEnd ike_end() const;
  [[nodiscard]] std::set<Ipv4Address> addresses() const;
  [[nodiscard]] SaFacts facts() const;
  [[nodiscard]] CharonState charon_state() const;
  [[nodiscard]] std::optional<Error> problem() const;
  [[nodiscard]] bool in_user_space() const { return !user_space_.empty(); }

  void stop_after_list();
  void finish();

  asio::io_context& io_;
  const CoordinatorSettings settings_;
  KernelSas& kernel_;
  const std::function<TimePoint()> now_;
  const CoordinatorEvents events_;
  asio::steady_timer tick_;
  asio::steady_timer stop_timer_;
  asio::steady_timer stop_poll_;
  Charon charon_;
  Steering steering_;
  Connections connections_;
  SpiPool pool_;
  IkeHolds holds_;

  std::vector<SpiLease> leases_;
  std::vector<KernelSa> sas_;
  Spis user_space_;  ///< Of charon's associations that the kernel does not know (kernel-libipsec).
  Spis asked_exactly_;
  Spis exact_;    ///< Of leases that were asked for exactly.
  Spis lost_;     ///< In use when their lease ended.
  Spis refused_;  ///< Could not be leased, and are in use.
  Spis older_;    ///< Taken before charon was told any.
  std::vector<BindId> retiring_;
  std::set<BindId> returned_;
  TimePoint ask_after_{};        ///< For more: an answer is awaited until then, or was no.
  TimePoint terminate_after_{};  ///< What was lost, once more.
  std::optional<Error> kernel_problem_;
  std::optional<Error> watch_problem_;
  std::optional<Error> refusal_;
  std::optional<IpsecReport> last_;
  std::function<void()> stopped_;
  bool stopping_ = false;
  bool terminated_ = false;
  bool removing_ = false;
  bool finished_ = false;
  bool look_queued_ = false;
  bool ticking_ = false;
  /// Handlers of timers and posts that come after destruction find it gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

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
      pool_(settings_.spare, settings_.idle, std::random_device{}()) {}

void CharonCoordinator::start() {
  const auto watching = kernel_.start([this] {
    charon_.refresh();
    look();
  });
  if (!watching) watch_problem_ = watching.error();
  charon_.start();
}

void CharonCoordinator::use(std::vector<SpiLease> leases) {
  const std::vector<SpiLease> before = std::exchange(leases_, std::move(leases));
  if (before != leases_) {
    refusal_.reset();
    ask_after_ = {};
  }
  note_exact();
  fill_pool();
  mark_lost(before);
  release(holds_.leased([this](std::uint32_t spi) { return pool_.contains(spi); }), true);
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
  Spis used = all_spis(sas_);
  for (const CharonSa& sa : charon_.sas()) {
    for (const CharonChild& child : sa.children) used.insert(child.spi_in);
  }
  for (const std::uint32_t spi : used) {
    const bool was = std::ranges::any_of(
        before, [spi](const SpiLease& lease) { return contains(lease.spis, spi); });
    if (was && !pool_.contains(spi)) lost_.insert(spi);
  }
  std::erase_if(lost_, [this](std::uint32_t spi) { return pool_.contains(spi); });
  terminate_after_ = {};
  if (!lost_.empty()) charon_.refresh();
}

void CharonCoordinator::refused(std::optional<std::uint32_t> exactly, const Error& error) {
  refusal_ = error;
  if (exactly) {
    asked_exactly_.erase(*exactly);
    refused_.insert(*exactly);
    release(holds_.refused(*exactly), false);
  } else {
    ask_after_ = now_() + kAskAgain;
  }
  tell_changed();
}

void CharonCoordinator::ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) {
  read_kernel();
  const Spis unleased = stopping_ ? Spis{} : unleased_for(local, remote);
  if (unleased.empty()) {
    release({hold}, true);
  } else {
    for (const std::uint32_t spi : holds_.add(hold, unleased, now_())) {
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
  });
}

void CharonCoordinator::look() {
  if (finished_) return;
  read_kernel();
  observe();
  holds_.forget(now_());
  if (!stopping_) {
    steer();
    give_back();
    terminate_lost();
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
  std::erase_if(older_, gone);
  std::erase_if(asked_exactly_,
                [&](std::uint32_t spi) { return gone(spi) && !holds_.waits_for(spi); });
  in_use.insert(user_space_.begin(), user_space_.end());
  std::erase_if(lost_, gone);
  if (!steering_.ever_told()) older_.insert(in_use.begin(), in_use.end());
  pool_.observe(in_use, now_());
}

void CharonCoordinator::steer() {
  if (leases_.empty()) return;
  steering_.steer({spi_to_tell(), ike_port()});
  if (steering_.in_step() && pool_.next()) connections_.begin_at(ike_end());
}

IkeEnd CharonCoordinator::ike_end() const {
  return {leases_[0].local, leases_[0].ports, settings_.ike_on_500};
}

/// With none free charon is told one that is in use, and gets none: without a range it would take
/// some that are not leased. ESP in user space needs no leased SPI, but would hang.
std::optional<std::uint32_t> CharonCoordinator::spi_to_tell() const {
  if (pool_.next()) return pool_.next();
  if (in_user_space() || pool_.spis().empty()) return std::nullopt;
  return pool_.spis().begin()->first;
}

std::optional<std::uint16_t> CharonCoordinator::ike_port() const {
  if (settings_.ike_on_500 || leases_.empty() || leases_[0].ports.empty()) return std::nullopt;
  const PortRange ports = leases_[0].ports[0];
  return ports.count < 2 ? std::nullopt : std::optional(ports.first);
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
  if (terminations(charon_.sas(), lost_).empty() || now_() < terminate_after_) return;
  terminate_after_ = now_() + kTerminateAgain;
  charon_.terminate(lost_);
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
  if (leases_.empty() && holds_.empty() && lost_.empty()) return;
  if (finished_ || std::exchange(ticking_, true)) return;
  tick_.expires_after(kTick);
  tick_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
    if (cancelled || alive.expired()) return;
    ticking_ = false;
    look();
    tick();
  });
}

void CharonCoordinator::stop(std::function<void()> stopped) {
  stopped_ = std::move(stopped);
  if (std::exchange(stopping_, true)) return;
  stop_timer_.expires_after(kLongestStop);
  stop_timer_.async_wait(
      [this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
        if (!cancelled && !alive.expired()) finish();
      });
  connections_.unload();
  charon_.refresh();
  if (!charon_.up()) finish();
}

/// Ends what has leased SPIs, once, and looks until charon has told all peers so.
void CharonCoordinator::stop_after_list() {
  if (removing_ || finished_) return;
  Spis leased;
  for (const auto& entry : pool_.spis()) leased.insert(entry.first);
  if (terminations(charon_.sas(), leased).empty()) {
    removing_ = true;
    return steering_.clear([this] { finish(); });
  }
  if (!std::exchange(terminated_, true)) charon_.terminate(leased);
  stop_poll_.expires_after(kStopLook);
  stop_poll_.async_wait([this, alive = std::weak_ptr(alive_)](boost::system::error_code cancelled) {
    if (!cancelled && !alive.expired() && !finished_) charon_.refresh();
  });
}

void CharonCoordinator::finish() {
  if (std::exchange(finished_, true)) return;
  steering_.clear_file();
  kernel_.stop();
  charon_.stop();
  tick_.cancel();
  stop_timer_.cancel();
  stop_poll_.cancel();
  asio::post(io_, std::move(stopped_));
}

IpsecReport CharonCoordinator::report() const {
  IpsecReport report{charon_state(), charon_.version(), problem(), {}, report_sas(facts())};
  for (const auto& [number, spi] : pool_.spis()) {
    report.spis.push_back({number, spi.bind, to_use(pool_, number, spi.use)});
  }
  return report;
}

std::set<Ipv4Address> CharonCoordinator::addresses() const {
  std::set<Ipv4Address> all;
  for (const SpiLease& lease : leases_) all.insert(lease.local);
  return all;
}

SaFacts CharonCoordinator::facts() const {
  return {sas_, charon_.sas(), pool_, addresses(), lost_, refused_, older_, settings_.fragment};
}

CharonState CharonCoordinator::charon_state() const {
  if (charon_.up()) {
    return pool_.next() && steering_.in_step() ? CharonState::kInStep : CharonState::kNoSpi;
  }
  if (!charon_.end()) return CharonState::kAbsent;
  switch (charon_.end()->why) {
    case ViciEnd::Why::kRefused:
      return CharonState::kRefused;
    case ViciEnd::Why::kTroubled:
      return CharonState::kTroubled;
    default:
      return CharonState::kAbsent;
  }
}

std::optional<Error> CharonCoordinator::problem() const {
  if (kernel_problem_) return kernel_problem_;
  if (watch_problem_) return watch_problem_;
  const CharonState state = charon_state();
  if (state == CharonState::kRefused || state == CharonState::kTroubled) {
    return charon_.end()->error;
  }
  if (!settings_.fragment.empty() && charon_ignores_range(facts(), exact_)) {
    return Error{ErrorKind::kState, "charon takes SPIs that it was not told",
                 how_to_include(settings_.fragment)};
  }
  if (auto steering = steering_.problem()) return steering;
  if (connections_.problem()) return connections_.problem();
  return refusal_;
}

std::unique_ptr<Coordinator> make_coordinator(asio::io_context& io, CoordinatorSettings settings,
                                              KernelSas& kernel, std::function<TimePoint()> now,
                                              CoordinatorEvents events) {
  return std::make_unique<CharonCoordinator>(io, std::move(settings), kernel, std::move(now),
                                             std::move(events));
}

}  // namespace rsip::agent
