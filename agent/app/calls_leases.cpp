#include <algorithm>

#include "agent/app/agent.h"
#include "agent/app/remote_text.h"

// What people ask about single leases.
namespace rsip::agent {
namespace {

std::vector<BindId> to_binds(const std::vector<std::uint32_t>& numbers) {
  std::vector<BindId> binds;
  for (const std::uint32_t number : numbers) binds.push_back({number});
  return binds;
}

}  // namespace

/// The client that holds a bind. Each gateway numbers its own: two may hold the same.
///
/// errors   kNotFound, or kUsage if the gateway has to be named
Result<GatewayClient*> Agent::holder_of(const std::vector<GatewayClient*>& clients,
                                        std::uint32_t bind) {
  GatewayClient* holder = nullptr;
  for (GatewayClient* const client : clients) {
    if (!client->holds(BindId{bind})) continue;
    if (holder != nullptr) {
      return fail(ErrorKind::kUsage,
                  "bind " + std::to_string(bind) + " is leased from " + holder->config().name +
                      " and from " + client->config().name,
                  "name the gateway as well");
    }
    holder = client;
  }
  if (holder != nullptr) return holder;
  return fail(ErrorKind::kNotFound, "there is no bind " + std::to_string(bind),
              "see: rsipctl lease list");
}

void Agent::handle(const ipc::LeaseRequest& request, const Answered& answered) {
  const auto client = client_named(request.gateway);
  if (!client) return answered(tl::unexpected(client.error()));
  const auto remote = parse_remote(request.remote);
  if (!remote) return answered(tl::unexpected(remote.error()));
  answered((*client)->request_lease(*remote).map([] { return ipc::Answer(ipc::Done{}); }));
}

/// All of it or nothing.
Result<void> Agent::release(const ipc::ReleaseRequest& request) {
  if (request.binds.empty() && !request.unused) {
    return fail(ErrorKind::kUsage, "nothing is named that could be given back",
                "name binds, or give back all that nothing uses: rsipctl lease release --unused");
  }
  const auto clients = clients_named(request.gateway);
  if (!clients) return tl::unexpected(clients.error());
  std::map<GatewayClient*, std::vector<BindId>> binds;
  for (const BindId bind : to_binds(request.binds)) {
    const auto holder = holder_of(*clients, bind.value);
    if (!holder) return tl::unexpected(holder.error());
    binds[*holder].push_back(bind);
  }
  for (const auto& [client, of_it] : binds) {
    if (auto may = client->may_release(of_it); !may) return may;
  }
  for (const auto& [client, of_it] : binds) client->release(of_it);
  if (!request.unused) return {};
  for (GatewayClient* const client : *clients) {
    // Where that is not for this host to say it is passed over, unless it is meant by name.
    if (auto done = client->release_unused(); !done && !request.gateway.empty()) return done;
  }
  return {};
}

void Agent::handle(const ipc::ReleaseRequest& request, const Answered& answered) {
  answered(release(request).map([] { return ipc::Answer(ipc::Done{}); }));
}

void Agent::handle(const ipc::HoldRequest& request, const Answered& answered) {
  const auto clients = clients_named(request.gateway);
  if (!clients) return answered(tl::unexpected(clients.error()));
  const auto holder = holder_of(*clients, request.bind);
  if (!holder) return answered(tl::unexpected(holder.error()));
  (*holder)->hold(BindId{request.bind}, request.hold);
  answered(ipc::Done{});
}

}  // namespace rsip::agent
