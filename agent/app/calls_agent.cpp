#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "agent/app/agent.h"

// What people ask about the agent itself.
namespace rsip::agent {
namespace {

/// "scopes and tunnels" of what a gateway says of itself.
std::string detail_of(const FoundGateway& gateway) {
  std::string detail = gateway.url;
  const auto add = [&detail](const std::string& more) {
    detail += (detail.empty() ? "" : ", ") + more;
  };
  if (gateway.load) add("load " + std::to_string(*gateway.load));
  if (gateway.ipsec) add(*gateway.ipsec ? "with IPsec" : "without IPsec");
  return detail;
}

ipc::Discovered to_answer(const std::vector<FoundGateway>& gateways) {
  ipc::Discovered found;
  for (const FoundGateway& gateway : gateways) {
    const bool udp = gateway.transport == OfferedTransport::kUdp;
    found.gateways.push_back({gateway.address.to_string(), gateway.port, udp ? "udp" : "tcp",
                              gateway.source, detail_of(gateway)});
  }
  return found;
}

bool uses(const ProfileConfig& profile, const GatewayClient& client) {
  return std::ranges::find(profile.gateways, client.config().name) != profile.gateways.end();
}

}  // namespace

void Agent::handle(const ipc::SubscribeRequest&, const Answered& answered) {
  answered(publisher_.snapshot());
}

/// Null: none is in use.
const ProfileConfig* Agent::used_profile() const {
  const auto found = std::ranges::find(config_.profiles, profile_, &ProfileConfig::name);
  return found != config_.profiles.end() ? &*found : nullptr;
}

/// `up` of all means those of the profile. Whoever wants another one by name leaves the profile.
void Agent::follow_profile(const std::string& name, const std::vector<GatewayClient*>& clients) {
  const ProfileConfig* const profile = used_profile();
  for (GatewayClient* const client : clients) {
    const bool other = profile != nullptr && !uses(*profile, *client);
    if (other && name.empty()) continue;
    if (other) profile_.clear();
    client->put_up();
  }
}

void Agent::handle(const ipc::ProfileUseRequest& request, const Answered& answered) {
  const auto profile = std::ranges::find(config_.profiles, request.name, &ProfileConfig::name);
  if (profile == config_.profiles.end()) {
    std::string names;
    for (const ProfileConfig& known : config_.profiles) {
      names += (names.empty() ? "" : ", ") + known.name;
    }
    return answered(
        fail(ErrorKind::kNotFound, "there is no profile named " + request.name,
             names.empty() ? "add a [[profile]] to the configuration" : "configured: " + names));
  }
  profile_ = profile->name;
  spdlog::info("profile.used name={}", profile_);
  for (const auto& client : clients_) {
    uses(*profile, *client) ? client->put_up() : client->put_down();
  }
  answered(ipc::Done{});
}

/// One search for all who wait.
void Agent::handle(const ipc::DiscoverRequest&, const Answered& answered) {
  if (!platform_.discover) return answered(ipc::Discovered{});
  searchers_.push_back(answered);
  if (searchers_.size() > 1) return;
  platform_.discover([this](const std::vector<FoundGateway>& gateways) {
    for (const Answered& tell : std::exchange(searchers_, {})) tell(to_answer(gateways));
  });
}

void Agent::handle(const ipc::LogRequest& request, const Answered& answered) {
  ipc::Log log{log_level(), {}};
  if (platform_.log != nullptr) log.lines = platform_.log->last(request.lines);
  answered(std::move(log));
}

void Agent::handle(const ipc::LogLevelRequest& request, const Answered& answered) {
  if (auto known = check_log_level(request.level); !known) {
    return answered(tl::unexpected(known.error()));
  }
  set_log_level(request.level);
  spdlog::info("log.level level={} for_s={}", request.level, request.for_seconds);
  level_until_ = request.for_seconds > 0
                     ? platform_.now() + std::chrono::seconds(request.for_seconds)
                     : TimePoint::max();
  answered(ipc::Done{});
}

void Agent::end_log_level() {
  level_until_ = TimePoint::max();
  set_log_level(config_.log_level);
  spdlog::info("log.level level={} for_s=0", config_.log_level);
}

void Agent::handle(const ipc::ConfigRequest&, const Answered& answered) {
  answered(ipc::ConfigText{config_.source.file, config_.source.text});
}

}  // namespace rsip::agent
