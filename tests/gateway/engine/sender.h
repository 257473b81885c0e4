#pragma once

#include <cstdint>
#include <optional>

#include "common/base/ipv4.h"

namespace rsip::gateway {

/// How a message of a host came. TLS counts as TCP: RFC 3103 section 5 knows these two.
enum class Transport : std::uint8_t { kTcp, kUdp };

/// Where a message came from.
struct Sender {
  Ipv4Address host;
  Transport transport = Transport::kTcp;
  std::optional<std::uint32_t> key;  ///< Id of the key that authenticated this message.
};

}  // namespace rsip::gateway
