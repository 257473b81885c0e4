#pragma once

#include "agent/datapath/flow_table.h"
#include "tests/fakes/packets.h"

namespace rsip::fakes {

inline constexpr std::uint8_t kTcpProtocol = 6;
inline constexpr std::uint8_t kUdpProtocol = 17;
inline constexpr std::uint8_t kIcmpProtocol = 1;

/// A table with one lease of 203.0.113.10.
inline agent::FlowTable leased_ports(std::vector<PortRange> ports, bool may_grow = true,
                                     std::uint64_t generation = 1) {
  return {generation,
          ip("10.1.0.1"),
          {{BindId{1}, ip("203.0.113.10"), false, std::move(ports)}},
          may_grow};
}

inline agent::FlowTable leased_address(std::uint64_t generation = 1) {
  return {generation, ip("10.1.0.1"), {{BindId{1}, ip("203.0.113.10"), true, {}}}, false};
}

}  // namespace rsip::fakes
