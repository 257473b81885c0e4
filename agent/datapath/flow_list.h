#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
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

struct Flow;

/// A FlowList in the making: FlowMap::list() adds to it what it looks at in each call.
class FlowListing {
 public:
  /// Everything from the start.
  void begin(std::size_t buckets);
  /// Of the flow map when it began; 0: it has not.
  [[nodiscard]] std::size_t buckets() const { return buckets_; }
  /// The next one to look at.
  std::size_t next_bucket() { return next_++; }
  [[nodiscard]] bool complete() const { return buckets_ != 0 && next_ == buckets_; }

  void add(const Flow& flow, TimePoint now);
  /// What has been added.
  FlowList finish(TimePoint now);

 private:
  struct Kept {
    TimePoint last;  ///< Packet.
    ListedFlow flow;
  };
  struct PortCount {
    std::uint32_t flows = 0;
    bool known = false;
  };

  void keep_latest();
  std::vector<PortCount>& ports_of(Ipv4Address local);
  [[nodiscard]] std::vector<ListedPort> list_ports() const;

  std::size_t buckets_ = 0;
  std::size_t next_ = 0;
  std::vector<Kept> flows_;
  std::size_t left_out_ = 0;
  std::map<Ipv4Address, std::vector<PortCount>> ports_;  ///< By number; addresses are few.
};

}  // namespace rsip::agent
