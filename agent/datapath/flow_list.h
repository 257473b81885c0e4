#pragma once

#include <cstdint>
#include <vector>

#include "agent/datapath/flow_key.h"
#include "agent/datapath/flow_life.h"
#include "common/base/ids.h"
#include "common/base/time.h"

/// What goes through a tunnel, copied out for people.
namespace rsip::agent {

/// One live flow.
struct ListedFlow {
  FlowKey app;               ///< The application's side.
  std::uint16_t leased = 0;  ///< The port that the remote sees.
  BindId bind;               ///< 0: its port is not leased at present.
  FlowState state = FlowState::kActive;
  BegunBy begun_by = BegunBy::kHost;
  Duration idle{};  ///< Since its last packet.
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  bool operator==(const ListedFlow&) const = default;
};

/// A leased port that flows have, or had a moment ago.
struct ListedPort {
  Ipv4Address local;
  std::uint16_t port = 0;
  std::uint32_t flows = 0;  ///< Live ones; 0: tuples of connections that ended still rest.
  bool operator==(const ListedPort&) const = default;
};

struct FlowList {
  /// More are not copied: those with the latest packets.
  static constexpr std::size_t kMostFlows = 4096;

  std::vector<ListedFlow> flows;  ///< The latest packet first.
  std::vector<ListedPort> ports;  ///< By address and number.
  std::size_t left_out = 0;       ///< Flows beyond kMostFlows.
};

}  // namespace rsip::agent
