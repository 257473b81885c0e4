#include "agent/datapath/packet_path.h"

#include <utility>

namespace rsip::agent {
namespace {

constexpr Duration kSweepEvery = std::chrono::seconds(5);

}  // namespace

PacketPath::PacketPath(TunDevice& tun, UnderlaySocket& socket,
                       std::function<void(std::vector<RemoteScope>)> ports_wanted)
    : tun_(tun),
      socket_(socket),
      outbound_(translator_, socket, counters_, std::move(ports_wanted)),
      inbound_(translator_, tun, counters_) {}

void PacketPath::use(std::shared_ptr<const FlowTable> table, TimePoint now) {
  if (table_ && table_->generation == table->generation) return;
  table_ = std::move(table);
  translator_.use(*table_);
  inbound_.use_mtu_of_device();
  outbound_.leases_changed(table_->may_grow, now);
  counters_.ports_in_use.set(translator_.ports_in_use());
}

bool PacketPath::pump_out(TimePoint now) {
  const auto packets = tun_.read();
  outbound_.forward(packets, now);
  return !packets.empty();
}

bool PacketPath::pump_in(TimePoint now) {
  const auto packets = socket_.receive();
  inbound_.forward(packets, now);
  const std::uint64_t refused_before = std::exchange(refused_, socket_.refused());
  counters_.drop(DropReason::kNotFromGateway, refused_ - refused_before);
  return !packets.empty();
}

void PacketPath::tidy(TimePoint now) {
  more_to_expire_ = translator_.expire(now);
  outbound_.tidy(now);
  counters_.ports_in_use.set(translator_.ports_in_use());
}

std::optional<Duration> PacketPath::patience() const {
  if (more_to_expire_) return Duration::zero();
  if (outbound_.holding()) return Outbound::kRetryHeldEvery;
  if (!translator_.idle()) return kSweepEvery;
  return std::nullopt;
}

}  // namespace rsip::agent
