#include "tests/unit/tests/gateway/engine_fixture.h"

namespace rsip::gateway {

EngineFixture::EngineFixture() {
  settings_.pools = {{msg::Method::kRsapIp, {{kShared, 32}}, {1000, 100}},
                     {msg::Method::kRsaIp, {{kWhole, 30}}, {}}};
  settings_.lease = {std::chrono::seconds(10), std::chrono::seconds(600),
                     std::chrono::seconds(3600), std::chrono::seconds(120)};
}

Engine& EngineFixture::engine() {
  if (!engine_) engine_.emplace(settings_, 1);
  return *engine_;
}

void EngineFixture::send(Ipv4Address host, const msg::Message& message) {
  actions_ = engine().on({host, transport_, key_}, message, now_);
}

msg::Message EngineFixture::ask(Ipv4Address host, const msg::Message& message) {
  send(host, message);
  const auto replies = all<Reply>();
  EXPECT_EQ(replies.size(), 1U);
  return replies.empty() ? msg::Message(msg::ErrorResponse{}) : replies.front().message;
}

msg::ErrorCode EngineFixture::refusal(Ipv4Address host, const msg::Message& message) {
  const msg::Message reply = ask(host, message);
  const auto* error = std::get_if<msg::ErrorResponse>(&reply);
  return error != nullptr ? error->code() : msg::ErrorCode{};
}

ClientId EngineFixture::register_host(Ipv4Address host) {
  return ask_for<msg::RegisterResponse>(host, msg::RegisterRequest{}).client;
}

msg::AssignResponseRsapIp EngineFixture::lease(Ipv4Address host, const msg::Ports& ports,
                                               msg::Address local) {
  return ask_for<msg::AssignResponseRsapIp>(host, ports_request(host, ports, std::move(local)));
}

ClientId EngineFixture::client_of(Ipv4Address host) {
  const Registration* const known = engine().find(host);
  return known != nullptr ? known->client : ClientId{};
}

msg::AssignRequestRsapIp EngineFixture::ports_request(Ipv4Address host, msg::Ports ports,
                                                      msg::Address local) {
  return {client_of(host),
          std::move(local),
          std::move(ports),
          msg::DontCare{},
          msg::Ports::dont_care(1),
          {},
          {},
          {}};
}

msg::AssignRequestRsaIp EngineFixture::address_request(Ipv4Address host, msg::Address local) {
  return {client_of(host), std::move(local), msg::DontCare{}, msg::Ports::dont_care(1), {}, {}, {}};
}

msg::ListenRequest EngineFixture::listen_request(Ipv4Address host, msg::Ports ports,
                                                 msg::Address local) {
  return {client_of(host),
          std::move(local),
          std::move(ports),
          msg::DontCare{},
          msg::Ports::dont_care(1),
          {},
          {},
          {}};
}

std::optional<Ipv4Address> EngineFixture::owner(Ipv4Address address, std::uint16_t port) {
  const auto entry = owner_entry(address, port);
  return entry ? std::optional(entry->host) : std::nullopt;
}

std::optional<Owner> EngineFixture::owner_entry(Ipv4Address address, std::uint16_t port) {
  const auto table = engine().table();
  const DemuxTable::Row* const row = table->find(address);
  const Owner* const found = row != nullptr ? owner_of(*row, port) : nullptr;
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

}  // namespace rsip::gateway
