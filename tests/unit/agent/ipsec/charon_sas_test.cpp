#include "agent/ipsec/charon_sas.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

vici::Section child(const std::string& id, const std::string& spi) {
  vici::Section section;
  section.set("uniqueid", id);
  section.set("spi-in", spi);
  section.set("spi-out", std::string("c1234567"));
  return section;
}

vici::Section event() {
  vici::Section children;
  children.set("net-3", child("3", "00001000"));
  children.set("web-4", child("4", "f0000001"));
  vici::Section sa;
  sa.set("uniqueid", std::string("7"));
  sa.set("local-host", std::string("203.0.113.1"));
  sa.set("local-port", std::string("40000"));
  sa.set("child-sas", children);
  vici::Section all;
  all.set("rsip", sa);
  return all;
}

TEST(CharonSasTest, NamesCanBeShown) {
  vici::Section all;
  all.set("b\xfcro\033[2J\n", vici::Section{});
  EXPECT_EQ(read_charon_sas(all).at(0).connection, "b?ro?[2J?");
}

TEST(CharonSasTest, ReadsConnectionIdsAndSpis) {
  const auto sas = read_charon_sas(event());
  ASSERT_EQ(sas.size(), 1U);
  EXPECT_EQ(sas[0].connection, "rsip");
  EXPECT_EQ(sas[0].id, "7");
  EXPECT_EQ(sas[0].local, Ipv4Address{0xCB007101});
  EXPECT_EQ(sas[0].local_port, 40000);
  ASSERT_EQ(sas[0].children.size(), 2U);
  EXPECT_EQ(sas[0].children[0], (CharonChild{"3", 0x1000, 0xc1234567, false}));
  EXPECT_EQ(sas[0].children[1].spi_in, 0xf0000001);
}

TEST(CharonSasTest, WhatIsStrangeIsLeftOut) {
  vici::Section sa;
  sa.set("local-host", std::string("fe80::1"));
  sa.set("local-port", std::string("many"));
  sa.set("child-sas", std::string("none"));
  vici::Section all;
  all.set("odd", sa);
  all.set("text", std::string("no section"));
  const auto sas = read_charon_sas(all);
  ASSERT_EQ(sas.size(), 1U);
  EXPECT_EQ(sas[0], (CharonSa{"odd", "", {}, 0, {}}));
}

TEST(CharonSasTest, TerminatesAChildAloneAndTheWholeSaIfNothingIsLeftOfIt) {
  const auto sas = read_charon_sas(event());
  const auto one = terminations(sas, {0x1000}, true);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].text("child-id"), "3");
  EXPECT_EQ(one[0].text("force"), "yes");
  const auto all = terminations(sas, {0x1000, 0xf0000001}, false);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].text("ike-id"), "7");
  EXPECT_EQ(all[0].text("force"), "");
  EXPECT_TRUE(terminations(sas, {0x2000}, true).empty());
}

}  // namespace
}  // namespace rsip::agent
