#include "agent/cli/doctor.h"

#include <gtest/gtest.h>

namespace rsip::cli {
namespace {

ipc::IpsecStatus healthy() {
  ipc::IpsecStatus status;
  status.gateway = "hotel";
  status.mode = "leased_spis";
  status.ike_ports = {40000, 40001};
  status.daemon = {"in_step", "5.9.8", "/run/charon.vici", "/etc/strongswan.d/rsip.conf"};
  status.spis = {{"0x00001000", 3, "offered"}};
  return status;
}

std::string remedies(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    if (!finding.well) text += finding.why + " -> " + finding.remedy + '\n';
  }
  return text;
}

TEST(Doctor, FindsNothingWhereAllIsWell) {
  EXPECT_TRUE(is_well(examine_ipsec(healthy(), {68, 40000})));
  ipc::IpsecStatus off;
  off.mode = "off";
  EXPECT_TRUE(examine_ipsec(off, {}).empty());
}

TEST(Doctor, SaysThatTheDaemonHasToBeRestartedForItsPort) {
  const auto findings = examine_ipsec(healthy(), {500, 4500});
  EXPECT_FALSE(is_well(findings));
  EXPECT_NE(remedies(findings).find("systemctl restart strongswan"), std::string::npos);
}

TEST(Doctor, TellsDaemonsThatAreNotInReachApart) {
  auto status = healthy();
  for (const auto& [state, remedy] :
       {std::pair{"refused", "charon.group"}, std::pair{"troubled", "systemctl restart strongswan"},
        std::pair{"no_spi", "max_spis"}}) {
    status.daemon.state = state;
    EXPECT_NE(remedies(examine_ipsec(status, {40000})).find(remedy), std::string::npos) << state;
  }
}

TEST(Doctor, WantsAnIkeDaemonButNotStrongswan) {
  auto status = healthy();
  status.daemon.state = "absent";
  EXPECT_TRUE(is_well(examine_ipsec(status, {40000})));
  EXPECT_NE(remedies(examine_ipsec(status, {})).find("systemctl start strongswan"),
            std::string::npos);
}

TEST(Doctor, BlamesNoFileThatIsNotWritten) {
  auto status = healthy();
  status.mode = "whole_address";
  status.daemon.state.clear();
  status.ike_ports = {500, 4500};
  EXPECT_EQ(remedies(examine_ipsec(status, {})).find("rsip.conf"), std::string::npos);
}

TEST(Doctor, RepeatsWhatIpsecItselfComplainsOf) {
  auto status = healthy();
  status.problem = ipc::ProblemStatus{"other", 1, "cannot write rsip.conf", "create its folder"};
  EXPECT_EQ(remedies(examine_ipsec(status, {40000})),
            "cannot write rsip.conf -> create its folder\n");
}

TEST(Doctor, NamesEachAssociationThatCannotWork) {
  auto status = healthy();
  status.associations = {{"esp",
                          "0x00000abc",
                          "203.0.113.10",
                          "203.0.113.1",
                          "tunnel",
                          true,
                          {},
                          "office",
                          "its SPI is not leased",
                          "include the fragment"}};
  EXPECT_EQ(remedies(examine_ipsec(status, {40000})),
            "esp 0x00000abc from 203.0.113.10: its SPI is not leased -> include the fragment\n");
}

TEST(Doctor, TakesAGatewaysProblemForWhatItIs) {
  ipc::Status status;
  status.gateways.resize(2);
  status.gateways[0].name = "hotel";
  status.gateways[0].state = "assigned";
  status.gateways[1].name = "office";
  status.gateways[1].state = "connecting";
  status.gateways[1].problem = ipc::ProblemStatus{"x", 7, "cannot reach it", "look at the network"};
  const auto findings = examine_gateways(status);
  EXPECT_EQ(diagnosis_text(findings, false),
            "ok    an address is leased from hotel\n"
            "WRONG an address is leased from office\n"
            "      cannot reach it\n"
            "      -> look at the network\n");
}

TEST(Doctor, KeepsALeaseApartFromWhatIsRefusedBesides) {
  ipc::Status status;
  status.gateways.resize(1);
  status.gateways[0].name = "hotel";
  status.gateways[0].state = "assigned";
  status.gateways[0].problem = ipc::ProblemStatus{"x", 8, "no IPsec here", "ask"};
  EXPECT_EQ(diagnosis_text(examine_gateways(status), false),
            "ok    an address is leased from hotel\n"
            "WRONG nothing is refused by hotel\n"
            "      no IPsec here\n"
            "      -> ask\n");
}

TEST(Doctor, ReadsTheKernelsListOfSockets) {
  EXPECT_EQ(ports_in_proc("  sl  local_address rem_address   st\n"
                          "  1: 0100007F:0035 00000000:0000 07 00000000:00000000\n"
                          "  2: 00000000:9C40 00000000:0000 07\n"
                          "garbage\n"),
            (std::vector<std::uint16_t>{53, 40000}));
}

TEST(Doctor, WithoutAnAgentSaysHowToStartIt) {
  const auto findings = diagnose("/nowhere/agent.sock", std::chrono::milliseconds(100));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_FALSE(is_well(findings));
  EXPECT_FALSE(findings[0].remedy.empty());
}

}  // namespace
}  // namespace rsip::cli
