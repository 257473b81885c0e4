#pragma once

#include "tests/unit/agent/control/conversation.h"

namespace rsip::agent::test {

/// Eight SPIs with sixteen ports, sixteen SPIs at most.
inline SessionSettings ipsec_settings() {
  SessionSettings settings{kGateway};
  settings.ipsec.spis = 8;
  settings.ipsec.max_spis = 16;
  settings.ipsec.ports = 16;
  return settings;
}

inline msg::AssignResponseRsipsec granted_spis(BindId bind, msg::Spis spis,
                                               msg::Ports ports = msg::Ports::dont_need()) {
  return {kClient,
          bind,
          kPublic,
          std::move(ports),
          msg::DontCare{},
          msg::Ports::dont_care(1),
          std::move(spis),
          Conversation::lease_time(minutes(30)),
          msg::TunnelType::kIpIp,
          {},
          {}};
}

/// A host that wants IPsec, and a gateway that offers it.
class IpsecTalk : public Conversation {
 public:
  explicit IpsecTalk(const SessionSettings& settings = ipsec_settings()) : Conversation(settings) {}

  void register_with(std::vector<msg::Method> methods) {
    link_up();
    sent<msg::RegisterRequest>();
    answer(msg::RegisterResponse{
        kClient, lease_time(minutes(30)), policy, std::move(methods), {}, {}});
  }
  /// Registered, with bind 1 on ports 5000-5031; the request for SPIs is out.
  void lease_ports() {
    register_with({msg::Method::kRsapIp, msg::Method::kRsipsec});
    sent<msg::AssignRequestRsapIp>();
    grant(BindId{1}, {5000, 32});
    forget_events();
  }
  /// Then bind 2 with SPIs 0x1000-0x1007 and ports 6000-6015.
  void lease_spis() {
    lease_ports();
    sent<msg::AssignRequestRsipsec>();
    answer(granted_spis(BindId{2}, msg::Spis::contiguous(0x1000, 8),
                        msg::Ports::contiguous({6000, 16})));
    forget_events();
  }
  void forget_events() {
    happened<Problem>();
    happened<LeasesChanged>();
    happened<LeaseGranted>();
    journal();
  }
  [[nodiscard]] const Lease* lease(std::uint32_t bind) const {
    for (const Lease& held : session.leases()) {
      if (held.bind == BindId{bind}) return &held;
    }
    return nullptr;
  }
  /// The answer to SpisWanted, the one that there has to be.
  Error refusal() {
    const auto refusals = happened<SpisRefused>();
    EXPECT_EQ(refusals.size(), 1U);
    return refusals.empty() ? Error{} : refusals.front().error;
  }
};

}  // namespace rsip::agent::test
