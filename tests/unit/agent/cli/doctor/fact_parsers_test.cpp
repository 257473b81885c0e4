#include "agent/cli/doctor/fact_parsers.h"

#include <gtest/gtest.h>

namespace rsip::cli::doctor {
namespace {

TEST(DoctorParsers, ReadRulesAsIpPrintsThem) {
  const auto rules = parse_rules(
      R"([{"priority":4553,"src":"all","table":"main","suppress_prefixlen":0,"protocol":"155"},
          {"priority":4554,"not":null,"src":"all","fwmark":"0x11cb","table":"4555"},
          {"priority":9,"src":"10.0.0.0","srclen":8,"iif":"eth0","table":"7"}])");
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->size(), 3U);
  EXPECT_EQ(rules->at(0).suppressed, 0);
  EXPECT_TRUE(rules->at(1).inverted);
  EXPECT_EQ(rules->at(1).mark, "0x11cb");
  EXPECT_EQ(rules->at(2).from, "10.0.0.0/8");
  EXPECT_TRUE(rules->at(2).narrow);
}

TEST(DoctorParsers, ReadRoutesOfEveryTable) {
  const auto routes = parse_routes(
      R"([{"dst":"default","dev":"rsip0","table":"4555","flags":[]},
          {"type":"throw","dst":"10.1.0.1","table":"4555"},
          {"dst":"10.1.0.0/24","dev":"eth0"},{"dst":"fe80::/64","dev":"eth0"}])");
  ASSERT_TRUE(routes);
  ASSERT_EQ(routes->size(), 3U);
  EXPECT_EQ(routes->at(0).to.length, 0);
  EXPECT_EQ(routes->at(1).type, "throw");
  EXPECT_EQ(routes->at(2).table, "main");
}

TEST(DoctorParsers, ReadLinksWithTheirNetworks) {
  const auto links = parse_links(
      R"([{},{"ifname":"rsip0","flags":["POINTOPOINT","UP"],"mtu":1480,
           "linkinfo":{"info_kind":"tun"},"addr_info":[
           {"family":"inet","local":"10.1.0.9","prefixlen":24},
           {"family":"inet6","local":"fe80::1","prefixlen":64}]}])");
  ASSERT_TRUE(links);
  ASSERT_EQ(links->size(), 1U);
  EXPECT_TRUE(links->at(0).up);
  EXPECT_EQ(links->at(0).kind, "tun");
  ASSERT_EQ(links->at(0).networks.size(), 1U);
  EXPECT_EQ(links->at(0).networks[0].to_string(), "10.1.0.0/24");
}

TEST(DoctorParsers, FindTheWayOut) {
  const auto way = parse_way_out(
      R"([{"dst":"192.0.2.1","gateway":"10.1.0.1","dev":"eth0","prefsrc":"10.1.0.2"}])");
  ASSERT_TRUE(way);
  EXPECT_EQ(way->device, "eth0");
  EXPECT_EQ(way->router, "10.1.0.1");
  EXPECT_EQ(way->source, "10.1.0.2");
  EXPECT_FALSE(parse_way_out(""));
  EXPECT_EQ(parse_default_device(R"([{"dst":"default","dev":"wlan0"}])"), "wlan0");
}

TEST(DoctorParsers, TakeNothingForWhatItIsNot) {
  EXPECT_FALSE(parse_rules("Error: nonsense"));
  EXPECT_FALSE(parse_routes("{}"));
  EXPECT_FALSE(parse_links("[1"));
  EXPECT_TRUE(parse_links("[1, \"a\"]")->empty());
  EXPECT_TRUE(parse_routes("")->empty());  // `ip` prints nothing for an empty list
}

TEST(DoctorParsers, ReadTheKernelsListOfSockets) {
  EXPECT_EQ(ports_in_proc("  sl  local_address rem_address   st\n"
                          "  1: 0100007F:0035 00000000:0000 07 00000000:00000000\n"
                          "  2: 00000000:9C40 00000000:0000 07\n"
                          "garbage\n"),
            (std::vector<std::uint16_t>{53, 40000}));
}

TEST(DoctorParsers, ReadNameServersAndNothingElse) {
  EXPECT_EQ(name_servers("# nameserver 1.1.1.1\nsearch example.net\nnameserver 10.1.0.1\n"),
            std::vector<std::string>{"10.1.0.1"});
}

TEST(DoctorParsers, KnowWhatNetworkdIsTold) {
  EXPECT_FALSE(removes_foreign_rules("[Network]\n#ManageForeignRoutingPolicyRules=no\n"));
  EXPECT_EQ(removes_foreign_rules("ManageForeignRoutingPolicyRules = no\n"), false);
  EXPECT_EQ(removes_foreign_rules("ManageForeignRoutingPolicyRules=yes\n"), true);
}

TEST(DoctorParsers, TellAnAnswerOfANameServerFromAQuestion) {
  const std::string question = dns_question(0x1234);
  EXPECT_EQ(question.size(), 17U);
  EXPECT_FALSE(is_dns_answer(question, 0x1234));
  std::string answer = question;
  answer[2] = '\x81';
  EXPECT_TRUE(is_dns_answer(answer, 0x1234));
  EXPECT_FALSE(is_dns_answer(answer, 0x1235));
  EXPECT_FALSE(is_dns_answer(answer.substr(0, 11), 0x1234));
}

}  // namespace
}  // namespace rsip::cli::doctor
