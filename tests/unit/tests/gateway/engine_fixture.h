#pragma once

#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/gateway/engine/engine.h"

namespace rsip::gateway {

inline constexpr Ipv4Address kHostA{0x0A010002};   // 10.1.0.2
inline constexpr Ipv4Address kHostB{0x0A010003};   // 10.1.0.3
inline constexpr Ipv4Address kShared{0xC6336401};  // 198.51.100.1
inline constexpr Ipv4Address kWhole{0xC6336410};   // 198.51.100.16, first of a /30

/// An engine with one shared address of 100 ports (1000-1099) and four whole addresses, and hosts
/// that talk to it. Change settings before the first message.
class EngineFixture : public ::testing::Test {
 protected:
  EngineFixture();

  Engine& engine();
  /// Sends a message; its actions are in actions() afterwards. Time stands still meanwhile.
  void send(Ipv4Address host, const msg::Message& message);
  /// Sends a message and hands over the one reply.
  msg::Message ask(Ipv4Address host, const msg::Message& message);
  template <class Response>
  Response ask_for(Ipv4Address host, const msg::Message& message) {
    const msg::Message reply = ask(host, message);
    const auto* response = std::get_if<Response>(&reply);
    if (response == nullptr) ADD_FAILURE() << "got " << msg::to_string(msg::type_of(reply));
    return response != nullptr ? *response : Response{};
  }
  /// Sends a message that is refused; 0 if it was not.
  msg::ErrorCode refusal(Ipv4Address host, const msg::Message& message);

  ClientId register_host(Ipv4Address host);
  /// Assigns ports to a registered host.
  msg::AssignResponseRsapIp lease(Ipv4Address host, const msg::Ports& ports,
                                  msg::Address local = msg::DontCare{});
  [[nodiscard]] msg::AssignRequestRsapIp ports_request(Ipv4Address host, msg::Ports ports,
                                                       msg::Address local = msg::DontCare{});
  [[nodiscard]] msg::AssignRequestRsaIp address_request(Ipv4Address host,
                                                        msg::Address local = msg::DontCare{});
  [[nodiscard]] msg::ListenRequest listen_request(Ipv4Address host, msg::Ports ports,
                                                  msg::Address local = msg::DontCare{});
  [[nodiscard]] ClientId client_of(Ipv4Address host);

  void advance(std::chrono::seconds time) { now_ += time; }
  /// Lets the engine notice the time; its actions are in actions().
  void tick() { actions_ = engine().on_time(now_); }

  template <class Kind>
  [[nodiscard]] std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const Action& action : actions_) {
      if (const auto* kind = std::get_if<Kind>(&action)) found.push_back(*kind);
    }
    return found;
  }
  [[nodiscard]] std::optional<Ipv4Address> owner(Ipv4Address address, std::uint16_t port);

  /// The bind and its limits as the tunnel knows them; null if nobody has the port.
  [[nodiscard]] std::optional<Owner> owner_entry(Ipv4Address address, std::uint16_t port);

  EngineSettings settings_;
  Transport transport_ = Transport::kTcp;  ///< By which all hosts talk,
  std::optional<std::uint32_t> key_;       ///< and their key.
  TimePoint now_{std::chrono::hours(1)};
  std::vector<Action> actions_;

 private:
  std::optional<Engine> engine_;
};

}  // namespace rsip::gateway
