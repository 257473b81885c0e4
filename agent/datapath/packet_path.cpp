#include "agent/datapath/packet_path.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {
namespace {

constexpr Duration kSweepEvery = std::chrono::seconds(5);
constexpr Duration kReportUseEvery = std::chrono::seconds(1);

}  // namespace

PacketPath::PacketPath(TunDevice& tun, UnderlaySocket& socket,
                       std::function<void(std::vector<RemoteScope>)> ports_wanted,
                       std::function<void(IkeHold)> ike_held, std::shared_ptr<TrafficBook> traffic)
    : tun_(tun),
      socket_(socket),
      outbound_(translator_, tun, socket, counters_, std::move(ports_wanted), std::move(ike_held)),
      inbound_(translator_, tun, counters_),
      traffic_(std::move(traffic)) {}

PacketPath::~PacketPath() {
  tell_traffic();
}

void PacketPath::use(std::shared_ptr<const FlowTable> table, TimePoint now) {
  if (table_ && table_->generation == table->generation) return;
  table_ = std::move(table);
  tell_traffic();  // what a lease has moved that goes now
  translator_.use(*table_, now);
  inbound_.use_mtu_of_device();
  outbound_.use(*table_, now);
  report_use(now);
  count_ports();
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
  count_ports();
  report_is_old_ = true;
  if (now >= next_report_) report_use(now);
  keep_alive(now);
}

void PacketPath::count_ports() {
  counters_.ports_in_use.set(translator_.ports_in_use());
  counters_.ports_high_water.set(translator_.ports_high_water());
}

// Costs a pass over the bindings: not after every batch.
void PacketPath::report_use(TimePoint now) {
  use_report_.write(translator_.bindings());
  tell_traffic();
  next_report_ = now + kReportUseEvery;
  report_is_old_ = false;
}

void PacketPath::tell_traffic() {
  if (traffic_ != nullptr) translator_.tell_traffic(*traffic_);
}

void PacketPath::keep_alive(TimePoint now) {
  const auto every = socket_.keep_alive_every();
  until_keep_alive_ = std::nullopt;
  if (!every) return;
  if (now >= next_keep_alive_) {
    socket_.keep_alive();
    next_keep_alive_ = now + *every;
  }
  until_keep_alive_ = next_keep_alive_ - now;
}

std::optional<Duration> PacketPath::patience() const {
  std::optional<Duration> shortest = until_keep_alive_;
  const auto at_most = [&](Duration wait) { shortest = std::min(shortest.value_or(wait), wait); };
  if (!translator_.idle()) at_most(kSweepEvery);
  if (outbound_.holding()) at_most(Outbound::kRetryHeldEvery);
  if (report_is_old_) at_most(kReportUseEvery);
  if (more_to_expire_) at_most(Duration::zero());
  return shortest;
}

}  // namespace rsip::agent
