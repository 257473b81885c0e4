#include <algorithm>

#include "agent/app/agent.h"
#include "agent/app/remote_text.h"
#include "agent/app/status_report.h"

// What people ask the agent for.
namespace rsip::agent {
namespace {

std::string names_of(const std::vector<std::unique_ptr<GatewayClient>>& clients) {
  std::string names;
  for (const auto& client : clients) {
    names += (names.empty() ? "" : ", ") + client->config().name;
  }
  return names;
}

Result<ListenWish> parse_wish(const ipc::ListenAddRequest& request) {
  if (request.server_port == 0) return fail(ErrorKind::kUsage, "port 0 is no server's port");
  const auto remote = parse_remote(request.from);
  if (!remote) return tl::unexpected(remote.error());
  ListenWish wish{request.server_port, request.public_port, request.public_port == 0, *remote};
  if (wish.any_public_port) wish.public_port.reset();
  return wish;
}

Result<QueryWanted> parse_query(const ipc::QueryRequest& request) {
  QueryWanted query;
  for (const std::string& text : request.what) {
    const auto prefix = Ipv4Prefix::parse(text);
    if (!prefix) return tl::unexpected(Error{ErrorKind::kUsage, prefix.error().message, ""});
    if (text.find('/') == std::string::npos) {
      query.addresses.push_back(prefix->address);
    } else {
      query.networks.push_back(*prefix);
    }
  }
  return query;
}

std::string to_text(const msg::NetworkTuple& tuple) {
  const auto network = msg::ipv4_of(tuple.network);
  const auto* const mask = std::get_if<msg::Ipv4Netmask>(&tuple.netmask);
  if (!network || mask == nullptr) return "?";
  return network->to_string() + "/" + std::to_string(std::countl_one(mask->value));
}

void add(ipc::QueryAnswer& answer, const std::vector<msg::AddressTuple>& addresses,
         const std::vector<msg::NetworkTuple>& networks, const char* where) {
  for (const msg::AddressTuple& tuple : addresses) {
    if (const auto address = msg::ipv4_of(tuple.address)) {
      answer.known.push_back({address->to_string(), where});
    }
  }
  for (const msg::NetworkTuple& tuple : networks) answer.known.push_back({to_text(tuple), where});
}

/// What was asked for and not named in the answer is to be treated as remote (RFC 3103 section
/// 9.15).
ipc::QueryAnswer to_answer(const std::string& gateway, const std::vector<std::string>& asked,
                           const msg::QueryResponse& response) {
  ipc::QueryAnswer answer{gateway, {}};
  add(answer, response.local_addresses, response.local_networks, "local");
  add(answer, response.remote_addresses, response.remote_networks, "remote");
  for (const std::string& what : asked) {
    if (std::ranges::find(answer.known, what, &ipc::Locality::what) == answer.known.end()) {
      answer.known.push_back({what, "unknown"});
    }
  }
  return answer;
}

ipc::ListenStatus to_status(const std::string& gateway, const Lease& lease) {
  const std::uint16_t port = lease.ports.empty() ? std::uint16_t{0} : lease.ports.front().first;
  return {gateway, lease.local.to_string(), port, lease.server_port != 0 ? lease.server_port : port,
          to_string(lease.remote)};
}

}  // namespace

void Agent::call(const ipc::Call& call, const ipc::Caller& caller,
                 std::function<void(Result<ipc::Answer>)> answered) {
  std::visit(
      [&](const auto& request) {
        if constexpr (requires { this->handle(request, caller, answered); }) {
          handle(request, caller, answered);
        } else {
          handle(request, answered);
        }
      },
      call);
  changed();
}

Result<std::vector<GatewayClient*>> Agent::clients_named(const std::string& name) {
  std::vector<GatewayClient*> found;
  for (const auto& client : clients_) {
    if (name.empty() || client->config().name == name) found.push_back(client.get());
  }
  if (!found.empty()) return found;
  return fail(ErrorKind::kNotFound, "there is no gateway named " + name,
              "configured: " + names_of(clients_));
}

Result<GatewayClient*> Agent::client_named(const std::string& name) {
  return clients_named(name).map([](const auto& found) { return found.front(); });
}

void Agent::handle(const ipc::StatusRequest&, const Answered& answered) {
  answered(status());
}

void Agent::handle(const ipc::UpRequest& request, const Answered& answered) {
  const auto clients = clients_named(request.gateway);
  if (!clients) return answered(tl::unexpected(clients.error()));
  follow_profile(request.gateway, *clients);
  answered(ipc::Done{});
}

void Agent::handle(const ipc::DownRequest& request, const Answered& answered) {
  const auto clients = clients_named(request.gateway);
  if (!clients) return answered(tl::unexpected(clients.error()));
  for (GatewayClient* const client : *clients) client->put_down();
  answered(ipc::Done{});
}

void Agent::handle(const ipc::RenewRequest& request, const Answered& answered) {
  const auto clients = clients_named(request.gateway);
  if (!clients) return answered(tl::unexpected(clients.error()));
  std::vector<BindId> binds;
  for (const std::uint32_t bind : request.binds) {
    binds.push_back({bind});
    const auto holds = [&](const GatewayClient* client) { return client->holds(binds.back()); };
    if (std::ranges::none_of(*clients, holds)) {
      return answered(fail(ErrorKind::kNotFound, "there is no bind " + std::to_string(bind),
                           "see: rsipctl lease list"));
    }
  }
  if (std::ranges::all_of(*clients, [](const auto* client) { return client->leases().empty(); })) {
    return answered(fail(ErrorKind::kState, "nothing is leased that could be renewed",
                         "see why: rsipctl status"));
  }
  for (GatewayClient* const client : *clients) client->renew(binds);
  answered(ipc::Done{});
}

void Agent::handle(const ipc::ListenAddRequest& request, const Answered& answered) {
  const auto client = client_named(request.gateway);
  if (!client) return answered(tl::unexpected(client.error()));
  const auto wish = parse_wish(request);
  if (!wish) return answered(tl::unexpected(wish.error()));
  const std::string name = (*client)->config().name;
  (*client)->listen(*wish, [name, answered](Result<Lease> lease) {
    answered(lease.map([&](const Lease& l) { return ipc::Answer(to_status(name, l)); }));
  });
}

void Agent::handle(const ipc::ListenRemoveRequest& request, const Answered& answered) {
  const auto client = client_named(request.gateway);
  if (!client) return answered(tl::unexpected(client.error()));
  answered((*client)->unlisten(request.server_port).map([] { return ipc::Answer(ipc::Done{}); }));
}

void Agent::handle(const ipc::QueryRequest& request, const Answered& answered) {
  const auto client = client_named(request.gateway);
  if (!client) return answered(tl::unexpected(client.error()));
  const auto query = parse_query(request);
  if (!query) return answered(tl::unexpected(query.error()));
  const std::string name = (*client)->config().name;
  (*client)->query(*query, [name, asked = request.what, answered](auto response) {
    answered(response.map(
        [&](const msg::QueryResponse& r) { return ipc::Answer(to_answer(name, asked, r)); }));
  });
}

/// Without a name it is about the gateway that IPsec goes through.
void Agent::handle(const ipc::IpsecRequest& request, const Answered& answered) {
  const auto named = clients_named(request.gateway);
  if (!named) return answered(tl::unexpected(named.error()));
  const auto used = std::ranges::find_if(
      *named, [](const GatewayClient* client) { return client->config().ipsec.enabled; });
  ipc::IpsecStatus status = (used != named->end() ? *used : named->front())->ipsec_status();
  status.daemon.vici_socket = config_.ipsec.vici_socket;
  status.daemon.fragment = config_.ipsec.fragment;
  answered(std::move(status));
}

}  // namespace rsip::agent
