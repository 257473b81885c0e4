#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "common/rsip/codec.h"
#include "tests/bench/control/measure.h"
#include "tests/gateway/engine/engine.h"

// The gateway's engine as its server drives it: bytes of a request in, bytes of the reply out, and
// the table for the data path after each.
namespace rsip::bench {
namespace {

using gateway::Engine;
using std::chrono::seconds;

constexpr Ipv4Address kFirstHost{0x0A010100};
constexpr int kLeastRequests = 20000;  // of each kind, for a steady number
constexpr std::array kKinds{"REGISTER", "ASSIGN", "EXTEND", "QUERY", "FREE", "DE-REGISTER"};

gateway::EngineSettings settings() {
  gateway::EngineSettings made;
  made.pools = {{msg::Method::kRsapIp, {{Ipv4Address{0xCB007100}, 24}}, {1024, 64512}}};
  made.local_networks = {{Ipv4Address{0x0A010000}, 16}};
  return made;
}

/// One host as far as a gateway sees it.
struct Host {
  Ipv4Address address;
  ClientId client;
  BindId bind;
};

class Round {
 public:
  explicit Round(int hosts) : engine_(settings(), 1) {
    for (int i = 0; i < hosts; ++i) {
      hosts_.push_back({{kFirstHost.value + static_cast<std::uint32_t>(i)}, {}, {}});
    }
  }

  /// Every host goes through all requests; seconds that each kind took are added to `spent`.
  void run(std::array<double, kKinds.size()>& spent) {
    for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
      requests_.clear();
      for (const Host& host : hosts_) requests_.push_back(*msg::encode(request(kind, host)));
      const auto begin = Clock::now();
      for (std::size_t i = 0; i < hosts_.size(); ++i) answers_[i] = answer(hosts_[i], requests_[i]);
      spent[kind] += Seconds(Clock::now() - begin).count();
      for (std::size_t i = 0; i < hosts_.size(); ++i) learn(hosts_[i], answers_[i]);
    }
    now_ += seconds(200);  // past the hold of what was freed
  }

 private:
  msg::Message request(std::size_t kind, const Host& host) {
    const msg::Trailer trailer{++counter_, {}, {}};
    switch (kind) {
      case 0:
        return msg::RegisterRequest{trailer};
      case 1:
        return msg::AssignRequestRsapIp{host.client,
                                        msg::DontCare{},
                                        msg::Ports::dont_care(8),
                                        msg::DontCare{},
                                        msg::Ports::dont_care(1),
                                        msg::LeaseTime(600),
                                        {},
                                        trailer};
      case 2:
        return msg::ExtendRequest{host.client, host.bind, msg::LeaseTime(600), trailer};
      case 3:
        return msg::QueryRequest{host.client, {{host.address}}, {}, trailer};
      case 4:
        return msg::FreeRequest{host.client, host.bind, trailer};
      default:
        return msg::DeRegisterRequest{host.client, trailer};
    }
  }

  std::vector<std::uint8_t> answer(const Host& host, const std::vector<std::uint8_t>& bytes) {
    std::vector<std::uint8_t> reply;
    for (const gateway::Action& action : engine_.on({host.address}, msg::decode(bytes), now_)) {
      const auto* const said = std::get_if<gateway::Reply>(&action);
      if (said != nullptr) reply = *msg::encode(said->message);
    }
    keep(engine_.table());
    return reply;
  }

  static void learn(Host& host, const std::vector<std::uint8_t>& bytes) {
    const auto message = msg::decode(bytes);
    if (!message || std::holds_alternative<msg::ErrorResponse>(*message)) {
      std::fprintf(stderr, "control_bench: the engine refused a request\n");
      std::exit(1);
    }
    if (const auto* said = std::get_if<msg::RegisterResponse>(&*message))
      host.client = said->client;
    if (const auto* said = std::get_if<msg::AssignResponseRsapIp>(&*message))
      host.bind = said->bind;
  }

  Engine engine_;
  std::vector<Host> hosts_;
  std::vector<std::vector<std::uint8_t>> requests_;
  std::vector<std::vector<std::uint8_t>> answers_ = std::vector<std::vector<std::uint8_t>>(4096);
  TimePoint now_{std::chrono::hours(1)};
  std::uint32_t counter_ = 0;
};

/// Requests a second of each kind.
std::array<double, kKinds.size()> rates(int hosts) {
  std::array<double, kKinds.size()> spent{};
  Round round(hosts);
  const int rounds = std::max(1, kLeastRequests / hosts);
  for (int i = 0; i < rounds; ++i) round.run(spent);
  for (double& time : spent) time = rounds * hosts / time;
  return spent;
}

}  // namespace

void measure_engine() {
  const auto one = rates(1);
  const auto thousand = rates(1000);
  const auto many = rates(4000);
  std::printf("\ngateway engine, requests a second (bytes in, bytes out)\n");
  std::printf("  %-14s%12s%14s%8s%14s%8s\n", "request", "1 host", "1,000 hosts", "ratio",
              "4,000 hosts", "ratio");
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    std::printf("  %-14s%12.0f%14.0f%8.2f%14.0f%8.2f\n", kKinds[kind], one[kind], thousand[kind],
                thousand[kind] / one[kind], many[kind], many[kind] / one[kind]);
  }
}

}  // namespace rsip::bench
