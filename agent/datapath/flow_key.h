#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "common/base/ipv4.h"
#include "common/base/remote_scope.h"

namespace rsip::agent {

/// A flow as seen from this host. The identifier of an ICMP query takes the part of the local port,
/// its remote port is 0; protocols without ports have 0 in both.
struct FlowKey {
  std::uint8_t protocol = 0;
  Ipv4Address local;
  std::uint16_t port = 0;
  Ipv4Address remote;
  std::uint16_t remote_port = 0;
  bool operator==(const FlowKey&) const = default;
};

/// The application's socket that flows belong to.
struct SocketKey {
  std::uint8_t protocol = 0;
  Ipv4Address local;
  std::uint16_t port = 0;
  bool operator==(const SocketKey&) const = default;
};

inline SocketKey socket_of(const FlowKey& flow) {
  return {flow.protocol, flow.local, flow.port};
}

/// Spreads 64 bits over a hash table (finaliser of MurmurHash3).
inline std::size_t mix(std::uint64_t bits) {
  bits ^= bits >> 33;
  bits *= 0xFF51AFD7ED558CCDULL;
  bits ^= bits >> 33;
  bits *= 0xC4CEB9FE1A85EC53ULL;
  return bits ^ bits >> 33;
}

struct RemoteScopeHash {
  std::size_t operator()(const RemoteScope& scope) const {
    const auto address = scope.address ? std::uint64_t{scope.address->value} | 1ULL << 32 : 0;
    const auto port = scope.port ? std::uint64_t{*scope.port} | 1ULL << 16 : 0;
    return mix(address << 17 ^ port);
  }
};

}  // namespace rsip::agent

template <>
struct std::hash<rsip::agent::SocketKey> {
  std::size_t operator()(const rsip::agent::SocketKey& key) const noexcept {
    return rsip::agent::mix(std::uint64_t{key.local.value} << 32 | std::uint64_t{key.port} << 8 |
                            key.protocol);
  }
};

template <>
struct std::hash<rsip::agent::FlowKey> {
  std::size_t operator()(const rsip::agent::FlowKey& key) const noexcept {
    const std::size_t local = std::hash<rsip::agent::SocketKey>()(rsip::agent::socket_of(key));
    return rsip::agent::mix(
        local ^ (std::uint64_t{key.remote.value} << 16 | std::uint64_t{key.remote_port}));
  }
};
