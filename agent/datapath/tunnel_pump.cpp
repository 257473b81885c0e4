#include "agent/datapath/tunnel_pump.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace rsip::agent {
namespace {

int to_poll_timeout(std::optional<Duration> patience) {
  if (!patience) return -1;
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(*patience).count());
}

/// Nothing to read but a state that stays: it would keep the thread awake for ever. A TUN that was
/// deleted reports POLLERR; a socket reports it once, for an ICMP error that came back.
constexpr int kTunIsGone = POLLERR | POLLHUP | POLLNVAL;
constexpr int kSocketIsGone = POLLHUP | POLLNVAL;

}  // namespace

TunnelPump::Wakeup::Wakeup() : descriptor_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

TunnelPump::Wakeup::~Wakeup() {
  close(descriptor_);
}

void TunnelPump::Wakeup::set() const {
  eventfd_write(descriptor_, 1);
}

void TunnelPump::Wakeup::clear() const {
  eventfd_t ignored = 0;
  eventfd_read(descriptor_, &ignored);
}

TunnelPump::TunnelPump(TunDevice& tun, UnderlaySocket& socket, const Clock& clock,
                       DatapathEvents events)
    : tun_(tun),
      socket_(socket),
      clock_(clock),
      device_gone_(std::move(events.device_gone)),
      path_(tun, socket, std::move(events.ports_wanted), std::move(events.ike_held),
            std::move(events.traffic)),
      thread_([this] { run(); }) {}

TunnelPump::~TunnelPump() {
  stopping_ = true;
  wakeup_.set();
  thread_.join();
  std::ranges::move(listing_for_, std::back_inserter(listings_));
  for (const auto& listed : listings_) listed({});
}

void TunnelPump::publish(std::shared_ptr<const FlowTable> table) {
  {
    const std::lock_guard lock(mutex_);
    published_ = std::move(table);
  }
  wakeup_.set();
}

void TunnelPump::release(std::uint64_t hold, bool send) {
  {
    const std::lock_guard lock(mutex_);
    releases_.push_back({hold, send});
  }
  wakeup_.set();
}

void TunnelPump::list_flows(std::function<void(FlowList)> listed) {
  {
    const std::lock_guard lock(mutex_);
    listings_.push_back(std::move(listed));
  }
  wakeup_.set();
}

void TunnelPump::take_orders() {
  wakeup_.clear();
  std::shared_ptr<const FlowTable> table;
  std::vector<Release> releases;
  {
    const std::lock_guard lock(mutex_);
    table = std::exchange(published_, nullptr);
    releases = std::exchange(releases_, {});
    // Who asks while a list is in the making gets the next one.
    if (listing_for_.empty()) listing_for_ = std::exchange(listings_, {});
  }
  const TimePoint now = clock_.now();
  if (table) path_.use(std::move(table), now);
  for (const auto& [hold, send] : releases) path_.release(hold, send, now);
}

// A part at a time: packets do not wait.
void TunnelPump::go_on_listing(TimePoint now) {
  if (listing_for_.empty() || !path_.list(listing_, now)) return;
  const FlowList flows = listing_.finish(now);
  listing_ = {};
  for (const auto& listed : std::exchange(listing_for_, {})) listed(flows);
  wakeup_.set();  // for those who asked meanwhile
}

void TunnelPump::lose_device(int& descriptor) const {
  descriptor = -1;
  if (device_gone_) device_gone_();
}

void TunnelPump::run() {
  std::array<pollfd, 3> waits{{{wakeup_.descriptor(), POLLIN, 0},
                               {tun_.readable(), POLLIN, 0},
                               {socket_.readable(), POLLIN, 0}}};
  auto& [wakeup, tun, socket] = waits;
  while (!stopping_) {
    const auto patience = listing_for_.empty() ? path_.patience() : Duration::zero();
    if (poll(waits.data(), waits.size(), to_poll_timeout(patience)) < 0) continue;
    if (wakeup.revents != 0) take_orders();
    const TimePoint now = clock_.now();
    if (tun.revents != 0 && !path_.pump_out(now) && (tun.revents & kTunIsGone) != 0) {
      lose_device(tun.fd);
    }
    if (socket.revents != 0 && !path_.pump_in(now) && (socket.revents & kSocketIsGone) != 0) {
      socket.fd = -1;
    }
    path_.tidy(now);
    go_on_listing(now);
  }
}

}  // namespace rsip::agent
