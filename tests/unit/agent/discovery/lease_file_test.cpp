#include "agent/discovery/lease_file.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

constexpr unsigned kOption = 224;
constexpr std::int64_t kNow = 1767225600;  // 2026/01/01 00:00:00

Ipv4Address ip(const char* text) {
  return Ipv4Address::parse(text).value();
}

std::string lease(const std::string& statements, const char* interface = "eth0",
                  const char* expire = "expire 5 2026/01/02 00:00:00;") {
  return std::string("lease {\n  interface \"") + interface + "\";\n  fixed-address 10.0.2.15;\n" +
         statements + "\n  " + expire + "\n}\n";
}

std::optional<LeaseHints> read(const std::string& text) {
  return read_dhclient_leases(text, "eth0", kOption, kNow);
}

std::vector<NamedGateway> gateways(const std::string& text) {
  return read(text).value_or(LeaseHints()).gateways;
}

const std::vector<NamedGateway> kOne = {{Ipv4Address{0x0A010001}, std::nullopt}};

// H-026: the gateway's address by a DHCP option, in each form in which dhclient writes it.
TEST(DhclientLeases, NameTheGateway) {
  EXPECT_EQ(gateways(lease("option unknown-224 a:1:0:1;")), kOne);
  EXPECT_EQ(gateways(lease("option unknown-224 \"10.1.0.1\";")), kOne);
  EXPECT_EQ(gateways(lease("option rsip-gateway 10.1.0.1;")), kOne);
  EXPECT_EQ(gateways(lease("option unknown-224 \"\\012\\001\\000\\001\";")), kOne);
}

TEST(DhclientLeases, NameSeveralGateways) {
  const std::vector<NamedGateway> two = {{ip("10.1.0.1"), std::nullopt},
                                         {ip("10.1.0.2"), std::nullopt}};
  EXPECT_EQ(gateways(lease("option unknown-224 a:1:0:1:a:1:0:2;")), two);
  EXPECT_EQ(gateways(lease("option rsip-gateway 10.1.0.1,10.1.0.2;")), two);
  EXPECT_EQ(gateways(lease("option unknown-224 \"10.1.0.1:4455, 10.1.0.2\";")),
            (std::vector<NamedGateway>{{ip("10.1.0.1"), 4455}, {ip("10.1.0.2"), std::nullopt}}));
}

// H-244: scopes, and directory agents, by DHCP options 79 and 78.
TEST(DhclientLeases, NameDirectoryAgentsAndScopes) {
  const std::string own =
      "option slp-directory-agent true 10.0.0.1,10.0.0.2;\n"
      "option slp-service-scope false \"A,B\";";
  const std::string unknown = "option unknown-78 1:a:0:0:1:a:0:0:2;\noption unknown-79 0:41:2c:42;";
  for (const std::string& text : {own, unknown}) {
    const auto hints = read(lease(text));
    ASSERT_TRUE(hints);
    EXPECT_EQ(hints->directory_agents, (std::vector{ip("10.0.0.1"), ip("10.0.0.2")})) << text;
    EXPECT_EQ(hints->scopes, (std::vector<std::string>{"A", "B"})) << text;
  }
}

TEST(DhclientLeases, NameTheRouter) {
  EXPECT_EQ(read(lease("option routers 10.0.2.2, 10.0.2.3;"))->router, ip("10.0.2.2"));
}

TEST(DhclientLeases, AreThoseOfTheInterface) {
  EXPECT_FALSE(read(lease("option unknown-224 a:1:0:1;", "eth1")));
}

TEST(DhclientLeases, CountUntilTheyExpire) {
  const std::string option = "option unknown-224 a:1:0:1;";
  EXPECT_FALSE(read(lease(option, "eth0", "expire 3 2025/12/31 23:59:59;")));
  EXPECT_EQ(read(lease(option, "eth0", "expire 4 2026/01/01 00:00:01;"))->expires, kNow + 1);
  EXPECT_EQ(read(lease(option, "eth0", "expire epoch 1767225601; # Thu Jan 1"))->expires, kNow + 1);
  EXPECT_EQ(read(lease(option, "eth0", "expire never;"))->expires, std::nullopt);
  EXPECT_FALSE(read(lease(option, "eth0", "expire 4 2026/13/01 00:00:01;")));
  EXPECT_FALSE(read(lease(option, "eth0", "expire;")));
}

TEST(DhclientLeases, TheLastOneThatIsValidIsTheNewest) {
  const std::string older = lease("option unknown-224 a:1:0:9;");
  const std::string newest = lease("option unknown-224 a:1:0:1;");
  const std::string over =
      lease("option unknown-224 a:1:0:8;", "eth0", "expire 1 2020/01/01 0:0:0;");
  EXPECT_EQ(gateways(older + newest + over), kOne);
}

TEST(DhclientLeases, SurviveWhatIsBroken) {
  const std::string good = lease("option unknown-224 a:1:0:1;");
  for (const std::string& bad :
       {std::string("lease { interface \"eth0"), std::string("}}}};;;{{"), std::string("\"\\"),
        std::string("# comment { lease {\n"), std::string("default-duid \"a{b;c}\";\n"),
        lease("option unknown-224 zz:1:0:1;"), lease("option unknown-999 1;\noption ;\noption;")}) {
    EXPECT_EQ(gateways(bad + "\n" + good), kOne) << bad;
  }
  EXPECT_FALSE(read("lease { interface \"eth0\"; option unknown-224 a:1:0:1;"));
}

TEST(GatewayOption, IsAddressesOrTheirText) {
  using namespace std::string_view_literals;
  EXPECT_EQ(read_gateway_option("\x0A\x01\x00\x01"sv), kOne);
  EXPECT_EQ(read_gateway_option("10.1.0.1"), kOne);
  EXPECT_TRUE(read_gateway_option("\x0A\x01\x00\x01\x0A"sv).empty());
  EXPECT_TRUE(read_gateway_option("").empty());
  EXPECT_TRUE(read_gateway_option("gateway.mydomain").empty());
}

TEST(GatewayOption, LeavesOutWhatNoGatewayCanBe) {
  using namespace std::string_view_literals;
  EXPECT_EQ(read_gateway_option("\x00\x00\x00\x00\xFF\xFF\xFF\xFF\x7F\x00\x00\x01\xE0\x00\x00\x01"
                                "\x0A\x01\x00\x01"sv),
            kOne);
  EXPECT_EQ(read_gateway_option("127.0.0.1 10.1.0.1 10.1.0.1:0 10.1.0.1:70000 10.1.0.1:x"), kOne);
}

TEST(GatewayOption, IsNotLookedForWithoutANumber) {
  const auto hints = read_dhclient_leases(
      lease("option unknown-224 a:1:0:1;\noption rsip-gateway 10.1.0.1;"), "eth0", 0, kNow);
  ASSERT_TRUE(hints);
  EXPECT_TRUE(hints->gateways.empty());
}

// H-026: as systemd-networkd keeps it.
TEST(KeyValueLease, IsThatOfNetworkd) {
  const auto hints = read_key_value_lease(
      "# This is private data. Do not parse.\nADDRESS=10.0.2.15\nROUTER=10.0.2.2\n"
      "OPTION_224=0a010001\nOPTION_79=01412c42\n",
      kOption, kNow);
  ASSERT_TRUE(hints);
  EXPECT_EQ(hints->gateways, kOne);
  EXPECT_EQ(hints->router, ip("10.0.2.2"));
  EXPECT_EQ(hints->scopes, (std::vector<std::string>{"A", "B"}));
}

// H-026: as NetworkManager keeps it.
TEST(KeyValueLease, IsThatOfNetworkManager) {
  const auto hints = read_key_value_lease(
      "[device]\nmanaged=true\nrouters=10.9.9.9\n[dhcp4]\nprivate_224=0a:01:00:01\n"
      "routers=10.0.2.2\nexpiry=1767225700\nslp_directory_agent=10.0.0.1\n"
      "slp_service_scope=true A,B\n[dhcp6]\nprivate_224=0a:01:00:09\n",
      kOption, kNow);
  ASSERT_TRUE(hints);
  EXPECT_EQ(hints->gateways, kOne);
  EXPECT_EQ(hints->router, ip("10.0.2.2"));
  EXPECT_EQ(hints->directory_agents, std::vector{ip("10.0.0.1")});
  EXPECT_EQ(hints->scopes, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(hints->expires, 1767225700);
}

TEST(KeyValueLease, TakesTextForTheOption) {
  const auto hints = read_key_value_lease("private_224=10.1.0.1:4455\n", kOption, kNow);
  ASSERT_TRUE(hints);
  EXPECT_EQ(hints->gateways, (std::vector<NamedGateway>{{ip("10.1.0.1"), 4455}}));
}

TEST(KeyValueLease, SaysNothingIfItHasExpiredOrIsOfNoInterest) {
  EXPECT_FALSE(read_key_value_lease("private_224=0a:01:00:01\nexpiry=1767225600\n", kOption, kNow));
  EXPECT_FALSE(read_key_value_lease("ADDRESS=10.0.2.15\n", kOption, kNow));
  EXPECT_FALSE(read_key_value_lease("OPTION_224=0a01000\nOPTION_x=1\n=\n[\n", kOption, kNow));
}

}  // namespace
}  // namespace rsip::agent
