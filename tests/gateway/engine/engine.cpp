#include "tests/gateway/engine/engine.h"

#include <algorithm>
#include <type_traits>

// Registrations, expiry and the way a message takes; the requests for resources are in
// engine_requests.cpp.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

msg::Trailer unsolicited() {
  msg::Trailer trailer;
  trailer.counter = 0;  // RFC 3103 section 10.1
  return trailer;
}

bool any_contains(const std::vector<Ipv4Prefix>& prefixes, Ipv4Address address) {
  return std::ranges::any_of(prefixes, [&](const Ipv4Prefix& p) { return p.contains(address); });
}

}  // namespace

Engine::Engine(EngineSettings settings, std::uint32_t first_client)
    : settings_(std::move(settings)),
      ports_(settings_.pools, settings_.lease.hold),
      addresses_(settings_.pools, settings_.lease.hold),
      table_(ports_.addresses()),
      last_client_(first_client - 1) {}

std::vector<Action> Engine::on(const Sender& sender, const Decoded& received, TimePoint now) {
  const Ipv4Address host = sender.host;
  // What has expired must not be extended or freed by a message that overtook the timer.
  std::vector<Action> expired = on_time(now);
  if (received) {
    std::visit(
        [&](const auto& message) {
          // NOLINTNEXTLINE(misc-const-correctness): only some messages have the ids
          Context request{host, now, msg::type_of(*received), {}, {}, message.trailer.counter};
          if constexpr (requires { ClientId(message.client); }) request.client = message.client;
          if constexpr (requires { BindId(message.bind); }) request.bind = message.bind;
          handle(request, message);
        },
        *received);
  } else {
    const msg::DecodeError& fault = received.error();
    refuse({host, now, {}, fault.client, fault.bind, fault.counter}, fault.code, fault.detail);
  }
  std::ranges::move(take_actions(), std::back_inserter(expired));
  return expired;
}

std::vector<Action> Engine::on_misuse(Ipv4Address host, ErrorCode error) {
  const Registration* const known = find(host);
  // One that is not registered, although it uses resources: 301 says just that.
  if (known == nullptr) error = ErrorCode::kRegisterFirst;
  msg::ErrorResponse response{static_cast<std::uint16_t>(error), {}, {}, unsolicited()};
  if (known != nullptr) response.client = known->client;
  act(Misused{host, error});
  act(Notify{host, std::move(response)});
  return take_actions();
}

std::vector<Action> Engine::on_time(TimePoint now) {
  while (!deadlines_.empty() && deadlines_.begin()->at <= now) {
    const Deadline due = *deadlines_.begin();
    if (due.registration) {
      act(Notify{due.host, msg::DeRegisterResponse{hosts_.at(due.host).client, unsolicited()}});
      end_registration(due.host, "expired", now);
    } else {
      expire_bind(due.host, due.bind, now);
    }
  }
  return take_actions();
}

std::vector<Action> Engine::shut_down(TimePoint now) {
  while (!hosts_.empty()) {
    const auto& [host, registration] = *hosts_.begin();
    act(Notify{host, msg::DeRegisterResponse{registration.client, unsolicited()}});
    end_registration(Ipv4Address(host), "gateway_stops", now);
  }
  return take_actions();
}

TimePoint Engine::next_deadline() const {
  return deadlines_.empty() ? TimePoint::max() : deadlines_.begin()->at;
}

const Registration* Engine::find(Ipv4Address host) const {
  const auto known = hosts_.find(host);
  return known == hosts_.end() ? nullptr : &known->second;
}

void Engine::handle(const Context& request, const msg::RegisterRequest&) {
  if (const Registration* known = find(request.host)) {
    Context named = request;
    named.client = known->client;
    return refuse(named, ErrorCode::kAlreadyRegistered);
  }
  if (!serves(request.host) || hosts_.size() >= settings_.hosts.max_hosts) {
    return refuse(request, ErrorCode::kRegistrationDenied);
  }
  const msg::LeaseTime lease = lease_for(std::nullopt);
  Registration& host = hosts_[request.host];
  host.client = next_client();
  clients_.insert(host.client);
  set_expiry(request.host, host, request.now + lease);
  table_.add_host(request.host, host.client);
  act(HostRegistered{request.host, host.client, lease});

  msg::RegisterResponse response{host.client, lease, {}, {}, {msg::TunnelType::kIpIp}, {}};
  if (!addresses_.empty()) response.methods.push_back(msg::Method::kRsaIp);
  if (!ports_.empty()) response.methods.push_back(msg::Method::kRsapIp);
  reply(request, std::move(response));
}

void Engine::handle(const Context& request, const msg::DeRegisterRequest&) {
  if (find(request.host) == nullptr) return refuse(request, settings_.deregister_refusal);
  const Registration* const host = admit(request);
  if (host == nullptr) return;
  const ClientId client = host->client;
  end_registration(request.host, "deregistered", request.now);
  reply(request, msg::DeRegisterResponse{client, {}});
}

Registration* Engine::admit(const Context& request) {
  const auto known = hosts_.find(request.host);
  if (known == hosts_.end()) {
    refuse(request, ErrorCode::kRegisterFirst);
    return nullptr;
  }
  if (request.client != known->second.client) {
    refuse(request, ErrorCode::kBadClientId);
    return nullptr;
  }
  return &known->second;
}

void Engine::refuse(const Context& request, ErrorCode error) {
  refuse(request, error, msg::to_string(request.type));
}

void Engine::refuse(const Context& request, ErrorCode error, std::string_view detail) {
  act(Refused{request.host, error, detail});
  reply(request,
        msg::ErrorResponse{static_cast<std::uint16_t>(error), request.client, request.bind, {}});
}

bool Engine::serves(Ipv4Address host) const {
  return any_contains(settings_.hosts.allow, host) && !any_contains(settings_.hosts.deny, host);
}

ClientId Engine::next_client() {
  do {
    ++last_client_;
  } while (last_client_ == 0 || clients_.contains({last_client_}));
  return {last_client_};
}

void Engine::end_registration(Ipv4Address host, const char* reason, TimePoint now) {
  Registration& registration = hosts_.at(host);
  while (!registration.binds.empty()) {
    end_bind(host, registration, registration.binds.begin()->first, reason, now);
  }
  act(HostGone{host, registration.client, reason});
  deadlines_.erase({registration.expires_at, true, host, {}});
  clients_.erase(registration.client);
  table_.remove_host(host);
  hosts_.erase(host);
}

// A FREE_RESPONSE is not owed here, but tells a host whose clock is slow (RFC 3103 section 9.13).
void Engine::expire_bind(Ipv4Address host, BindId id, TimePoint now) {
  Registration& registration = hosts_.at(host);
  act(Notify{host, msg::FreeResponse{registration.client, id, unsolicited()}});
  end_bind(host, registration, id, "expired", now);
}

void Engine::set_expiry(Ipv4Address host, Registration& registration, TimePoint at) {
  deadlines_.erase({registration.expires_at, true, host, {}});
  registration.expires_at = at;
  deadlines_.insert({at, true, host, {}});
}

}  // namespace rsip::gateway
