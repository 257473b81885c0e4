#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "agent/platform/underlay_socket.h"
#include "tests/fakes/event_descriptor.h"
#include "tests/fakes/packets.h"

namespace rsip::fakes {

/// The tunnel's wire in memory: the test plays the gateway.
class FakeUnderlay : public agent::UnderlaySocket {
 public:
  /// The gateway sends an inner packet.
  void inject(Bytes packet, std::uint8_t outer_tos = 0);
  /// Inner packets the gateway got since the last call.
  std::vector<Bytes> take_sent();
  /// Waits until the gateway got so many packets, at most some seconds; for tests with a pump
  /// thread.
  std::vector<Bytes> wait_for_sent(std::size_t count);
  /// Every packet from now on is lost.
  void refuse_sends(bool refuse);
  /// Packets of this size are lost from now on.
  void refuse_size(std::size_t bytes);
  /// Somebody else than the gateway sends packets.
  void inject_foreign(std::uint64_t packets);

  [[nodiscard]] int readable() const override { return event_.get(); }
  agent::Sent send(std::span<const packet::WirePacket> packets) override;
  std::span<const agent::TunnelPacket> receive() override;
  [[nodiscard]] std::uint64_t refused() const override;

 private:
  struct Injected {
    Bytes bytes;
    std::uint8_t outer_tos = 0;
  };

  EventDescriptor event_;
  mutable std::mutex mutex_;
  std::condition_variable sent_something_;
  std::deque<Injected> injected_;
  std::vector<Injected> lent_;  ///< Keeps the bytes of the last receive().
  std::vector<agent::TunnelPacket> received_;
  std::vector<Bytes> sent_;
  bool refuse_sends_ = false;
  std::size_t refused_size_ = 0;
  std::uint64_t foreign_ = 0;
};

}  // namespace rsip::fakes
