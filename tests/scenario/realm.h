#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "agent/control/session.h"
#include "tests/gateway/engine/engine.h"

namespace rsip::scenario {

/// Hosts and their gateway in one process: the agent's session and the gateway's engine talk
/// through the real codec over links that take time and fail, on a clock that jumps from event to
/// event.
class Realm {
 public:
  Realm(std::size_t hosts, gateway::EngineSettings settings, std::uint64_t seed);

  /// Lets virtual time pass.
  void run(Duration span);

  /// The gateway forgets everything and answers nobody until start_gateway().
  void crash_gateway();
  void start_gateway();
  /// The link of a host loses everything from now on, and nobody is told.
  void cut(std::size_t host);
  void mend(std::size_t host);
  void want_ports(std::size_t host) { feed(host, agent::PortsWanted{}); }
  void stop(std::size_t host) { feed(host, agent::Stop{}); }

  [[nodiscard]] const agent::Session& session(std::size_t host) const {
    return hosts_[host].session;
  }
  [[nodiscard]] std::size_t size() const { return hosts_.size(); }
  [[nodiscard]] bool gateway_runs() const { return engine_ != nullptr; }
  gateway::Engine& engine() { return *engine_; }
  [[nodiscard]] TimePoint now() const { return now_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

  /// Tuples that two hosts think are theirs, or that the gateway gives to somebody else: "" if all
  /// is well.
  [[nodiscard]] std::string disagreement();
  /// Called after each event.
  std::function<void()> after_each = [] {};

 private:
  struct Host {
    Ipv4Address address;
    agent::Session session;
    bool cut = false;
    std::uint64_t connection = 0;  ///< Rises with each, so that late bytes of an old one are lost.
    bool connected = false;
    bool finished = false;
    TimePoint last_arrival{};  ///< A link keeps the order of messages.
  };

  void at(TimePoint when, std::function<void()> what) { events_.emplace(when, std::move(what)); }
  Duration latency();

  void feed(std::size_t host, const agent::SessionEvent& event);
  void carry_out(std::size_t host, std::vector<agent::SessionAction> actions);
  void connect(std::size_t host);
  void lose_connection(std::size_t host, const char* why);
  /// Calls deliver after some time, in order, if the connection still stands then.
  void send(std::size_t host, const msg::Message& message,
            std::function<void(const gateway::Engine::Decoded&)> deliver);
  void carry_out(std::vector<gateway::Action> actions, std::optional<std::size_t> asked_by);
  void to_host(std::size_t host, const msg::Message& message);
  [[nodiscard]] std::optional<std::size_t> index_of(Ipv4Address address) const;

  gateway::EngineSettings settings_;
  std::mt19937_64 random_;
  TimePoint now_{std::chrono::hours(1)};
  std::multimap<TimePoint, std::function<void()>> events_;
  std::unique_ptr<gateway::Engine> engine_;
  std::vector<Host> hosts_;
  std::uint64_t messages_ = 0;
};

}  // namespace rsip::scenario
