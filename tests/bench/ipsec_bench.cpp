#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <random>
#include <vector>

#include "tests/bench/control/measure.h"
#include "tests/gateway/tunnel/judge.h"

// What it costs the gateway to tell whose an ESP packet is, and to publish a table with one lease
// more or less, with few and with many SPIs leased. Four SPIs a bind, four binds a host, all of one
// address.
namespace rsip::bench {
namespace {

using namespace rsip::gateway;

constexpr Ipv4Address kAddress{0xC6336401};
constexpr Ipv4Address kPeer{0xCB007105};
constexpr Ipv4Address kFirstHost{0x0A010001};
constexpr std::uint32_t kSpisOfBind = 4;
constexpr std::uint32_t kSpisOfHost = 16;
constexpr TimePoint kNow{std::chrono::hours(1)};
constexpr std::array kSizes{10U, 1000U, 100000U};

/// 20 bytes of IPv4 and 8 of ESP.
using EspBytes = std::array<std::uint8_t, 28>;

EspBytes esp_packet() {
  EspBytes bytes{0x45, 0, 0, 28, 0, 0, 0, 0, 64, 50};
  packet::store_u32(&bytes[12], kPeer.value);
  packet::store_u32(&bytes[16], kAddress.value);
  return bytes;
}

struct Leases {
  explicit Leases(std::uint32_t spis) : keeper({kAddress}) {
    std::mt19937 random(1);
    for (std::uint32_t i = 0; i < spis; i += kSpisOfBind) {
      // Spread over all SPIs, each bind in a block of its own.
      const auto first =
          static_cast<std::uint32_t>((i + kSpisOfBind) * (0xFFFFFFFFULL / (spis + 9)));
      const std::uint32_t count = std::min(kSpisOfBind, spis - i);
      const Ipv4Address host{kFirstHost.value + i / kSpisOfHost};
      if (i % kSpisOfHost == 0) keeper.add_host(host, {i + 1});
      keeper.add(kAddress, {}, {host, {i / kSpisOfBind + 1}}, {{first, count}});
      for (std::uint32_t j = 0; j < count; ++j) all.push_back(first + j);
    }
    std::ranges::shuffle(all, random);
    table = keeper.snapshot();
  }

  TableKeeper keeper;
  std::vector<std::uint32_t> all;  ///< SPIs in random order.
  std::shared_ptr<const DemuxTable> table;
};

struct Cost {
  double judge_ns;    ///< From the packet's bytes to the bind it is for.
  double publish_us;  ///< A lease more or less, and the table with it.
};

Cost cost_of(std::uint32_t spis) {
  Leases leases(spis);
  TunnelMemory memory;
  EspBytes bytes = esp_packet();
  std::size_t next = 0;
  bool lost = false;
  const double judge = seconds_per_call([&] {
    packet::store_u32(&bytes[20], leases.all[next]);
    next = next + 1 < leases.all.size() ? next + 1 : 0;
    const auto parsed = packet::Ipv4Packet::parse(bytes);
    const PublicVerdict verdict = judge_from_public(*leases.table, memory, *parsed, kNow);
    lost = lost || verdict.kind != PublicVerdict::Kind::kToHost;
    keep(verdict);
  });
  if (lost) std::fprintf(stderr, "ipsec_bench: a packet was for nobody\n");
  const Owner fresh{{kFirstHost.value - 1}, {1}};
  bool leased = false;
  const double publish = seconds_per_call([&] {
    leased = !leased;
    if (leased) {
      leases.keeper.add(kAddress, {}, fresh, {{0x1000, kSpisOfBind}});
    } else {
      leases.keeper.remove(kAddress, {}, fresh.host, fresh.bind, {{0x1000, kSpisOfBind}});
    }
    keep(leases.keeper.snapshot());
  });
  return {judge * 1e9, publish * 1e6};
}

void measure() {
  std::vector<Cost> costs;
  for (const std::uint32_t spis : kSizes) costs.push_back(cost_of(spis));
  std::printf("telling whose an ESP packet is\n  %10s%14s%16s%8s%14s%8s\n", "SPIs", "ns a packet",
              "packets/s", "ratio", "us a change", "ratio");
  for (std::size_t i = 0; i < costs.size(); ++i) {
    std::printf("  %10u%14.1f%16.0f%8.2f%14.2f%8.2f\n", kSizes[i], costs[i].judge_ns,
                1e9 / costs[i].judge_ns, costs[0].judge_ns / costs[i].judge_ns, costs[i].publish_us,
                costs[i].publish_us / costs[0].publish_us);
  }
}

}  // namespace
}  // namespace rsip::bench

int main() {
  rsip::bench::measure();
  return 0;
}
