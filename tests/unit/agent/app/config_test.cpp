#include "agent/app/config.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

// H-108: port 4555
TEST(Config, NeedsNothingButTheGatewaysAddress) {
  const auto config = parse_config("[[gateway]]\naddress = \"10.1.0.1\"\n", "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  const GatewayConfig& gateway = config->gateways.at(0);
  EXPECT_EQ(gateway.address, (Ipv4Address{0x0A010001}));
  EXPECT_EQ(gateway.name, "10.1.0.1");
  EXPECT_EQ(gateway.port, 4555);
  EXPECT_EQ(gateway.method, msg::Method::kRsapIp);
  EXPECT_EQ(gateway.ports, 32);
  EXPECT_EQ(gateway.device, "rsip0");
  EXPECT_EQ(gateway.transport, Transport::kTcp);
  EXPECT_EQ(gateway.routes, std::vector<Ipv4Prefix>{Ipv4Prefix{}});
  EXPECT_EQ(config->socket, "/run/rsip/agent.sock");
  EXPECT_EQ(config->state_dir, "/var/lib/rsip");
}

TEST(Config, ReadsEveryKey) {
  const auto config = parse_config(R"(
[agent]
socket = "/tmp/a.sock"
state_dir = "/tmp/state"
log_level = "debug"
[discovery]
dhcp_option = 224
slp = false
slp_scopes = ["HOTEL", "GUESTS"]
slp_agent = "10.1.0.5"
default_router = false
[[gateway]]
name = "hotel"
address = "10.1.0.1"
port = 4556
transport = "udp"
retransmit = "wifi"
secret_file = "/etc/rsip/hotel.key"
key_id = 7
authentication = "required"
ca_file = "/etc/rsip/ca.pem"
server_name = "rsip.hotel.example"
psk_file = "/etc/rsip/hotel.psk"
psk_identity = "laptop-7"
method = "rsa-ip"
addresses = 2
tunnel = "gre"
device = "pub0"
dscp = "zero"
ports = 16
max_ports = 64
lease = "90s"
idle = "5m"
routes = ["198.51.100.0/24", "203.0.113.7"]
exclude = ["198.51.100.128/25"]
listen = [80, 443]
forward = true
)",
                                   "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  GatewayConfig gateway;
  gateway.name = "hotel";
  gateway.address = Ipv4Address{0x0A010001};
  gateway.port = 4556;
  gateway.transport = Transport::kUdp;
  gateway.first_wait = std::chrono::milliseconds(50);
  gateway.trust = {"/etc/rsip/hotel.key", 7,         true, "/etc/rsip/ca.pem", "rsip.hotel.example",
                   "/etc/rsip/hotel.psk", "laptop-7"};
  gateway.method = msg::Method::kRsaIp;
  gateway.addresses = 2;
  gateway.tunnels = {msg::TunnelType::kGre};
  gateway.device = "pub0";
  gateway.dscp = OuterDscp::kZero;
  gateway.ports = 16;
  gateway.max_ports = 64;
  gateway.lease = std::chrono::seconds(90);
  gateway.idle = std::chrono::minutes(5);
  gateway.routes = {Ipv4Prefix{{0xC6336400}, 24}, Ipv4Prefix{{0xCB007107}, 32}};
  gateway.exclude = {Ipv4Prefix{{0xC6336480}, 25}};
  gateway.listen = {80, 443};
  gateway.forward = true;
  const DiscoveryConfig discovery{224, false, {"HOTEL", "GUESTS"}, Ipv4Address{0x0A010005}, false};
  EXPECT_EQ(*config, (Config{"/tmp/a.sock", "/tmp/state", "debug", discovery, {}, {gateway}}));
}

TEST(Config, ReadsWhatIpsecNeeds) {
  const auto config = parse_config(R"(
[ipsec]
vici_socket = "/run/a.vici"
fragment = ""
[[gateway]]
address = "10.1.0.1"
[gateway.ipsec]
enabled = true
spis = 100
ports = 4
ike_port = "500"
observe = false
peers = ["203.0.113.10"]
[[gateway.ipsec.connection]]
name = "office"
remote = "203.0.113.11"
remote_port = 4500
local_id = "laptop@rsip"
remote_id = "office@rsip"
secret_file = "/etc/rsip/office.psk"
networks = ["10.99.0.0/24"]
inner = "10.9.1.1"
start = false
)",
                                   "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->ipsec, (IpsecConfig{"/run/a.vici", ""}));
  IkeConnection office;
  office.name = "office";
  office.remote = {0xCB00710B};
  office.remote_port = 4500;
  office.local_id = "laptop@rsip";
  office.remote_id = "office@rsip";
  office.secret_file = "/etc/rsip/office.psk";
  office.networks = {{{0x0A630000}, 24}};
  office.inner = {0x0A090101};
  office.start = false;
  EXPECT_EQ(config->gateways.at(0).ipsec,
            (GatewayIpsec{true, 100, 100, 4, true, false, {Ipv4Address{0xCB00710A}}, {office}}));
}

// A whole address has port 500 as well.
TEST(Config, IkeKeepsToItsPortWithAWholeAddress) {
  const auto config = parse_config(
      "[[gateway]]\naddress = \"10.1.0.1\"\nmethod = \"rsa-ip\"\n[gateway.ipsec]\nenabled = true\n",
      "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_TRUE(config->gateways.at(0).ipsec.ike_on_500);
}

TEST(Config, LooksForAGatewayThatIsCalledAuto) {
  const auto config = parse_config("[[gateway]]\naddress = \"auto\"\n", "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_FALSE(config->gateways.at(0).address);
  EXPECT_EQ(config->gateways.at(0).name, "auto");
}

TEST(Config, TakesSeveralGatewaysWithADeviceEach) {
  const auto config = parse_config(
      "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway]]\naddress = \"10.1.0.2\"\n", "agent.toml");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->gateways.size(), 2U);
  EXPECT_EQ(config->gateways[1].device, "rsip1");
}

/// A file with one connection for charon.
std::string connection(const std::string& more, const std::string& of_gateway = "") {
  return "[[gateway]]\naddress = \"10.1.0.1\"\n" + of_gateway +
         "[[gateway.ipsec.connection]]\nname = \"a\"\nremote = \"203.0.113.1\"\n"
         "local_id = \"a@b\"\nremote_id = \"c\"\nsecret_file = \"/a\"\n" +
         more;
}

struct Mistake {
  const char* name;
  std::string text;
  const char* message;  ///< Part of it.
  const char* hint;     ///< Part of it.
};

class ConfigMistake : public testing::TestWithParam<Mistake> {};

// H-021: authentication without a key
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
        Mistake{"DeviceOfTheKernel", "[[gateway]]\naddress = \"10.1.0.1\"\ndevice = \"all\"\n",
                "agent.toml:3:10", "1 to 15"},
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
        Mistake{"SameGatewayTwice",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway]]\naddress = \"10.1.0.1\"\n",
                "agent.toml:3:1: a second [[gateway]] named 10.1.0.1", "of its own"},
        Mistake{"SameDeviceTwice",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway]]\naddress = \"10.1.0.2\"\n"
                "device = \"rsip0\"\n",
                "agent.toml:3:1: a second [[gateway]] with device rsip0", "of its own"},
        Mistake{"ForwardTwice",
                "[[gateway]]\naddress = \"10.1.0.1\"\nforward = true\n[[gateway]]\n"
                "address = \"10.1.0.2\"\nforward = true\n",
                "agent.toml:4:1: a second [[gateway]] with forward", "one gateway"},
        Mistake{"AuthenticationWithoutKey",
                "[[gateway]]\naddress = \"10.1.0.1\"\nauthentication = \"required\"\n",
                "agent.toml:3:18: authentication is required, but there is no key", "secret_file"},
        Mistake{"PskWithoutIdentity", "[[gateway]]\naddress = \"10.1.0.1\"\npsk_file = \"/a\"\n",
                "psk_file without psk_identity", "psk_identity ="},
        Mistake{"FlagThatIsText", "[discovery]\nslp = \"yes\"\n", "slp is a string",
                "true or false"},
        Mistake{"ListenOnText", "[[gateway]]\naddress = \"10.1.0.1\"\nlisten = [\"http\"]\n",
                "listen is a string", "a whole number of 1 to 65535"},
        Mistake{"ListenOnNoList", "[[gateway]]\naddress = \"10.1.0.1\"\nlisten = 80\n",
                "listen is a whole number", "a list of whole numbers"},
        Mistake{"RelativeStateDir", "[agent]\nstate_dir = \"state\"\n",
                "state_dir has to be an absolute path", "/var/lib/rsip"},
        Mistake{"RelativeSocket", "[agent]\nsocket = \"agent.sock\"\n", "absolute path",
                "/run/rsip/agent.sock"},
        Mistake{"DeviceWithSlash", "[[gateway]]\naddress = \"10.1.0.1\"\ndevice = \"a/b\"\n", "a/b",
                "1 to 15"},
        Mistake{"IpsecTwice",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nenabled = true\n"
                "[[gateway]]\naddress = \"10.1.0.2\"\n[gateway.ipsec]\nenabled = true\n",
                "agent.toml:5:1: a second [[gateway]] with ipsec", "one gateway"},
        Mistake{"IpsecPortsThatNoKernelSelects",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nports = 10\n",
                "agent.toml:4:9: ports has to be a power of two", "ports = 16"},
        Mistake{"IkeWithoutPort",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nports = 0\n",
                "IKE has no leased port", "ike_port = \"500\""},
        Mistake{"FewerSpisThanAtTheStart",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nmax_spis = 4\n",
                "agent.toml:4:12: max_spis is less than spis, which is 8", "set spis"},
        Mistake{"UnknownIpsecKey",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nspi = 4\n",
                "unknown key 'spi' in [gateway.ipsec]", "spis"},
        Mistake{"IpsecIsNoSection", "[[gateway]]\naddress = \"10.1.0.1\"\nipsec = true\n",
                "agent.toml:3:9: ipsec is", "[gateway.ipsec]"},
        Mistake{"IpsecForOthers",
                "[[gateway]]\naddress = \"10.1.0.1\"\nforward = true\n"
                "[gateway.ipsec]\nenabled = true\n",
                "ipsec cannot be leased for other hosts", "of their own"},
        Mistake{"ConnectionWithoutSecret",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway.ipsec.connection]]\n"
                "name = \"a\"\nremote = \"203.0.113.1\"\nlocal_id = \"a@b\"\nremote_id = \"c\"\n",
                "[[gateway.ipsec.connection]] has no secret_file", "required"},
        Mistake{"ConnectionCalledByItsAddress",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[[gateway.ipsec.connection]]\n"
                "name = \"a\"\nremote = \"203.0.113.1\"\nlocal_id = \"203.0.113.2\"\n"
                "remote_id = \"c\"\nsecret_file = \"/a\"\n",
                "agent.toml:6:12: local_id is an address", "a name"},
        Mistake{"TunnelToNowhere", connection("inner = \"10.9.1.1\"\n"),
                "a tunnel needs networks and inner", "behind the peer"},
        Mistake{"TransportWithNetworks",
                connection("mode = \"transport\"\nnetworks = [\"10.99.0.0/24\"]\n"),
                "agent.toml:10:12: networks and inner are for tunnels", "tunnel"},
        Mistake{"TwoConnectionsOfOneName",
                connection("mode = \"transport\"\n") +
                    "[[gateway.ipsec.connection]]\nname = \"a\"\nremote = \"203.0.113.1\"\n"
                    "local_id = \"a@b\"\nremote_id = \"c\"\nsecret_file = \"/a\"\n"
                    "mode = \"transport\"\n",
                "agent.toml:11:8: a second connection named a", "of its own"},
        Mistake{"ConnectionOfAWholeAddress",
                connection("mode = \"transport\"\n", "method = \"rsa-ip\"\n"),
                "connections are for leased SPIs", "swanctl.conf"},
        Mistake{"ConnectionIsNoList",
                "[[gateway]]\naddress = \"10.1.0.1\"\n[gateway.ipsec]\nconnection = 5\n",
                "connection is a whole number", "[[gateway.ipsec.connection]]"},
        Mistake{"RelativeFragment", "[ipsec]\nfragment = \"rsip.conf\"\n",
                "fragment has to be an absolute path", "/etc/strongswan.d/rsip.conf"},
        Mistake{"RelativeViciSocket", "[ipsec]\nvici_socket = \"\"\n",
                "vici_socket has to be an absolute path", "/run/charon.vici"},
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
