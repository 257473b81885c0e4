#pragma once

#include <atomic>
#include <cstdint>

namespace rsip::gateway {

/// What has been carried for one bind, both ways. Bytes are those of the packets inside the tunnel.
/// The tunnel adds, anybody may read: the four are not one snapshot.
struct Usage {
  std::atomic<std::uint64_t> from_host_packets = 0;
  std::atomic<std::uint64_t> from_host_bytes = 0;
  std::atomic<std::uint64_t> to_host_packets = 0;
  std::atomic<std::uint64_t> to_host_bytes = 0;
};

}  // namespace rsip::gateway
