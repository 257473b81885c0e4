#include "tests/gateway/config/config.h"

#include <gtest/gtest.h>

namespace rsip::gateway {
namespace {

using std::chrono::seconds;

const std::string kPool = "[[pool]]\nmethod = \"rsap-ip\"\naddresses = [\"198.51.100.1\"]\n";
const std::string kGateway = "[gateway]\nlisten = \"10.1.0.1\"\n";

TEST(GatewayConfig, TakesTheSmallestFileWithTheDocumentedDefaults) {
  const auto config = parse_config(kGateway + kPool, "gw.toml");
  ASSERT_TRUE(config) << to_line(config.error());
  EXPECT_EQ(config->listen, Ipv4Address{0x0A010001});
  EXPECT_EQ(config->port, 4555);
  EXPECT_EQ(config->device, "rsip0");
  EXPECT_FALSE(config->mtu);
  EXPECT_EQ(config->engine.lease.hold, seconds(120));
  ASSERT_EQ(config->engine.pools.size(), 1U);
  EXPECT_EQ(config->engine.pools[0].ports, (PortRange{1024, 64512}));
}

TEST(GatewayConfig, TakesEveryKey) {
  const auto config = parse_config(R"(
[gateway]
listen = "10.1.0.1"
port = 4455
device = "rsipgw"
mtu = 1400
proxy_arp = "wan0"
log_level = "debug"
stats_every = "10m"
local_networks = ["10.0.0.0/8"]
deregister_refusal = "already-unregistered"
tunnels = ["gre", "ip-ip", "l2tp"]
endpoint = "10.1.0.3"
udp = false
accounting = "/var/log/rsip/accounting.jsonl"
accounting_every = "1m"
[lease]
minimum = "1m"
default = "10m"
maximum = "1h"
hold = "0s"
[hosts]
allow = ["10.1.0.0/24"]
deny = ["10.1.0.99"]
max_hosts = 10
max_ports = 100
max_addresses = 2
max_connections = 3
max_binds = 5
max_requests_per_second = 50
[parent]
agent_socket = "/run/rsip/agent.sock"
gateway = "up"
pool = "above"
poll_every = "5s"
[script]
file = "lies.jsonl"
socket = "/run/rsip/script.sock"
[policy]
local = "macro"
remote = "micro"
blocked = ["198.51.100.7", "192.0.2.0/24:25"]
[[pool]]
name = "a"
method = "rsap-ip"
addresses = ["198.51.100.1", "198.51.100.2"]
ports = "2000-2999"
[[pool]]
method = "rsa-ip"
addresses = ["198.51.100.16/28"]
[[class]]
name = "staff"
hosts = ["10.1.0.0/28"]
keys = [1, 4294967295]
pools = ["a"]
max_ports = 200
max_addresses = 1
max_binds = 20
max_lease = "10m"
)",
                                   "gw.toml");
  ASSERT_TRUE(config) << to_line(config.error());
  EXPECT_EQ(config->mtu, 1400);
  EXPECT_EQ(config->engine.deregister_refusal, msg::ErrorCode::kAlreadyUnregistered);
  EXPECT_EQ(config->engine.lease.maximum, seconds(3600));
  EXPECT_EQ(config->engine.hosts.allow.size(), 1U);
  EXPECT_EQ(config->engine.pools[0].ports, (PortRange{2000, 1000}));
  EXPECT_EQ(config->engine.pools[1].method, msg::Method::kRsaIp);
  EXPECT_EQ(config->engine.pools[0].name, "a");
  EXPECT_EQ(config->engine.hosts.quota.max_binds, 5U);
  EXPECT_EQ(config->engine.hosts.max_requests_per_second, 50U);
  EXPECT_EQ(config->engine.policy.remote, msg::RemoteFlowPolicy::kMicro);
  ASSERT_EQ(config->engine.policy.blocked.size(), 2U);
  EXPECT_EQ(config->engine.policy.blocked[1].port, 25);
  EXPECT_EQ(config->engine.tunnels,
            (std::vector{msg::TunnelType::kGre, msg::TunnelType::kIpIp, msg::TunnelType::kL2tp}));
  EXPECT_EQ(config->engine.endpoint, Ipv4Address{0x0A010003});
  EXPECT_FALSE(config->engine.udp);
  EXPECT_EQ(config->accounting, "/var/log/rsip/accounting.jsonl");
  EXPECT_EQ(config->accounting_every, seconds(60));
  EXPECT_EQ(config->script_file, "lies.jsonl");
  EXPECT_EQ(config->parent.agent_socket, "/run/rsip/agent.sock");
  EXPECT_EQ(config->parent.gateway, "up");
  EXPECT_EQ(config->parent.pool, "above");
  EXPECT_EQ(config->parent.poll_every, seconds(5));
  EXPECT_EQ(config->engine.promised, std::vector{msg::Method::kRsapIp});
  EXPECT_EQ(config->script_socket, "/run/rsip/script.sock");
  ASSERT_EQ(config->engine.classes.size(), 1U);
  const ClassSettings& staff = config->engine.classes[0];
  EXPECT_EQ(staff.name, "staff");
  EXPECT_EQ(staff.hosts.size(), 1U);
  EXPECT_EQ(staff.keys, (std::vector<std::uint32_t>{1, 4294967295}));
  EXPECT_EQ(staff.pools, std::vector<std::string>{"a"});
  EXPECT_EQ(staff.quota.max_ports, 200U);
  EXPECT_EQ(staff.quota.max_lease, seconds(600));
}

TEST(GatewayConfig, NeedsNoPoolIfAParentGivesThem) {
  EXPECT_TRUE(parse_config(kGateway + "[parent]\nagent_socket = \"/run/rsip/agent.sock\"\n" +
                               "[[class]]\nname = \"a\"\nkeys = [1]\npools = [\"parent\"]\n",
                           "gw.toml"));
}

struct Broken {
  std::string name;
  std::string text;
  std::string place;
  std::string part;  ///< Of the message and hint.
};

void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.part;
}

class BrokenConfig : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenConfig, IsRefusedWithItsPlaceAndWhatIsAllowed) {
  const auto config = parse_config(GetParam().text, "gw.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(exit_code(config.error().kind), 12);
  const std::string line = config.error().message + " | " + config.error().hint;
  EXPECT_EQ(line.rfind("gw.toml:" + GetParam().place + ": ", 0), 0U) << line;
  EXPECT_NE(line.find(GetParam().part), std::string::npos) << line;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BrokenConfig,
    ::testing::Values(
        Broken{"BracketMissing", "[gateway\n", "1:9", "expected ']'"},
        Broken{"NoPool", kGateway, "1:1", "no section [[pool]]"},
        Broken{"NoGatewaySection", kPool, "1:1", "no section [gateway]"},
        Broken{"GatewayIsANumber", "gateway = 5\n" + kPool, "1:11", "[gateway]"},
        Broken{"NoListen", "[gateway]\nport = 5\n" + kPool, "1:1", "has no listen"},
        Broken{"UnknownSection", kGateway + kPool + "[extra]\n", "6:1",
               "allowed: [gateway], [lease]"},
        Broken{"UnknownKey", kGateway + "colour = 1\n" + kPool, "3:10",
               "allowed: accounting, accounting_every, deregister_refusal"},
        Broken{"ListenIsNoAddress", "[gateway]\nlisten = \"10.1.0.256\"\n" + kPool, "2:10",
               "not an IPv4 address"},
        Broken{"ListenIsUnspecified", "[gateway]\nlisten = \"0.0.0.0\"\n" + kPool, "2:10",
               "not the address"},
        Broken{"ListenIsANumber", "[gateway]\nlisten = 1\n" + kPool, "2:10", "a string in quotes"},
        Broken{"PortZero", kGateway + "port = 0\n" + kPool, "3:8", "1 to 65535"},
        Broken{"PortIsAString", kGateway + "port = \"4555\"\n" + kPool, "3:8", "a whole number"},
        Broken{"DeviceNameTooLong", kGateway + "device = \"much-too-long-name\"\n" + kPool, "3:10",
               "1 to 15"},
        Broken{"UnknownLogLevel", kGateway + "log_level = \"loud\"\n" + kPool, "3:13",
               "allowed: trace, debug"},
        Broken{"ListOfNumbers", kGateway + "local_networks = [1]\n" + kPool, "3:19",
               "a list of strings"},
        Broken{"HostBitsInANetwork", kGateway + "local_networks = [\"10.1.0.0/8\"]\n" + kPool,
               "3:19", "did you mean 10.0.0.0/8?"},
        Broken{"TimeWithoutUnit", kGateway + "[lease]\nhold = \"2\"\n" + kPool, "4:8", "\"90s\""},
        Broken{"MaximumBelowMinimum", kGateway + "[lease]\nmaximum = \"1m\"\n" + kPool, "3:1",
               "between"},
        Broken{"NoPortsForHosts", kGateway + "[hosts]\nmax_ports = 0\n" + kPool, "4:13",
               "1 to 65535"},
        Broken{"UnknownMethod",
               kGateway + "[[pool]]\nmethod = \"nat\"\naddresses = [\"198.51.100.1\"]\n", "4:10",
               "allowed: rsap-ip, rsa-ip"},
        Broken{"PoolHasNoAddresses", kGateway + "[[pool]]\nmethod = \"rsap-ip\"\naddresses = []\n",
               "5:13", "has none"},
        Broken{"PoolWithoutAddresses", kGateway + "[[pool]]\nmethod = \"rsap-ip\"\n", "3:1",
               "has no addresses"},
        Broken{"UnknownTunnel", kGateway + "tunnels = [\"sit\"]\n" + kPool, "3:12", "ip-ip, gre"},
        Broken{"NoTunnel", kGateway + "tunnels = []\n" + kPool, "3:11", "has none"},
        Broken{"TunnelTwice", kGateway + "tunnels = [\"gre\", \"gre\"]\n" + kPool, "3:11", "twice"},
        Broken{"UdpIsNoFlag", kGateway + "udp = 1\n" + kPool, "3:7", "true or false"},
        Broken{"UnknownPolicy", kGateway + kPool + "[policy]\nremote = \"nano\"\n", "7:10",
               "none, macro, micro"},
        Broken{"BlockedWithoutPolicy", kGateway + kPool + "[policy]\nblocked = [\"1.2.3.4\"]\n",
               "7:11", "no effect"},
        Broken{"BlockedPortWithMacro",
               kGateway + kPool + "[policy]\nremote = \"macro\"\nblocked = [\"1.2.3.4:25\"]\n",
               "8:11", "ports"},
        Broken{"WholeAddressesWithMicro",
               kGateway + "[policy]\nlocal = \"micro\"\n[[pool]]\nmethod = \"rsa-ip\"\n"
                          "addresses = [\"198.51.100.1\"]\n",
               "6:10", "micro"},
        Broken{"ClassOfNobody", kGateway + kPool + "[[class]]\nname = \"a\"\n", "7:8",
               "no host can"},
        Broken{"ClassNamedDefault",
               kGateway + kPool + "[[class]]\nname = \"default\"\nkeys = [1]\n", "7:8",
               "cannot be the name"},
        Broken{"ClassWithUnknownPool",
               kGateway + kPool + "[[class]]\nname = \"a\"\nkeys = [1]\npools = [\"b\"]\n", "9:9",
               "no pool named 'b'"},
        Broken{"KeyThatIsNoNumber", kGateway + kPool + "[[class]]\nname = \"a\"\nkeys = [\"1\"]\n",
               "8:9", "whole number"},
        Broken{"PortZeroInPool", kGateway + kPool + "ports = \"0-10\"\n", "6:9", "within 1-65535"},
        Broken{"PortRangeWithoutEnd", kGateway + kPool + "ports = \"10-\"\n", "6:9",
               "within 1-65535"},
        Broken{"PortRangeBackwards", kGateway + kPool + "ports = \"10-9\"\n", "6:9",
               "within 1-65535"},
        Broken{"AddressInTwoPools", kGateway + kPool + kPool, "8:13", "twice"},
        Broken{"OwnAddressInPool",
               kGateway + "[[pool]]\nmethod = \"rsa-ip\"\naddresses = [\"10.1.0.0/24\"]\n", "5:13",
               "own address 10.1.0.1"},
        Broken{"MulticastInPool",
               kGateway + "[[pool]]\nmethod = \"rsa-ip\"\naddresses = [\"224.0.0.0/24\"]\n", "5:13",
               "cannot be leased"},
        Broken{"PoolTooLarge",
               kGateway + "[[pool]]\nmethod = \"rsa-ip\"\naddresses = [\"198.0.0.0/8\"]\n", "5:13",
               "at most /16"}),
    [](const auto& broken) { return broken.param.name; });

TEST(GatewayConfig, SaysWhyAFileCannotBeRead) {
  const auto config = load_config("/nonexistent/gateway.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(exit_code(config.error().kind), 12);
  EXPECT_NE(config.error().message.find("No such file"), std::string::npos);
}

// G-43, G-45: who may use IPsec, and what of it there is
TEST(GatewayConfig, AllowsIpsecByDefault) {
  const auto config = parse_config(kGateway + kPool, "gw.toml");
  ASSERT_TRUE(config) << to_line(config.error());
  EXPECT_TRUE(config->engine.hosts.quota.ipsec);
  EXPECT_EQ(config->engine.hosts.quota.max_spis, 1024U);
  EXPECT_EQ(config->engine.pools[0].spis, kUsualSpis);
  EXPECT_TRUE(config->ipsec.learn_responder_cookies);
  EXPECT_EQ(config->ipsec.cookie_idle, seconds(3600));
}

TEST(GatewayConfig, TakesEveryKeyOfIpsec) {
  const auto config = parse_config(kGateway + kPool + R"(spis = "0x2000-0x2fff"
[policy]
ipsec = "denied"
[hosts]
max_spis = 16
[ipsec]
learn_responder_cookies = false
cookie_idle = "10m"
max_cookies = 8
[[class]]
name = "staff"
hosts = ["10.1.0.0/28"]
ipsec = "allowed"
max_spis = 32
[[class]]
name = "guest"
hosts = ["10.1.0.16/28"]
)",
                                   "gw.toml");
  ASSERT_TRUE(config) << to_line(config.error());
  EXPECT_EQ(config->engine.pools[0].spis, (SpiRange{0x2000, 0x1000}));
  EXPECT_FALSE(config->engine.hosts.quota.ipsec);
  EXPECT_TRUE(config->engine.classes[0].quota.ipsec);
  EXPECT_EQ(config->engine.classes[0].quota.max_spis, 32U);
  EXPECT_FALSE(config->engine.classes[1].quota.ipsec);
  EXPECT_EQ(config->engine.classes[1].quota.max_spis, 16U);
  EXPECT_FALSE(config->ipsec.learn_responder_cookies);
  EXPECT_EQ(config->ipsec.cookie_idle, seconds(600));
  EXPECT_EQ(config->ipsec.max_cookies, 8U);
}

// H-231: reserved SPIs cannot be configured
TEST(GatewayConfig, SaysWhereSpisAreWrong) {
  for (const char* const wrong :
       {"0x10-0x20", "255", "0x2000-0x1000", "0x1-", "0x", "0x1g00", "0x1000-0x100000000", ""}) {
    const auto config = parse_config(kGateway + kPool + "spis = \"" + wrong + "\"\n", "gw.toml");
    ASSERT_FALSE(config) << wrong;
    EXPECT_EQ(config.error().message.rfind("gw.toml:6:8: ", 0), 0U) << config.error().message;
    EXPECT_EQ(config.error().kind, ErrorKind::kConfigInvalid);
  }
  for (const char* const right : {"4096", "0x100-0xffffffff", "256-0x1000"}) {
    EXPECT_TRUE(parse_config(kGateway + kPool + "spis = \"" + right + "\"\n", "gw.toml")) << right;
  }
}

TEST(GatewayConfig, SaysThatWholeAddressesHaveNoSpisOfTheirOwn) {
  const auto config = parse_config(
      kGateway + "[[pool]]\nmethod = \"rsa-ip\"\naddresses = [\"198.51.100.9\"]\nspis = \"4096\"\n",
      "gw.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message.rfind("gw.toml:6:", 0), 0U) << config.error().message;
}

TEST(GatewayConfig, SaysWhatIpsecMayBe) {
  const auto config = parse_config(kGateway + kPool + "[policy]\nipsec = \"maybe\"\n", "gw.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message.rfind("gw.toml:7:9: ", 0), 0U) << config.error().message;
}

}  // namespace
}  // namespace rsip::gateway
