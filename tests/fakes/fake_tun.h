#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "agent/platform/tun_device.h"
#include "tests/fakes/event_descriptor.h"
#include "tests/fakes/packets.h"

namespace rsip::fakes {

/// A TUN in memory: the test plays the host's stack.
class FakeTun : public agent::TunDevice {
 public:
  struct Written {
    packet::Offload offload;
    Bytes bytes;
  };

  /// The stack sends a packet.
  void inject(Bytes packet, std::optional<packet::Offload> offload = packet::Offload{});
  /// What the stack got since the last call.
  std::vector<Written> take_written();
  /// Waits until the stack got so many packets, at most some seconds; for tests with a pump thread.
  std::vector<Written> wait_for_written(std::size_t count);

  /// How the device behaves from now on.
  void set_mtu(std::uint32_t mtu);
  void refuse_writes(bool refuse);
  /// Somebody deletes the device: its descriptor reports an error for good.
  void vanish();

  [[nodiscard]] int readable() const override { return event_.get(); }
  std::span<const agent::TunRead> read() override;
  bool write(const packet::TunPacket& packet) override;
  [[nodiscard]] std::uint32_t mtu() const override;

 private:
  struct Injected {
    Bytes bytes;
    std::optional<packet::Offload> offload;
  };

  EventDescriptor event_;
  mutable std::mutex mutex_;
  std::condition_variable written_something_;
  std::deque<Injected> injected_;
  std::vector<Injected> lent_;  ///< Keeps the bytes of the last read().
  std::vector<agent::TunRead> reads_;
  std::vector<Written> written_;
  std::uint32_t mtu_ = 1480;
  bool refuse_writes_ = false;
};

}  // namespace rsip::fakes
