#include "tests/gateway/engine/engine.h"

#include <algorithm>

// The way a message takes, time, and pools that come and go. Requests are in engine_register.cpp,
// engine_assign.cpp and engine_requests.cpp.
namespace rsip::gateway {
namespace {

using msg::ErrorCode;

msg::Trailer unsolicited() {
  msg::Trailer trailer;
  trailer.counter = 0;  // RFC 3103 section 10.1
  return trailer;
}

std::vector<ClassSettings> all_classes(const EngineSettings& settings) {
  std::vector<ClassSettings> all = settings.classes;
  all.push_back({"default", {}, {}, {}, settings.hosts.quota});
  return all;
}

/// The host may come by another transport than before, for it may have forgotten its registration.
bool starts_over(msg::MessageType type) {
  return type == msg::MessageType::kRegisterRequest || type == msg::MessageType::kDeRegisterRequest;
}

}  // namespace

Engine::Engine(EngineSettings settings, std::uint32_t first_client, RandomBits random)
    : settings_(std::move(settings)),
      classes_(all_classes(settings_)),
      pools_(settings_.lease.hold, settings_.classes, std::move(random)),
      table_(std::vector<Ipv4Address>{}),
      limiter_(settings_.hosts.max_requests_per_second),
      last_client_(first_client - 1) {
  for (const PoolSettings& pool : settings_.pools) add_pool(pool, TimePoint::max());
}

std::vector<Action> Engine::on(const Sender& sender, const Decoded& received, TimePoint now) {
  // What has expired must not be extended or freed by a message that overtook the timer.
  std::vector<Action> done = on_time(now);
  const Context request = context_of(sender, received, now);
  const bool udp = sender.transport == Transport::kUdp;
  if (request.type == msg::MessageType::kErrorResponse && received) return done;
  if (!limiter_.admit(sender.host, now)) {
    if (udp) return done;  // the host repeats it, more and more slowly
    refuse(request, {ErrorCode::kUnknownError, "too many requests"});
  } else if (const auto fault = transport_fault(request, received)) {
    refuse(request, *fault);
  } else {
    serve(request, received);
  }
  std::ranges::move(take_actions(), std::back_inserter(done));
  return done;
}

void Engine::serve(const Context& request, const Decoded& received) {
  if (!received) return refuse(request, {received.error().code, received.error().detail});
  std::visit([&](const auto& message) { handle(request, message); }, *received);
}

Engine::Context Engine::context_of(const Sender& sender, const Decoded& received, TimePoint now) {
  if (!received) {
    const msg::DecodeError& fault = received.error();
    return {sender, now, {}, fault.client, fault.bind, fault.counter};
  }
  return std::visit(
      [&](const auto& message) {
        Context request{sender, now, msg::type_of(*received), {}, {}, message.trailer.counter};
        if constexpr (requires { ClientId(message.client); }) request.client = message.client;
        if constexpr (requires { BindId(message.bind); }) request.bind = message.bind;
        return request;
      },
      *received);
}

std::optional<Engine::Refusal> Engine::transport_fault(const Context& request,
                                                       const Decoded& received) const {
  const bool udp = request.sender.transport == Transport::kUdp;
  if (udp && !settings_.udp) return Refusal{ErrorCode::kUseTcp};
  if (!received) return std::nullopt;
  if (udp && !request.counter) return Refusal{ErrorCode::kMessageCounterRequired};
  if (request.counter == 0U) return Refusal{ErrorCode::kBadParam, "message counter 0"};
  const Registration* const known = find(request.sender.host);
  if (known == nullptr || known->transport == request.sender.transport) return std::nullopt;
  if (starts_over(request.type)) return std::nullopt;
  return Refusal{udp ? ErrorCode::kUseTcp : ErrorCode::kUnknownError, "registered by other means"};
}

Registration* Engine::admit(const Context& request) {
  const auto known = hosts_.find(request.sender.host);
  if (known == hosts_.end()) {
    refuse(request, {ErrorCode::kRegisterFirst});
    return nullptr;
  }
  if (request.client != known->second.client) {
    refuse(request, {ErrorCode::kBadClientId});
    return nullptr;
  }
  return &known->second;
}

void Engine::refuse(const Context& request, const Refusal& refusal) {
  const std::string_view detail =
      refusal.detail.empty() ? msg::to_string(request.type) : refusal.detail;
  act(Refused{request.sender.host, refusal.error, detail});
  reply(request, msg::ErrorResponse{
                     static_cast<std::uint16_t>(refusal.error), request.client, request.bind, {}});
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
    Registration& registration = hosts_.at(due.host);
    if (due.registration) {
      act(Notify{due.host, msg::DeRegisterResponse{registration.client, unsolicited()}});
      end_registration(due.host, "expired", now);
    } else {
      revoke_bind(due.host, registration, due.bind, "expired", now);
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

std::vector<Action> Engine::revoke(Ipv4Address host, BindId bind, TimePoint now) {
  const auto known = hosts_.find(host);
  if (known != hosts_.end() && known->second.binds.contains(bind)) {
    revoke_bind(host, known->second, bind, "revoked", now);
  }
  return take_actions();
}

std::vector<Action> Engine::dismiss(Ipv4Address host, TimePoint now) {
  if (const Registration* const known = find(host)) {
    act(Notify{host, msg::DeRegisterResponse{known->client, unsolicited()}});
    end_registration(host, "dismissed", now);
  }
  return take_actions();
}

PoolId Engine::add_pool(const PoolSettings& pool, TimePoint until) {
  const PoolId id = pools_.add(pool, until);
  for (const Ipv4Address address : pools_.ports.addresses(id)) table_.add_shared(address);
  return id;
}

void Engine::limit_pool(PoolId pool, TimePoint until) {
  pools_.set_until(pool, until);
  for (auto& [host, registration] : hosts_) {
    for (auto& [id, bind] : registration.binds) {
      if (bind.pool == pool && bind.expires_at > until) set_expiry(host, bind, until);
    }
  }
}

std::vector<Action> Engine::remove_pool(PoolId pool, TimePoint now) {
  for (auto& [host, registration] : hosts_) {
    std::vector<BindId> lost;
    for (const auto& [id, bind] : registration.binds) {
      if (bind.pool == pool) lost.push_back(id);
    }
    for (const BindId id : lost) revoke_bind(host, registration, id, "pool_gone", now);
  }
  for (const Ipv4Address address : pools_.ports.addresses(pool)) table_.remove_shared(address);
  pools_.remove(pool);
  return take_actions();
}

TimePoint Engine::next_deadline() const {
  return deadlines_.empty() ? TimePoint::max() : deadlines_.begin()->at;
}

const Registration* Engine::find(Ipv4Address host) const {
  const auto known = hosts_.find(host);
  return known == hosts_.end() ? nullptr : &known->second;
}

void Engine::end_registration(Ipv4Address host, const char* reason, TimePoint now) {
  Registration& registration = hosts_.at(host);
  while (!registration.binds.empty()) {
    end_bind(host, registration, registration.binds.begin()->first, reason, now);
  }
  act(HostGone{host, registration.client, reason});
  deadlines_.erase({registration.expires_at, true, host, {}});
  tunnel_ids_.erase(static_cast<std::uint16_t>(registration.client.value));
  table_.remove_host(host);
  hosts_.erase(host);
}

// A FREE_RESPONSE on expiry is not owed, but tells a host whose clock is slow (RFC 3103
// section 9.13).
void Engine::revoke_bind(Ipv4Address host, Registration& registration, BindId id,
                         const char* reason, TimePoint now) {
  act(Notify{host, msg::FreeResponse{registration.client, id, unsolicited()}});
  end_bind(host, registration, id, reason, now);
}

void Engine::end_bind(Ipv4Address host, Registration& registration, BindId id, const char* reason,
                      TimePoint now) {
  const auto node = registration.binds.extract(id);
  const Bind& bind = node.mapped();
  deadlines_.erase({bind.expires_at, false, host, id});
  if (bind.method == msg::Method::kRsaIp) {
    --registration.whole_addresses;
    table_.remove_whole(bind.address);
    pools_.addresses.give_back({bind.pool, bind.address}, host, now);
  } else {
    const auto uses = registration.shared_addresses.find(bind.address);
    if (--uses->second == 0) registration.shared_addresses.erase(uses);
    registration.ports -= static_cast<std::uint32_t>(port_count(bind.ports));
    registration.spis -= static_cast<std::uint32_t>(spi_count(bind.spis));
    table_.remove(bind.address, bind.ports, host, id, bind.spis);
    if (!bind.ports.empty()) {
      pools_.ports.give_back({bind.pool, bind.address, bind.ports}, host, now);
    }
    pools_.spis.give_back(bind.pool, bind.address, bind.spis, host, now);
  }
  act(LeaseEnded{host, registration.client, bind, reason, registration.account, now});
}

void Engine::set_expiry(Ipv4Address host, Registration& registration, TimePoint at) {
  deadlines_.erase({registration.expires_at, true, host, {}});
  registration.expires_at = at;
  deadlines_.insert({at, true, host, {}});
}

void Engine::set_expiry(Ipv4Address host, Bind& bind, TimePoint at) {
  deadlines_.erase({bind.expires_at, false, host, bind.id});
  bind.expires_at = at;
  deadlines_.insert({at, false, host, bind.id});
}

}  // namespace rsip::gateway
