#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/scenario/realm.h"

namespace rsip::scenario {

inline constexpr Ipv4Address kPublic{0xCB00710A};
inline constexpr Ipv4Address kPeer{0xC6336401};
inline constexpr std::uint32_t kPeers = 2;
inline constexpr std::uint16_t kSpis = 8;  ///< Of a host from the start.

inline gateway::EngineSettings settings(SpiRange spis = gateway::kUsualSpis,
                                        std::uint32_t addresses = 1) {
  gateway::EngineSettings all;
  for (std::uint32_t i = 0; i < addresses; ++i) {
    const Ipv4Address address{kPublic.value + i};
    all.pools.push_back({msg::Method::kRsapIp, {{address, 32}}, {1024, 4000}, "", spis});
  }
  all.lease = {std::chrono::seconds(10), std::chrono::seconds(600), std::chrono::seconds(600),
               std::chrono::seconds(120)};
  return all;
}

inline agent::SessionSettings host_with_ipsec() {
  agent::SessionSettings all = host_settings();
  all.ipsec = {kSpis, 32, 4, {}, {}};
  for (std::uint32_t i = 0; i < kPeers; ++i) {
    all.ipsec.peers.push_back(Ipv4Address{kPeer.value + i});
  }
  return all;
}

inline agent::SessionSettings host_over_udp() {
  agent::SessionSettings all = host_with_ipsec();
  all.first_wait = std::chrono::microseconds(12500);
  return all;
}

inline std::vector<SpiRange> spis_of(const agent::Session& session) {
  std::vector<SpiRange> all;
  for (const agent::Lease& lease : session.leases()) {
    all.insert(all.end(), lease.spis.begin(), lease.spis.end());
  }
  std::ranges::sort(all);
  return all;
}

inline bool is_same(const agent::SpisWanted& a, const agent::SpisWanted& b) {
  return a.exactly == b.exactly && a.local == b.local && a.peer == b.peer;
}

/// A realm whose hosts ask for SPIs, and what they hear of it. Watches that no SPI has two users,
/// that none is reserved, and which wishes are not answered yet.
class SpiRealm : public Realm {
 public:
  SpiRealm(std::size_t hosts, gateway::EngineSettings all, std::uint64_t seed,
           agent::SessionSettings host = host_with_ipsec())
      : Realm(hosts, std::move(all), seed, std::move(host)), open_(hosts) {
    on_action = [this](std::size_t of, const agent::SessionAction& action) { see(of, action); };
  }

  /// Has every change checked: nothing is ever used by two hosts, or without the gateway's word.
  void watch() {
    after_each = [this] {
      const auto table = gateway_runs() ? engine().table() : nullptr;
      const bool changed = std::exchange(changed_, false) || table != table_;
      table_ = table;
      if (!changed || ::testing::Test::HasFailure()) return;
      ASSERT_EQ(disagreement(), "");
    };
  }
  void want(std::size_t host, const agent::SpisWanted& wanted) {
    std::erase_if(open_[host], [&](const auto& open) { return is_same(open, wanted); });
    open_[host].push_back(wanted);
    feed(host, wanted);
  }
  void give_back(std::size_t host, BindId bind) { feed(host, agent::SpisUnwanted{{bind}}); }
  void forget(std::size_t host) {
    restart(host);
    open_[host].clear();
  }

  [[nodiscard]] std::size_t open_wishes() const {
    std::size_t all = 0;
    for (const auto& wishes : open_) all += wishes.size();
    return all;
  }
  [[nodiscard]] const std::vector<Error>& refusals() const { return refusals_; }

  /// Both sides know the same leases, and every wish gets its answer.
  void expect_calm() {
    // A repeated datagram that was overtaken is served twice; what nobody knows of then expires.
    for (int i = 0; i < 25 && !difference().empty(); ++i) run(std::chrono::seconds(30));
    EXPECT_EQ(difference(), "");
    EXPECT_EQ(disagreement(), "");
    EXPECT_EQ(open_wishes(), 0U);
    for (std::size_t i = 0; i < size(); ++i) {
      EXPECT_EQ(session(i).state(), agent::SessionState::kAssigned) << "host " << i;
      want(i, {1, {}, {}, kPeer});
    }
    run(std::chrono::minutes(2));
    EXPECT_EQ(open_wishes(), 0U) << "a wish of before was still open";
  }

 private:
  void see(std::size_t host, const agent::SessionAction& action) {
    auto& open = open_[host];
    changed_ = changed_ || std::holds_alternative<agent::LeasesChanged>(action);
    if (const auto* const refused = std::get_if<agent::SpisRefused>(&action)) {
      refusals_.push_back(refused->error);
      const auto answered =
          std::erase_if(open, [&](const auto& wish) { return is_same(wish, refused->wanted); });
      if (answered == 0) {
        EXPECT_FALSE(refused->wanted.exactly) << refused->error.message;
        forget_mistaken(open);
      }
    }
    if (const auto* const granted = std::get_if<agent::LeaseGranted>(&action)) {
      take(host, granted->lease);
    }
    if (std::holds_alternative<agent::LeasesChanged>(action)) {
      std::erase_if(open, [&](const auto& wish) {
        return wish.exactly && std::ranges::any_of(session(host).leases(), [&](const auto& lease) {
                 return contains(lease.spis, *wish.exactly) && fits(lease, wish);
               });
      });
    }
    if (std::holds_alternative<agent::Finished>(action)) open.clear();
  }

  static bool fits(const agent::Lease& lease, const agent::SpisWanted& wish) {
    return (!wish.local || wish.local == lease.local) &&
           (!wish.peer || lease.remote.allows(*wish.peer, std::nullopt));
  }

  /// A grant answered another wish than take() thought: any will do, they are all alike.
  static void forget_mistaken(std::vector<agent::SpisWanted>& open) {
    const auto like = std::ranges::find_if(open, [](const auto& wish) { return !wish.exactly; });
    if (like != open.end()) open.erase(like);
  }

  void take(std::size_t host, const agent::Lease& lease) {
    if (lease.spis.empty()) return;
    for (const SpiRange& range : lease.spis) EXPECT_GE(range.first, kFirstSpi);
    auto& open = open_[host];
    const auto answered = std::ranges::find_if(
        open, [&](const auto& wish) { return !wish.exactly && fits(lease, wish); });
    if (answered != open.end()) open.erase(answered);
  }

  std::vector<std::vector<agent::SpisWanted>> open_;
  std::vector<Error> refusals_;
  std::shared_ptr<const gateway::DemuxTable> table_;  ///< At the last check.
  bool changed_ = false;                              ///< At some host, since then.
};

}  // namespace rsip::scenario
