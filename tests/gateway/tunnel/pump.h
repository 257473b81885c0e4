#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/base/time.h"
#include "common/packet/coalescer.h"
#include "common/packet/segmenter.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/tunnel/answers.h"
#include "tests/gateway/tunnel/counters.h"
#include "tests/gateway/tunnel/host_socket.h"
#include "tests/gateway/tunnel/judge.h"
#include "tests/gateway/tunnel/l2tp_peers.h"
#include "tests/gateway/tunnel/reassembler.h"
#include "tests/gateway/tunnel/tun_device.h"

namespace rsip::gateway {

/// Called on the pump's thread.
struct PumpEvents {
  /// A host did something wrong (RFC 3103 section 10.4). At most once a second for each host, and
  /// 100 times a second in all.
  std::function<void(Ipv4Address host, msg::ErrorCode error)> misuse;
  /// Somebody removed the TUN device. No packet moves any more.
  std::function<void()> device_gone;
};

/// Moves packets between the public side and the hosts' tunnels, both ways, on its own thread from
/// construction to destruction.
///
/// From the public, in this order: read from the TUN, put fragments together, find the host, check
/// that it fits the host's tunnel, cut super-packets, send. From hosts: receive, take the outer
/// headers off, put fragments together, verify the source, merge, write to the TUN.
///
/// The time to live is left alone: the kernel forwards each packet exactly once on its way between
/// the TUN and the outside, and decrements it there. A tunnel is one hop (RFC 2003 section 3.1).
class Pump {
 public:
  /// hosts          one socket, or none, for each kind of tunnel
  /// underlay_mtu   of the private network, in bytes: each tunnel has so much less as it adds
  Pump(TunDevice tun, std::vector<HostSocket> hosts, std::uint16_t underlay_mtu, PumpEvents events,
       IkeSettings ike = {});
  ~Pump();
  Pump(const Pump&) = delete;
  Pump& operator=(const Pump&) = delete;

  /// From the next batch on, packets are judged by this table.
  void publish(std::shared_ptr<const DemuxTable> table);
  [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
  static constexpr std::size_t kReadBatch = 32;
  static constexpr std::size_t kBufferBytes = 65536;
  static constexpr std::size_t kTunnelKinds = 3;

  /// The hosts of one kind of tunnel, and packets that wait to be sent to them.
  struct Outlet {
    HostSocket socket;
    std::uint16_t mtu;  ///< The largest packet that need not be fragmented outside.
    packet::WireBatch packets;
    std::array<TunnelPeer, packet::WireBatch::kCapacity> peers;
  };

  void run();
  void take_newer_table();

  void read_public();
  void from_public(std::span<std::uint8_t> bytes, const packet::Offload& offload);
  void deliver(const packet::Ipv4Packet& packet, const packet::Offload& offload);
  /// The same for each segment of a super-packet by itself.
  void deliver_segments(const packet::Ipv4Packet& packet, const packet::Offload& offload);
  void to_host(const packet::Ipv4Packet& packet, const packet::Offload& offload,
               const Owner& owner);
  bool refuse_too_big(const packet::Ipv4Packet& packet, const packet::Offload& offload,
                      std::uint16_t mtu);
  void queue(Outlet& outlet, packet::Segmenter& cut, const TunnelPeer& peer, const Owner& owner);
  void flush(Outlet& outlet);
  void flush_to_hosts();

  void read_hosts(Outlet& outlet);
  /// What is in an outer packet, unchecked; nothing if it is dropped or answered.
  std::optional<std::span<std::uint8_t>> unwrap(Outlet& outlet,
                                                const HostSocket::Received& received);
  std::optional<std::span<std::uint8_t>> unwrap_l2tp(Outlet& outlet,
                                                     const HostSocket::Received& received);
  void answer_keep_alive(Outlet& outlet, const packet::PppFrame& frame, const TunnelPeer& peer);
  void from_host(const TunnelSource& from, std::uint8_t outer_tos, std::span<std::uint8_t> bytes);
  void verify(const TunnelSource& from, const packet::Ipv4Packet& inner);
  void report(Ipv4Address host, const HostVerdict& verdict);
  void flush_to_public();
  void write_public(std::span<const std::uint8_t> packet);

  /// The whole datagram, kept until the end of the batch, if this fragment completes it.
  std::optional<packet::Ipv4Packet> reassemble(Reassembler& fragments, Ipv4Address sender,
                                               const packet::Ipv4Packet& fragment);
  void count_lost_fragments();

  TunDevice tun_;
  std::array<std::unique_ptr<Outlet>, kTunnelKinds> outlets_;  ///< By encapsulation; null: closed.
  L2tpPeers l2tp_peers_;
  PumpEvents events_;
  Counters counters_;

  std::mutex mutex_;  ///< Guards published_.
  std::shared_ptr<const DemuxTable> published_;
  std::atomic<std::uint64_t> generation_ = 0;  ///< Of published_: no lock without news.
  std::uint64_t generation_taken_ = 0;
  std::shared_ptr<const DemuxTable> table_ = std::make_shared<DemuxTable>();

  TimePoint now_;  ///< Read once per round.
  TunnelMemory memory_;
  Reassembler from_public_{{}};  ///< Two: neither side can use up the other's memory.
  Reassembler from_hosts_{{}};
  std::uint64_t lost_counted_ = 0;
  std::vector<std::vector<std::uint8_t>> reassembled_;  ///< And segments, until the batch is done.
  packet::WireBatch segments_;
  RateLimit too_big_limit_{100};
  RateLimit misuse_limit_{100};
  std::unordered_map<Ipv4Address, TimePoint> told_;  ///< When a host was reported last.

  std::vector<std::uint8_t> buffers_ = std::vector<std::uint8_t>(kReadBatch * kBufferBytes);
  packet::Coalescer to_public_;

  UniqueFd wake_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace rsip::gateway
