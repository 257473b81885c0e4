#pragma once

#include <cstdint>
#include <optional>

#include "common/base/ipv4.h"

namespace rsip::gateway {

enum class Transport : std::uint8_t { kTcp, kUdp };

/// Where a control message came from.
struct Sender {
  Ipv4Address host;
  Transport transport = Transport::kTcp;  ///< TLS counts as TCP.
  std::optional<std::uint32_t> key = {};  ///< Of the key that authenticated this message.
};

}  // namespace rsip::gateway
