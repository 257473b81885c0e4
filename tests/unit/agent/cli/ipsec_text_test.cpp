#include "agent/cli/ipsec_text.h"

#include <gtest/gtest.h>

namespace rsip::cli {
namespace {

ipc::IpsecStatus some_status() {
  ipc::IpsecStatus status;
  status.gateway = "hotel";
  status.mode = "leased_spis";
  status.address = "203.0.113.1";
  status.ike_ports = {40000, 40001};
  status.daemon = {"in_step", "5.9.8", "/run/charon.vici", "/etc/strongswan.d/rsip.conf"};
  status.spis = {{"0x00001000", 3, "in_use"}, {"0x00001001", 3, "offered"}};
  status.associations = {
      {"esp", "0x00001000", "203.0.113.10", "203.0.113.1", "tunnel", true, 3, "office", "", ""},
      {"esp", "0xc1234567", "203.0.113.1", "203.0.113.10", "tunnel", false, {}, "office", "", ""}};
  return status;
}

void expect_parts(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in\n" << text;
  }
}

TEST(IpsecText, HoldsLeasesAgainstAssociations) {
  EXPECT_EQ(ipsec_text(some_status(), false),
            "Gateway  hotel\n"
            "Public   203.0.113.1, IKE on port 40000, with ESP in UDP on 40001\n"
            "IKE      strongSwan 5.9.8, in step\n"
            "SPIs     2 leased, 1 in use, 1 next for the IKE daemon\n"
            "\n"
            "PROTO  SPI         WAY      PEER          MODE    CONNECTION  LEASE\n"
            "esp    0x00001000  in from  203.0.113.10  tunnel  office      bind 3\n"
            "esp    0xc1234567  out to   203.0.113.10  tunnel  office\n");
}

TEST(IpsecText, WhatCannotWorkIsRedWithReasonAndRemedy) {
  auto status = some_status();
  status.associations[0].bind.reset();
  status.associations[0].fault = "its SPI is not leased: nothing can come in";
  status.associations[0].remedy = "include the fragment";
  const std::string text = ipsec_text(status, true);
  EXPECT_NE(
      text.find("\033[31mesp    0x00001000  in from  203.0.113.10  tunnel  office      not "
                "leased\n     its SPI is not leased: nothing can come in\n\033[0m     include "
                "the fragment\nesp    0xc1234567"),
      std::string::npos)
      << text;
  EXPECT_EQ(ipsec_text(status, false).find('\033'), std::string::npos);
}

TEST(IpsecText, SaysWhyThereIsNothingToSay) {
  auto status = some_status();
  status.mode = "off";
  EXPECT_NE(ipsec_text(status, false).find("enabled = true"), std::string::npos);
  EXPECT_EQ(spis_text(status), ipsec_text(status, false));
  status.mode = "whole_address";
  EXPECT_NE(ipsec_text(status, false).find("203.0.113.1 is this host's own"), std::string::npos);
}

TEST(IpsecText, ListsSpis) {
  EXPECT_EQ(spis_text(some_status()),
            "SPI         USE      BIND\n"
            "0x00001000  in use   3\n"
            "0x00001001  offered  3\n");
}

TEST(IpsecText, WithAProblemTheDaemonIsNotCalledInStep) {
  auto status = some_status();
  status.problem = ipc::ProblemStatus{"x", 6, "charon takes SPIs that it was not told", "include"};
  const std::string text = ipsec_text(status, false);
  EXPECT_EQ(text.find("in step"), std::string::npos);
  expect_parts(text, {"Problem  charon takes", "include"});
}

TEST(IpsecText, WithoutSpisNamesWhereTheReasonIs) {
  auto status = some_status();
  status.spis.clear();
  EXPECT_NE(spis_text(status).find("rsipctl doctor"), std::string::npos);
}

// H-210, H-213, H-215, H-237
TEST(IpsecText, PlanNamesEverySettingThatStrongswanNeeds) {
  auto status = some_status();
  std::string plan = ipsec_plan_text(status);
  expect_parts(
      plan, {"/etc/strongswan.d/rsip.conf", "leased port 40000", "systemctl restart strongswan",
             "local_addrs = 203.0.113.1", "mobike = no", "encap = no", "id = laptop-7@example.org",
             "/etc/swanctl/conf.d/office.conf", "secrets {", "swanctl --load-all"});
  EXPECT_EQ(plan.find("shorter than the peer's"), std::string::npos);
  status.ike_ports = {500, 4500};
  plan = ipsec_plan_text(status);
  EXPECT_NE(plan.find("shorter than the peer's"), std::string::npos);
  EXPECT_EQ(plan.find("leased port"), plan.find("leased ports instead"));
}

// Two hosts with the leased address as selector are one to the peer; a program that sends from the
// leased address sends in clear.
TEST(IpsecText, PlanGivesTheHostAnAddressOfItsOwnInTheTunnel) {
  expect_parts(ipsec_plan_text(some_status()),
               {"local_ts = 10.9.7.1/32", "ip address add 10.9.7.1/32", "src 10.9.7.1",
                "ip route add unreachable 10.99.0.0/24"});
}

TEST(IpsecText, PlanWithoutFragmentNamesThePortsItself) {
  auto status = some_status();
  status.daemon.fragment.clear();
  const std::string plan = ipsec_plan_text(status);
  expect_parts(plan, {"port = 40000", "port_nat_t = 40001"});
  EXPECT_EQ(plan.find("that file"), std::string::npos);
}

TEST(IpsecText, PlanForAWholeAddressSaysNothingOfThoseWhoShareOne) {
  auto status = some_status();
  status.mode = "whole_address";
  status.ike_ports = {500, 4500};
  const std::string plan = ipsec_plan_text(status);
  for (const char* const part : {"rsip.conf", "cookie", "share", "leased ports", "10.9.7.1"}) {
    EXPECT_EQ(plan.find(part), std::string::npos) << part << " in\n" << plan;
  }
}

}  // namespace
}  // namespace rsip::cli
