#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/control/session.h"

namespace rsip::agent::test {

/// A session under observation: whatever comes in, what comes out has to keep the rules. Shared by
/// the random tests and the fuzzer.
class SessionWatch {
 public:
  SessionWatch(SessionSettings settings, std::uint64_t seed)
      : session(settings, seed),
        settings_(std::move(settings)),
        udp_(settings_.first_wait > Duration::zero()) {}

  void start(TimePoint now) { look_at(session.start(now), {}, now); }

  void on(const SessionEvent& event, TimePoint now) {
    const View before = view();
    const auto client = session.client();
    std::vector<SessionAction> actions = session.on(event, now);
    if (std::holds_alternative<LinkDown>(event)) outstanding_ = false;
    const auto* const received = std::get_if<Received>(&event);
    if (received != nullptr && may_answer(received->message)) outstanding_ = false;
    may_send_ = !outstanding_;
    if (std::holds_alternative<Tick>(event) && actions.empty()) {
      require(session.next_deadline() > now, "it asks to be woken at once, for nothing");
    }
    require(actions.size() <= before.leases.size() + 48, "one event, an avalanche of actions");
    const bool told = look_at(actions, client, now);
    require(told || before == view(), "a change is not told");
    look_at_leases(now);
  }

  /// "" as long as all is well.
  std::string violation;
  bool finished = false;
  std::optional<msg::Message> request;   ///< The last one.
  std::optional<std::uint32_t> counter;  ///< Its own.
  int requests_since_time_passed = 0;
  Session session;

 private:
  using Held = std::tuple<BindId, Ipv4Address, std::vector<PortRange>, RemoteScope, msg::TunnelType,
                          Ipv4Address, bool, std::uint16_t, bool, std::vector<SpiRange>>;
  /// What the host has to match.
  struct View {
    std::vector<Held> leases;
    bool may_grow, suspended;
    std::vector<RemoteScope> refused;
    std::vector<ListenWish> listens;
    std::optional<msg::FlowPolicy> policy;
    bool operator==(const View&) const = default;
  };

  [[nodiscard]] View view() const {
    View now{{},
             session.may_grow(),
             session.suspended(),
             session.refused(),
             session.listens(),
             session.policy()};
    for (const Lease& l : session.leases()) {
      now.leases.emplace_back(l.bind, l.local, l.ports, l.remote, l.tunnel, l.endpoint, l.listening,
                              l.server_port, l.retiring, l.spis);
    }
    return now;
  }

  void require(bool holds, const char* what) {
    if (!holds && violation.empty()) violation = what;
  }

  [[nodiscard]] bool may_answer(const msg::Message& message) const {
    const auto said = std::visit([](const auto& m) { return m.trailer.counter; }, message);
    if (!request || (said && said != counter)) return false;
    using Type = msg::MessageType;
    const Type asked = msg::type_of(*request);
    const Type answer = msg::type_of(message);
    if (answer == Type::kErrorResponse) return true;
    if (asked == Type::kExtendRequest && answer == Type::kFreeResponse) return true;
    return static_cast<int>(asked) + 1 == static_cast<int>(answer);
  }

  /// Returns whether a change was told.
  bool look_at(const std::vector<SessionAction>& actions, std::optional<ClientId> client,
               TimePoint now) {
    require(actions.empty() || !finished, "an action after the end");
    if (now != last_time_) requests_since_time_passed = 0;
    last_time_ = now;
    int told = 0;
    bool sent = false;
    for (const SessionAction& action : actions) {
      if (const auto* const send = std::get_if<Send>(&action)) {
        require(!sent, "two requests at once");
        sent = true;
        look_at_request(send->message, now);
      }
      if (std::holds_alternative<LeasesChanged>(action)) {
        require(!sent, "it is told after the request that is sent because of it");
        ++told;
      }
      if (std::holds_alternative<CloseLink>(action) || std::holds_alternative<OpenLink>(action)) {
        outstanding_ = false;
      }
      if (std::holds_alternative<UseTcp>(action)) {
        require(udp_ && !session.client(), "the transport changes while registered");
        udp_ = false;
      }
      follow_registration(action);
      finished = finished || std::holds_alternative<Finished>(action);
    }
    require(told <= 1, "told twice");
    const bool same = session.client() && (session.client() == client || registered_now_);
    registered_now_ = false;
    require(!same || session.registered_until() == registered_until_, "R is not max(R, Bi)");
    return told > 0;
  }

  void look_at_request(const msg::Message& message, TimePoint now) {
    using Type = msg::MessageType;
    require(may_send_, "a request while another one is outstanding");
    outstanding_ = true;
    may_send_ = false;
    ++requests_since_time_passed;
    counter = std::visit([](const auto& m) { return m.trailer.counter; }, message);
    require(counter != 0U, "a request with counter 0");
    require(counter || !udp_, "no counter over UDP");
    request = message;
    const Type type = msg::type_of(message);
    const bool first = type == Type::kRegisterRequest || type == Type::kDeRegisterRequest;
    require(first || session.client(), "a request that needs a registration");
    require(type != Type::kRegisterRequest || !session.client(), "registered twice");
    require(static_cast<int>(type) % 2 == 0, "a response from a host");
    if (type == Type::kRegisterRequest) register_sent_at_ = now;
  }

  void follow_registration(const SessionAction& action) {
    if (const auto* const registered = std::get_if<Registered>(&action)) {
      registered_until_ = register_sent_at_ + believed(registered->response.lease);
      registered_now_ = true;
    }
    const Lease* lease = nullptr;
    if (const auto* const granted = std::get_if<LeaseGranted>(&action)) lease = &granted->lease;
    if (const auto* const extended = std::get_if<LeaseExtended>(&action)) lease = &extended->lease;
    if (lease != nullptr) registered_until_ = std::max(registered_until_, lease->expires_at);
  }

  void look_at_leases(TimePoint now) {
    std::set<BindId> binds;
    std::size_t ports = 0;
    for (const Lease& lease : session.leases()) {
      require(lease.expires_at > now, "a lease past its end");
      require(lease.expires_at <= session.registered_until(), "a lease past its registration");
      require(lease.local.is_usable_source(), "a lease of an impossible address");
      require(binds.insert(lease.bind).second, "two leases with one bind ID");
      for (const PortRange& range : lease.ports) {
        require(range.first > 0 && range.first + range.count <= 65536, "impossible ports");
      }
      if (!lease.listening && lease.spis.empty()) ports += port_count(lease.ports);
    }
    look_at_spis();
    require(session.client() || session.leases().empty(), "leases without a registration");
    require(ports <= settings_.max_ports + 255, "more ports than are wanted");
  }

  void look_at_spis() {
    std::set<std::pair<Ipv4Address, std::uint32_t>> known;
    std::uint64_t spis = 0;
    for (const Lease& lease : session.leases()) {
      spis += spi_count(lease.spis);
      require(!lease.retiring || lease.spis.empty(), "SPIs that flows give back");
      for (const SpiRange& range : lease.spis) {
        require(range.first >= kFirstSpi && range.last() >= range.first, "impossible SPIs");
        for (std::uint32_t i = 0; i < range.count; ++i) {
          require(known.emplace(lease.local, range.first + i).second, "an SPI twice");
        }
      }
    }
    const IpsecWish& wish = settings_.ipsec;
    const std::size_t base = wish.spis * std::max<std::size_t>(wish.peers.size(), 1);
    require(spis <= wish.max_spis + 2 * base, "more SPIs than are wanted");
  }

  SessionSettings settings_;
  bool udp_;
  bool outstanding_ = false;
  bool may_send_ = true;
  bool registered_now_ = false;
  TimePoint last_time_{};
  TimePoint register_sent_at_{};
  TimePoint registered_until_ = TimePoint::max();
};

}  // namespace rsip::agent::test
