#include "agent/ipsec/coordinator.h"

#include <utility>

#include "agent/ipsec/coordinator_impl.h"

namespace rsip::agent {

Coordinator::Coordinator(boost::asio::io_context& io, CoordinatorSettings settings,
                         KernelSas& kernel, std::function<TimePoint()> now,
                         CoordinatorEvents events)
    : impl_(std::make_unique<Impl>(io, std::move(settings), kernel, std::move(now),
                                   std::move(events))) {}
Coordinator::~Coordinator() = default;

void Coordinator::start() {
  impl_->start();
}
void Coordinator::use(std::vector<SpiLease> leases) {
  impl_->use(std::move(leases));
}
void Coordinator::refused(std::optional<std::uint32_t> exactly, const Error& error) {
  impl_->refused(exactly, error);
}
void Coordinator::ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) {
  impl_->ike_held(hold, local, remote);
}
void Coordinator::stop(std::function<void()> stopped) {
  impl_->stop(std::move(stopped));
}
IpsecReport Coordinator::report() const {
  return impl_->report();
}

}  // namespace rsip::agent
