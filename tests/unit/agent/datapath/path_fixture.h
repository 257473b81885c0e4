#pragma once

#include <gtest/gtest.h>

#include "agent/datapath/packet_path.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_tun.h"
#include "tests/fakes/fake_underlay.h"
#include "tests/unit/agent/datapath/flow_fixture.h"

namespace rsip::fakes {

/// The packet path between a host's stack and a gateway, both played by the test.
class PathTest : public ::testing::Test {
 protected:
  const Endpoint host_ = at("203.0.113.10", 40000);
  const Endpoint mapped_ = at("203.0.113.10", 5000);
  const Endpoint server_ = at("198.51.100.7", 443);

  void lease(agent::FlowTable table) {
    path_->use(std::make_shared<const agent::FlowTable>(std::move(table)), clock_.now());
  }
  /// What the gateway gets when the stack sends this.
  std::vector<Bytes> send(Bytes packet,
                          std::optional<packet::Offload> offload = packet::Offload{}) {
    tun_.inject(std::move(packet), offload);
    path_->pump_out(clock_.now());
    return underlay_.take_sent();
  }
  /// What the stack gets when the gateway sends this, checksums completed as the stack would.
  std::vector<Bytes> receive(Bytes packet, std::uint8_t outer_tos = 0) {
    underlay_.inject(std::move(packet), outer_tos);
    path_->pump_in(clock_.now());
    std::vector<Bytes> packets;
    for (auto& written : tun_.take_written()) {
      if (written.offload.partial_checksum) {
        complete_checksum(packet::Ipv4Packet::parse(written.bytes).value(), written.offload);
      }
      packets.push_back(std::move(written.bytes));
    }
    return packets;
  }
  void pass(Duration time) {
    clock_.advance(time);
    path_->tidy(clock_.now());
  }
  [[nodiscard]] std::uint64_t drops(agent::DropReason reason) const {
    return path_->stats().drops[static_cast<std::size_t>(reason)];
  }
  [[nodiscard]] std::uint64_t all_drops() const {
    std::uint64_t total = 0;
    for (const std::uint64_t count : path_->stats().drops) total += count;
    return total;
  }

  FakeClock clock_;
  FakeTun tun_;
  FakeUnderlay underlay_;
  int ports_wanted_ = 0;
  std::vector<RemoteScope> scopes_wanted_;  ///< Of the last call.
  std::unique_ptr<agent::PacketPath> path_ =
      std::make_unique<agent::PacketPath>(tun_, underlay_, [this](std::vector<RemoteScope> scopes) {
        ++ports_wanted_;
        scopes_wanted_ = std::move(scopes);
      });
};

}  // namespace rsip::fakes
