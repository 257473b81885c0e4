#include <algorithm>
#include <cstdio>
#include <deque>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "agent/control/session.h"
#include "common/rsip/codec.h"
#include "tests/bench/control/measure.h"
#include "tests/gateway/engine/engine.h"

// A thousand agents' sessions and one gateway's engine on a wire without delay, from the first
// REGISTER_REQUEST to the renewal of every lease. Time is virtual; what is measured is the work.
namespace rsip::bench {
namespace {

using std::chrono::minutes;

constexpr std::size_t kHosts = 1000;
constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kFirstHost{0x0A010100};

gateway::EngineSettings gateway_settings() {
  gateway::EngineSettings settings;
  settings.pools = {{msg::Method::kRsapIp, {{Ipv4Address{0xCB00710A}, 32}}, {1024, 64512}}};
  return settings;
}

class Crowd {
 public:
  Crowd() {
    for (std::size_t i = 0; i < kHosts; ++i) sessions_.emplace_back(host_settings(), i + 1);
  }

  /// Everybody connects, registers and leases a block.
  void begin() {
    for (std::size_t i = 0; i < kHosts; ++i) carry_out(i, sessions_[i].start(now_));
    deliver();
  }

  /// Time passes, with every renewal that is due on the way.
  void pass(Duration span) {
    const TimePoint end = now_ + span;
    while (!due_.empty() && due_.begin()->first <= end) {
      now_ = std::max(now_, due_.begin()->first);
      feed(due_.begin()->second, agent::Tick{});
      deliver();
    }
    now_ = end;
  }

  [[nodiscard]] std::size_t leases() const {
    std::size_t held = 0;
    for (const agent::Session& session : sessions_) held += session.leases().size();
    return held;
  }
  [[nodiscard]] std::size_t messages() const { return messages_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t extensions() const { return extensions_; }
  void end_gateway() { engine_.reset(); }
  void end_sessions() { sessions_ = std::deque<agent::Session>(); }

 private:
  struct Letter {
    std::size_t host;
    bool to_gateway;
    std::vector<std::uint8_t> bytes;
  };

  static agent::SessionSettings host_settings() {
    agent::SessionSettings settings;
    settings.gateway = kGateway;
    return settings;
  }
  static Ipv4Address address(std::size_t host) {
    return {kFirstHost.value + static_cast<std::uint32_t>(host)};
  }

  void post(std::size_t host, bool to_gateway, const msg::Message& message) {
    letters_.push_back({host, to_gateway, *msg::encode(message)});
    ++messages_;
    bytes_ += letters_.back().bytes.size();
  }

  void deliver() {
    while (!letters_.empty()) {
      const Letter letter = std::move(letters_.front());
      letters_.pop_front();
      if (letter.to_gateway) {
        at_gateway(letter);
      } else {
        feed(letter.host, agent::Received{*msg::decode(letter.bytes)});
      }
    }
  }

  void at_gateway(const Letter& letter) {
    for (const gateway::Action& action :
         engine_->on({address(letter.host)}, msg::decode(letter.bytes), now_)) {
      const auto* const reply = std::get_if<gateway::Reply>(&action);
      if (reply != nullptr) post(letter.host, false, reply->message);
    }
    keep(engine_->table());
  }

  void feed(std::size_t host, const agent::SessionEvent& event) {
    carry_out(host, sessions_[host].on(event, now_));
  }

  void carry_out(std::size_t host, const std::vector<agent::SessionAction>& actions) {
    reschedule(host);
    for (const agent::SessionAction& action : actions) {
      if (std::holds_alternative<agent::OpenLink>(action)) feed(host, agent::LinkUp{});
      if (std::holds_alternative<agent::LeaseExtended>(action)) ++extensions_;
      if (const auto* const send = std::get_if<agent::Send>(&action))
        post(host, true, send->message);
    }
  }

  void reschedule(std::size_t host) {
    if (host >= deadlines_.size()) deadlines_.resize(host + 1, TimePoint::max());
    due_.erase({deadlines_[host], host});
    deadlines_[host] = sessions_[host].next_deadline();
    if (deadlines_[host] != TimePoint::max()) due_.emplace(deadlines_[host], host);
  }

  std::unique_ptr<gateway::Engine> engine_ =
      std::make_unique<gateway::Engine>(gateway_settings(), 1);
  std::deque<agent::Session> sessions_;
  std::deque<Letter> letters_;
  std::vector<TimePoint> deadlines_;
  std::set<std::pair<TimePoint, std::size_t>> due_;
  TimePoint now_{std::chrono::hours(1)};
  std::size_t messages_ = 0;
  std::size_t bytes_ = 0;
  std::size_t extensions_ = 0;
};

template <class Work>
void print_phase(const char* what, const Crowd& crowd, Work work) {
  const std::size_t messages = crowd.messages();
  const std::size_t bytes = crowd.bytes();
  const auto begin = Clock::now();
  work();
  const double taken = Seconds(Clock::now() - begin).count();
  const auto sent = static_cast<double>(crowd.messages() - messages);
  std::printf("  %-28s%10.0f%12zu%10.1f%14.0f\n", what, sent, crowd.bytes() - bytes, taken * 1e3,
              sent / taken);
}

/// What the heap gives back when one side of the talk is gone.
template <class Work>
double bytes_given_back(Work work) {
  const std::size_t before = heap_bytes();
  work();
  return static_cast<double>(before - heap_bytes());
}

}  // namespace

void measure_sessions() {
  std::printf("\n%zu agents' sessions and one gateway's engine\n", kHosts);
  std::printf("  %-28s%10s%12s%10s%14s\n", "", "messages", "bytes", "ms", "messages/s");
  Crowd crowd;
  print_phase("register and lease", crowd, [&crowd] { crowd.begin(); });
  print_phase("renew, three times each", crowd, [&crowd] { crowd.pass(minutes(50)); });
  std::printf("  leases held %zu, extensions %zu\n", crowd.leases(), crowd.extensions());
  const double gateway = bytes_given_back([&crowd] { crowd.end_gateway(); });
  const double hosts = bytes_given_back([&crowd] { crowd.end_sessions(); });
  std::printf("  memory per host: gateway's engine %.0f bytes, agent's session %.0f bytes\n",
              gateway / kHosts, hosts / kHosts);
}

}  // namespace rsip::bench
