#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "agent/app/gateway_client.h"

// What people ask a client for.
namespace rsip::agent {
void GatewayClient::put_down() {
  if (!std::exchange(up_, false)) return;
  searching_ = false;
  candidates_.clear();
  spdlog::info("gateway.down name={}", config_.name);
  if (session_) end_ipsec();
}

void GatewayClient::put_up() {
  if (std::exchange(up_, true)) return;
  spdlog::info("gateway.up name={}", config_.name);
  if (stopping_) return;  // for good
  problem_.reset();
  if (!session_) start();
}

void GatewayClient::renew(const std::vector<BindId>& binds) {
  feed(RenewWanted{binds});
}

void GatewayClient::listen(const ListenWish& wish, WaitingCalls::ListenAnswered answered) {
  if (!session_ || !up_) {
    return answered(
        fail(ErrorKind::kState, "gateway " + config_.name + " is not in use", "first: rsipctl up"));
  }
  std::erase_if(listens_, [&](const ListenWish& l) { return l.server_port == wish.server_port; });
  listens_.push_back(wish);
  calls_.add(wish, std::move(answered));
  feed(ListenWanted{wish});
  answer_met_listens();
}

/// What is had already is not asked for again. With a whole address leased that is every port (RFC
/// 3103 section 9.16).
void GatewayClient::answer_met_listens() {
  if (!session_ || session_->leases().empty()) return;
  for (const Lease& lease : session_->leases()) {
    if (lease.listening) calls_.granted(lease);
  }
  if (config_.method != msg::Method::kRsaIp) return;
  for (const ListenWish& wish : session_->listens()) {
    Lease lease = session_->leases().front();
    lease.server_port = wish.server_port;
    lease.ports = {{wish.server_port, 1}};
    calls_.granted(lease);
  }
}

Result<void> GatewayClient::unlisten(std::uint16_t server_port) {
  const auto erased = std::erase_if(
      listens_, [&](const ListenWish& wish) { return wish.server_port == server_port; });
  if (erased == 0) {
    return fail(ErrorKind::kNotFound,
                "no server on port " + std::to_string(server_port) + " is reachable through " +
                    config_.name,
                "see: rsipctl listen list");
  }
  feed(ListenUnwanted{server_port});
  return {};
}

void GatewayClient::query(const QueryWanted& query, WaitingCalls::QueryAnswered answered) {
  if (!session_ || !session_->client()) {
    return answered(fail(ErrorKind::kState, "this host is not registered with " + config_.name,
                         "rsipctl status says why"));
  }
  calls_.add(query, std::move(answered));
  feed(query);
}

}  // namespace rsip::agent
