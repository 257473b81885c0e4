#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "agent/datapath/datapath.h"
#include "agent/datapath/packet_path.h"
#include "agent/platform/clock.h"

namespace rsip::agent {

/// Moves packets between a TUN device and a tunnel socket, on a thread of its own, as long as it
/// lives. Until the first table is published nothing passes.
class TunnelPump : public Datapath {
 public:
  /// Device, socket and clock must outlive it; nobody else may use device and socket meanwhile.
  /// Throws std::system_error if the system has no descriptor or thread left.
  TunnelPump(TunDevice& tun, UnderlaySocket& socket, const Clock& clock, DatapathEvents events);
  /// Ends the thread within the batch it works on.
  ~TunnelPump() override;
  TunnelPump(const TunnelPump&) = delete;
  TunnelPump& operator=(const TunnelPump&) = delete;

  void publish(std::shared_ptr<const FlowTable> table) override;
  void release(std::uint64_t hold, bool send) override;
  void list_flows(std::function<void(FlowList)> listed) override;
  [[nodiscard]] DatapathStats stats() const override { return path_.stats(); }
  [[nodiscard]] std::vector<BindingUse> use() const override {
    return path_.binding_use(clock_.now());
  }

 private:
  /// An eventfd(2) that wakes the thread.
  class Wakeup {
   public:
    Wakeup();
    ~Wakeup();
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }
    void set() const;
    void clear() const;

   private:
    int descriptor_;
  };

  void run();
  void take_orders();
  void go_on_listing(TimePoint now);
  void lose_device(int& descriptor) const;

  TunDevice& tun_;
  UnderlaySocket& socket_;
  const Clock& clock_;
  std::function<void()> device_gone_;
  PacketPath path_;
  Wakeup wakeup_;
  std::atomic<bool> stopping_ = false;
  struct Release {
    std::uint64_t hold;
    bool send;
  };
  std::mutex mutex_;  ///< For the next three; taken per publication, not per packet.
  std::shared_ptr<const FlowTable> published_;
  std::vector<Release> releases_;
  std::vector<std::function<void(FlowList)>> listings_;
  std::vector<std::function<void(FlowList)>> listing_for_;  ///< Of the thread: who waits for
  FlowListing listing_;                                     ///< this one.
  std::thread thread_;
};

}  // namespace rsip::agent
