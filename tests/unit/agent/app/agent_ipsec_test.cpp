#include <algorithm>

#include "tests/unit/agent/app/agent_fixture.h"

namespace rsip::agent {
namespace {

constexpr Ipv4Address kPeer{0xCB00710B};
constexpr BindId kSpiBind{9};

class AgentIpsec : public AgentFixture {
 protected:
  AgentIpsec() { gateways_[0].ipsec.enabled = true; }

  void start_with_spis() {
    start();
    link_->events.up();
    answer(msg::RegisterResponse{
        kClient, msg::LeaseTime(600), {}, {msg::Method::kRsapIp, msg::Method::kRsipsec}, {}, {}});
    for (int i = 0; i < 2; ++i) grant_what_is_asked();
  }
  void grant_what_is_asked() {
    if (last_sent() == msg::MessageType::kAssignRequestRsipsec) return grant_spis();
    if (last_sent() == msg::MessageType::kAssignRequestRsapIp) grant(1, {5000, 32});
  }
  void grant_spis() {
    const auto& request = std::get<msg::AssignRequestRsipsec>(link_->sent.back());
    const std::uint32_t first = 0x1000;
    answer(msg::AssignResponseRsipsec{kClient,
                                      kSpiBind,
                                      kPublic,
                                      msg::Ports::contiguous({40000, 16}),
                                      msg::DontCare{},
                                      msg::Ports::dont_care(1),
                                      msg::Spis::contiguous(first, request.spis.count),
                                      msg::LeaseTime(600),
                                      msg::TunnelType::kIpIp,
                                      {},
                                      {}});
  }
  [[nodiscard]] bool happened(const std::string& line) const {
    return std::ranges::find(journal_.lines(), line) != journal_.lines().end();
  }
  [[nodiscard]] bool was_sent(msg::MessageType type) const {
    return std::ranges::any_of(link_->sent,
                               [type](const auto& m) { return msg::type_of(m) == type; });
  }
};

// H-212, H-223
TEST_F(AgentIpsec, LeasesSpisAndTellsCoordinatorAndDataPath) {
  start_with_spis();
  ASSERT_EQ(ipsec_.leases.size(), 1U);
  EXPECT_EQ(ipsec_.leases[0], (SpiLease{kSpiBind, kPublic, {{0x1000, 8}}, {PortRange{40000, 16}}}));
  ASSERT_NE(tunnels_.table, nullptr);
  EXPECT_TRUE(tunnels_.table->hold_ike);
  EXPECT_FALSE(tunnels_.table->ike_on_500);
  EXPECT_TRUE(std::ranges::any_of(tunnels_.table->bindings,
                                  [](const Binding& b) { return contains(b.spis, 0x1007); }));
}

TEST_F(AgentIpsec, PortWhereADaemonListensAlreadyIsSuggested) {
  last_ike_port_ = 40016;
  start_with_spis();
  const auto request = std::ranges::find_if(link_->sent, [](const auto& m) {
    return msg::type_of(m) == msg::MessageType::kAssignRequestRsipsec;
  });
  ASSERT_NE(request, link_->sent.end());
  EXPECT_EQ(std::get<msg::AssignRequestRsipsec>(*request).local_ports,
            msg::Ports::contiguous({40016, 16}));
}

TEST_F(AgentIpsec, HeldMessageGoesWhenTheCoordinatorSaysSo) {
  start_with_spis();
  tunnels_.events.ike_held({5, kPublic, kPeer});
  poll();
  EXPECT_EQ(ipsec_.held, std::vector<std::uint64_t>{5});
  EXPECT_FALSE(happened("sent held 5"));
  ipsec_.events.release(5, true);
  EXPECT_TRUE(happened("sent held 5"));
}

TEST_F(AgentIpsec, SpiThatADaemonAnnouncesIsAskedForAndNoOther) {
  start_with_spis();
  ipsec_.events.spis_wanted(1, 0xABCD0123, kPeer);
  poll();
  ASSERT_EQ(last_sent(), msg::MessageType::kAssignRequestRsipsec);
  EXPECT_EQ(std::get<msg::AssignRequestRsipsec>(link_->sent.back()).spis,
            msg::Spis::contiguous(0xABCD0123, 1));
  answer(msg::ErrorResponse{403, {}, {}, {}});
  ASSERT_EQ(ipsec_.refused.size(), 1U);
  EXPECT_EQ(ipsec_.refused[0].first, 0xABCD0123);
}

// RFC 3104 has peers learn of the end while messages still get through.
TEST_F(AgentIpsec, AssociationsEndBeforeTheLeasesAreGivenBack) {
  start_with_spis();
  agent_->stop();
  poll();
  EXPECT_FALSE(was_sent(msg::MessageType::kFreeRequest));
  ASSERT_TRUE(ipsec_.stopped);
  ipsec_.stopped();
  poll();
  EXPECT_TRUE(was_sent(msg::MessageType::kFreeRequest));
}

TEST_F(AgentIpsec, LeaseThatTheGatewayTakesBackIsLostAtOnce) {
  start_with_spis();
  free_by_gateway(kSpiBind.value);
  EXPECT_TRUE(ipsec_.leases.empty());
  EXPECT_EQ(gateway().leases.size(), 1U) << "the other one stays";
}

TEST_F(AgentIpsec, StatusSaysWhatIsLeasedAndWhatIsUsed) {
  start_with_spis();
  ipsec_.report.charon = CharonState::kInStep;
  ipsec_.report.spis = {{0x1000, kSpiBind, SpiReport::Use::kInUse}};
  SaReport sa;
  sa.sa.spi = 0xABC;
  sa.sa.tunnel_mode = true;
  sa.inbound = true;
  sa.fault = "its SPI is not leased";
  ipsec_.report.sas = {sa};
  std::optional<ipc::IpsecStatus> status;
  agent_->call(ipc::IpsecRequest{}, {}, [&](const Result<ipc::Answer>& answer) {
    status = std::get<ipc::IpsecStatus>(answer.value());
  });
  ASSERT_TRUE(status);
  EXPECT_EQ(status->mode, "leased_spis");
  EXPECT_EQ(status->address, kPublic.to_string());
  EXPECT_EQ(status->ike_ports, (std::vector<std::uint16_t>{40000, 40001}));
  EXPECT_EQ(status->daemon.state, "in_step");
  EXPECT_EQ(status->spis.at(0).use, "in_use");
  EXPECT_EQ(status->associations.at(0).spi, "0x00000abc");
  EXPECT_EQ(status->associations.at(0).fault, "its SPI is not leased");
}

TEST_F(AgentIpsec, WholeAddressNeedsNoSpis) {
  gateways_[0].method = msg::Method::kRsaIp;
  start();
  register_host();
  EXPECT_FALSE(happened("ipsec started"));
  EXPECT_FALSE(was_sent(msg::MessageType::kAssignRequestRsipsec));
}

}  // namespace
}  // namespace rsip::agent
