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

/// What becomes of datagrams, each with a probability of its own. They may always overtake each
/// other. UDP's checksum does not let a spoilt one through, only a cut one.
struct Wire {
  double drop = 0;
  double duplicate = 0;
  double cut = 0;  ///< Ends too early; towards hosts.
};

/// What the hosts of a realm want, unless a scenario says otherwise.
agent::SessionSettings host_settings();

/// Hosts and their gateway in one process: the agent's session and the gateway's engine talk
/// through the real codec over links that take time and fail, on a clock that jumps from event to
/// event.
class Realm {
 public:
  /// Hosts with a first wait talk UDP, over the wire; the others TCP, which loses nothing.
  Realm(std::size_t hosts, gateway::EngineSettings settings, std::uint64_t seed,
        agent::SessionSettings host = host_settings());

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
  /// A host forgets everything, without a word to the gateway, and begins anew.
  void restart(std::size_t host);
  /// Something happens to a host.
  void feed(std::size_t host, const agent::SessionEvent& event);

  [[nodiscard]] const agent::Session& session(std::size_t host) const {
    return hosts_[host].session;
  }
  [[nodiscard]] std::size_t size() const { return hosts_.size(); }
  [[nodiscard]] bool gateway_runs() const { return engine_ != nullptr; }
  gateway::Engine& engine() { return *engine_; }
  [[nodiscard]] TimePoint now() const { return now_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  /// What became of wishes to be reached.
  [[nodiscard]] const std::vector<agent::ListenFailed>& listens_failed() const {
    return listens_failed_;
  }
  Wire wire;

  /// Ports and SPIs that two hosts think are theirs, or that the gateway gives to somebody else: ""
  /// if all is well.
  [[nodiscard]] std::string disagreement();
  /// Leases that only a host or only the gateway knows: "" if there are none.
  [[nodiscard]] std::string difference() const;
  /// Called after each event.
  std::function<void()> after_each = [] {};
  /// Called with whatever a host's session wants done, before it is.
  std::function<void(std::size_t host, const agent::SessionAction&)> on_action =
      [](std::size_t, const agent::SessionAction&) {};

 private:
  using Bytes = std::vector<std::uint8_t>;
  /// What the gateway answered to a host's last request over UDP (RFC 3103 section 10.1).
  struct LastMessage {
    std::uint32_t counter = 0;
    std::vector<Bytes> answers;
  };
  struct Host {
    Ipv4Address address;
    agent::Session session;
    bool udp = false;
    Bytes last_sent = {};
    LastMessage at_gateway = {};
    bool cut = false;
    std::uint64_t connection = 0;  ///< Rises with each, so that late bytes of an old one are lost.
    std::uint64_t life = 0;        ///< Rises with each restart; the next has other sockets.
    bool connected = false;
    bool finished = false;
    TimePoint last_arrival{};  ///< A link keeps the order of messages.
  };

  void at(TimePoint when, std::function<void()> what) { events_.emplace(when, std::move(what)); }
  Duration latency();

  void carry_out(std::size_t host, std::vector<agent::SessionAction> actions);
  void connect(std::size_t host);
  void lose_connection(std::size_t host, const char* why);
  using Deliver = std::function<void(const Bytes&)>;
  /// Calls deliver after some time, in order, if the connection still stands then; over UDP
  /// perhaps.
  void transmit(std::size_t host, const Bytes& bytes, const Deliver& deliver);
  void transmit_datagram(std::size_t host, const Bytes& bytes, const Deliver& deliver);
  [[nodiscard]] bool happens(double probability);
  void to_gateway(std::size_t host, const Bytes& bytes);
  void serve(std::size_t host, const Bytes& bytes);
  bool answer_again(std::size_t host, const gateway::Engine::Decoded& message);
  void carry_out(std::vector<gateway::Action> actions, std::optional<std::size_t> asked_by);
  void to_host(std::size_t host, Bytes bytes);
  [[nodiscard]] std::optional<std::size_t> index_of(Ipv4Address address) const;

  gateway::EngineSettings settings_;
  agent::SessionSettings host_settings_;
  std::mt19937_64 random_;
  TimePoint now_{std::chrono::hours(1)};
  std::multimap<TimePoint, std::function<void()>> events_;
  std::unique_ptr<gateway::Engine> engine_;
  std::vector<Host> hosts_;
  std::uint64_t messages_ = 0;
  std::vector<agent::ListenFailed> listens_failed_;
};

}  // namespace rsip::scenario
