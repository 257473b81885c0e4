#include "agent/discovery/discovery.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/discovery/lease_reader.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;

struct Outcome {
  std::vector<FoundGateway> found;
  std::string trouble;
};

std::int64_t unix_time() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

LeaseHints read_hints(const DiscoverySettings& settings) {
  return read_leases({settings.interface, settings.interface_index, settings.dhcp_option,
                      unix_time(), settings.root});
}

SlpSettings with_hints(SlpSettings slp, const LeaseHints& hints) {
  if (slp.scopes.empty()) slp.scopes = hints.scopes;
  if (slp.directory_agents.empty()) slp.directory_agents = hints.directory_agents;
  return slp;
}

// It begins with a switch to the event loop: a coroutine that has never waited must not be
// cancelled, for Asio 1.24 throws the cancellation out of io_context::run() then.
asio::awaitable<Outcome> look_everywhere(DiscoverySettings settings) {
  co_await asio::post(asio::use_awaitable);
  Outcome outcome;
  const LeaseHints hints = read_hints(settings);
  add_found(outcome.found, gateways_of_lease(hints.gateways, settings.port));
  const auto enough = [&] { return !settings.ask_all && !outcome.found.empty(); };
  if (settings.use_slp && !enough()) {
    auto by_slp = co_await find_by_slp(with_hints(settings.slp, hints));
    if (by_slp) add_found(outcome.found, std::move(*by_slp));
    if (!by_slp) outcome.trouble = to_line(by_slp.error());
  }
  const auto router = settings.router ? settings.router : hints.router;
  if (settings.use_router && router && !enough()) {
    add_found(outcome.found, {gateway_of_router(*router, settings.port)});
  }
  co_return outcome;
}

}  // namespace

/// One search; whoever is to be told, and the way to end it.
struct Discovery::Run {
  asio::cancellation_signal stop;
  Done done;
  bool over = false;
};

std::vector<FoundGateway> gateways_of_lease(const std::vector<NamedGateway>& named,
                                            std::uint16_t default_port) {
  std::vector<FoundGateway> found;
  for (const NamedGateway& one : named) {
    FoundGateway gateway;
    gateway.address = one.address;
    gateway.port = one.port.value_or(default_port);
    gateway.source = "dhcp";
    gateway.trusted = true;
    found.push_back(std::move(gateway));
  }
  return found;
}

FoundGateway gateway_of_router(Ipv4Address router, std::uint16_t port) {
  FoundGateway gateway;
  gateway.address = router;
  gateway.port = port;
  gateway.source = "router";
  gateway.trusted = true;
  return gateway;
}

void add_found(std::vector<FoundGateway>& all, std::vector<FoundGateway> more) {
  for (FoundGateway& gateway : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&gateway](const FoundGateway& other) {
      return other.address == gateway.address && other.port == gateway.port;
    });
    if (!known) all.push_back(std::move(gateway));
  }
}

Discovery::Discovery(asio::io_context& io) : io_(io) {}

Discovery::~Discovery() {
  cancel();
}

void Discovery::search(DiscoverySettings settings, Done done) {
  cancel();
  run_ = std::make_shared<Run>();
  run_->done = std::move(done);
  auto finished = [run = run_](const std::exception_ptr& fault, Outcome outcome) {
    run->over = true;
    if (fault) outcome.trouble = "internal error while looking for gateways";
    if (const auto tell = std::exchange(run->done, nullptr)) {
      tell(std::move(outcome.found), std::move(outcome.trouble));
    }
  };
  asio::co_spawn(io_, look_everywhere(std::move(settings)),
                 asio::bind_cancellation_slot(run_->stop.slot(), std::move(finished)));
}

// From within the event loop the signal has its effect at once. From without, Asio would keep a
// pointer into it for later.
void Discovery::cancel() {
  const auto run = std::exchange(run_, nullptr);
  if (!run || run->over) return;
  run->done = nullptr;
  asio::post(io_, [run] {
    if (!run->over) run->stop.emit(asio::cancellation_type::terminal);
  });
}

}  // namespace rsip::agent
