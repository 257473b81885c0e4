#include "agent/app/config.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

// H-108: port 4555
TEST(Config, NeedsNothingButTheGatewaysAddress) {
  const auto config = parse_config("[[gateway]]\naddress = \"10.1.0.1\"\n", "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->gateway.address, Ipv4Address{0x0A010001});
  EXPECT_EQ(config->gateway.name, "10.1.0.1");
  EXPECT_EQ(config->gateway.port, 4555);
  EXPECT_EQ(config->gateway.method, msg::Method::kRsapIp);
  EXPECT_EQ(config->gateway.ports, 32);
  EXPECT_EQ(config->gateway.routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  EXPECT_EQ(config->socket, "/run/rsip/agent.sock");
}

TEST(Config, ReadsEveryKey) {
  const auto config = parse_config(R"(
[agent]
socket = "/tmp/a.sock"
log_level = "debug"
device = "pub0"
[[gateway]]
name = "hotel"
address = "10.1.0.1"
port = 4556
transport = "tcp"
method = "rsa-ip"
tunnel = "ip-ip"
ports = 16
max_ports = 64
lease = "90s"
routes = ["198.51.100.0/24", "203.0.113.7"]
exclude = ["198.51.100.128/25"]
)",
                                   "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  const Ipv4Prefix net{{0xC6336400}, 24};
  const Ipv4Prefix host{{0xCB007107}, 32};
  const Ipv4Prefix half{{0xC6336480}, 25};
  const Config expected{"/tmp/a.sock",
                        "debug",
                        "pub0",
                        {"hotel",
                         {0x0A010001},
                         4556,
                         msg::Method::kRsaIp,
                         16,
                         64,
                         std::chrono::seconds(90),
                         {net, host},
                         {half}}};
  EXPECT_EQ(*config, expected);
}

struct Mistake {
  const char* name;
  const char* text;
  const char* message;  ///< Part of it.
  const char* hint;     ///< Part of it.
};

class ConfigMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ConfigMistake, IsNamedWithItsPlaceAndWhatIsAllowed) {
  const auto config = parse_config(GetParam().text, "agent.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(exit_code(config.error().kind), 12);
  EXPECT_NE(config.error().message.find(GetParam().message), std::string::npos)
      << config.error().message;
  EXPECT_NE(config.error().hint.find(GetParam().hint), std::string::npos) << config.error().hint;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ConfigMistake,
    testing::Values(
        Mistake{"UnknownKey", "[[gateway]]\naddress = \"10.1.0.1\"\nprot = 1\n",
                "agent.toml:3:8: unknown key 'prot' in [[gateway]]", "allowed: address"},
        Mistake{"UnknownAgentKey", "[agent]\nsokket = \"\"\n",
                "agent.toml:2:10: unknown key 'sokket'", "socket"},
        Mistake{"UnknownSection", "[gatway]\n", "agent.toml:1:1: unknown section 'gatway'",
                "[[gateway]]"},
        Mistake{"WrongType", "[[gateway]]\naddress = 5\n",
                "agent.toml:2:11: address is a whole number", "a string in quotes"},
        Mistake{"TextForNumber", "[[gateway]]\naddress = \"10.1.0.1\"\nports = \"8\"\n",
                "agent.toml:3:9: ports is a string", "a whole number of 1 to 255"},
        Mistake{"OutOfRange", "[[gateway]]\naddress = \"10.1.0.1\"\nports = 256\n",
                "ports = 256 is out of range", "1 to 255"},
        Mistake{"BroadcastAddress", "[[gateway]]\naddress = \"255.255.255.255\"\n",
                "agent.toml:2:11: 255.255.255.255 is not the address of a gateway", "10.1.0.1"},
        Mistake{"LoopbackAddress", "[[gateway]]\naddress = \"127.0.0.1\"\n", "127.0.0.1",
                "10.1.0.1"},
        Mistake{"NameOfTwoLines", "[[gateway]]\naddress = \"10.1.0.1\"\nname = \"a\\nb\"\n",
                "agent.toml:3:8: name has control characters", "one line"},
        Mistake{"SingleBrackets", "[gateway]\naddress = \"10.1.0.1\"\n",
                "agent.toml:1:1: gateway is a section", "[[gateway]]"},
        Mistake{"FewerPortsThanTheDefault", "[[gateway]]\naddress = \"10.1.0.1\"\nmax_ports = 16\n",
                "agent.toml:3:13: max_ports is less than ports, which is 32", "set ports"},
        Mistake{"DeviceOfTheKernel", "[agent]\ndevice = \"all\"\n", "agent.toml:2:10", "1 to 15"},
        Mistake{"NotAnAddress", "[[gateway]]\naddress = \"10.1.0.256\"\n", "10.1.0.256",
                "four numbers of 0-255"},
        Mistake{"HostBits", "[[gateway]]\naddress = \"10.1.0.1\"\nroutes = [\"10.1.0.9/24\"]\n",
                "host bits", "10.1.0.0/24"},
        Mistake{"MixedList", "[[gateway]]\naddress = \"10.1.0.1\"\nroutes = [\"0.0.0.0/0\", 5]\n",
                "routes", "a list of strings"},
        Mistake{"UnknownChoice", "[[gateway]]\naddress = \"10.1.0.1\"\ntransport = \"sctp\"\n",
                "transport = \"sctp\"", "allowed: tcp"},
        Mistake{"NotATime", "[[gateway]]\naddress = \"10.1.0.1\"\nlease = \"5 fortnights\"\n",
                "lease = \"5 fortnights\"", "30m"},
        Mistake{"TooShortALease", "[[gateway]]\naddress = \"10.1.0.1\"\nlease = \"1s\"\n",
                "lease = \"1s\"", "10s"},
        Mistake{"MorePortsThanMost",
                "[[gateway]]\naddress = \"10.1.0.1\"\nports = 8\nmax_ports = 4\n",
                "max_ports is less than ports", "growth"},
        Mistake{"NoAddress", "[[gateway]]\n", "[[gateway]] has no address", "required"},
        Mistake{"NoGateway", "", "no [[gateway]] section", "address ="},
        Mistake{"TwoGateways",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway]]\naddress = \"10.1.0.2\"\n",
                "agent.toml:3:1: a second [[gateway]]", "one gateway"},
        Mistake{"RelativeSocket", "[agent]\nsocket = \"agent.sock\"\n", "absolute path",
                "/run/rsip/agent.sock"},
        Mistake{"DeviceWithSlash", "[agent]\ndevice = \"a/b\"\n", "a/b", "1 to 15"},
        Mistake{"AgentIsNoSection", "agent = 5\n", "agent is not a section", "[agent]"},
        Mistake{"NotToml", "[[gateway]]\naddress = \n", "agent.toml:2:", "toml.io"}),
    [](const auto& mistake) { return std::string(mistake.param.name); });

TEST(Config, AFileThatIsNotThereIsNamed) {
  const auto config = load_config("/nowhere/agent.toml");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("/nowhere/agent.toml"), std::string::npos);
  EXPECT_EQ(exit_code(config.error().kind), 12);
}

TEST(Config, AFolderIsNoFile) {
  const auto config = load_config("/");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("cannot read /"), std::string::npos);
}

}  // namespace
}  // namespace rsip::agent
