#include "agent/app/gateway_section.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace rsip::agent {
namespace {

using std::chrono::seconds;

/// "auto", or the address of a machine.
void read_address(TableReader& reader, GatewayConfig& gateway) {
  std::string written;
  reader.require("address");
  reader.text("address", written);
  if (written == "auto" || written.empty()) return;
  Ipv4Address address;
  reader.item("address", address);
  if (!address.is_unspecified() && !address.is_usable_source()) {
    reader.complain("address", address.to_string() + " is not the address of a gateway",
                    "the address of a machine, for example \"10.1.0.1\", or \"auto\"");
  }
  gateway.address = address;
}

void read_name(TableReader& reader, GatewayConfig& gateway) {
  gateway.name = gateway.address ? gateway.address->to_string() : "auto";
  reader.text("name", gateway.name);
  if (std::ranges::any_of(gateway.name, [](unsigned char c) { return std::iscntrl(c) != 0; })) {
    reader.complain("name", "name has control characters in it", "write it on one line");
  }
}

void read_transport(TableReader& reader, GatewayConfig& gateway) {
  std::string transport = "tcp";
  std::string retransmit = "lan";
  reader.number("port", gateway.port, 1, 65535);
  reader.one_of("transport", transport, {"tcp", "udp", "tls"});
  reader.one_of("retransmit", retransmit, {"lan", "wifi"});
  if (transport == "udp") gateway.transport = Transport::kUdp;
  if (transport == "tls") gateway.transport = Transport::kTls;
  // A radio link repeats frames by itself: asking again after 12.5 ms would only add to its load.
  if (retransmit == "wifi") gateway.first_wait = std::chrono::milliseconds(50);
}

void read_trust(TableReader& reader, GatewayConfig& gateway) {
  GatewayTrust& trust = gateway.trust;
  std::string authentication = "optional";
  reader.text("secret_file", trust.secret_file);
  reader.number("key_id", trust.key_id, 1, 0xFFFFFFFF);
  reader.one_of("authentication", authentication, {"optional", "required"});
  reader.text("ca_file", trust.ca_file);
  reader.text("server_name", trust.server_name);
  reader.text("psk_file", trust.psk_file);
  reader.text("psk_identity", trust.psk_identity);
  trust.authenticated = authentication == "required";
  if (trust.authenticated && trust.secret_file.empty()) {
    reader.complain("authentication", "authentication is required, but there is no key",
                    "name the file that holds it: secret_file = \"/etc/rsip/hotel.key\"");
  }
  if (!trust.psk_file.empty() && trust.psk_identity.empty()) {
    reader.complain("psk_file", "psk_file without psk_identity",
                    "name the key as the gateway knows it: psk_identity = \"laptop-7\"");
  }
}

void read_resources(TableReader& reader, GatewayConfig& gateway) {
  std::string method = to_string(gateway.method);
  reader.one_of("method", method, {"rsap-ip", "rsa-ip"});
  gateway.method = method == "rsa-ip" ? msg::Method::kRsaIp : msg::Method::kRsapIp;
  reader.number("addresses", gateway.addresses, 1, 64);
  reader.number("ports", gateway.ports, 1, 255);
  reader.number("max_ports", gateway.max_ports, 1, 65535);
  if (gateway.max_ports < gateway.ports) {
    reader.complain("max_ports",
                    "max_ports is less than ports, which is " + std::to_string(gateway.ports),
                    "max_ports is where growth in blocks of ports stops: set ports, too");
  }
  reader.time("lease", gateway.lease, seconds(10), seconds(30 * 86400));
  reader.time("idle", gateway.idle, seconds(1), seconds(30 * 86400));
  reader.numbers("listen", gateway.listen, 1, 65535);
}

void read_tunnel(TableReader& reader, GatewayConfig& gateway, std::size_t position) {
  std::string tunnel = "auto";
  std::string dscp = "copy";
  reader.one_of("tunnel", tunnel, {"auto", "ip-ip", "gre", "l2tp"});
  for (const msg::TunnelType type : std::vector(gateway.tunnels)) {
    if (tunnel == msg::to_string(type)) gateway.tunnels = {type};
  }
  gateway.device = "rsip" + std::to_string(position);
  reader.device_name("device", gateway.device);
  reader.one_of("dscp", dscp, {"copy", "zero"});
  if (dscp == "zero") gateway.dscp = OuterDscp::kZero;
  reader.list("routes", gateway.routes);
  reader.list("exclude", gateway.exclude);
  reader.flag("forward", gateway.forward);
}

bool is_power_of_two_or_zero(std::uint8_t number) {
  return (number & (number - 1)) == 0;
}

IkeConnection read_connection(TableReader& reader) {
  IkeConnection connection;
  std::string mode = "tunnel";
  for (const char* const key : {"name", "remote", "local_id", "remote_id", "secret_file"}) {
    reader.require(key);
  }
  reader.text("name", connection.name);
  reader.item("remote", connection.remote);
  reader.number("remote_port", connection.remote_port, 1, 65535);
  reader.text("local_id", connection.local_id);
  reader.text("remote_id", connection.remote_id);
  reader.text("secret_file", connection.secret_file);
  reader.one_of("mode", mode, {"tunnel", "transport"});
  reader.list("networks", connection.networks);
  reader.item("inner", connection.inner);
  reader.flag("start", connection.start);
  connection.transport = mode == "transport";
  // Others have the same address: it says nothing about who somebody is.
  if (Ipv4Address::parse(connection.local_id)) {
    reader.complain("local_id", "local_id is an address, which other hosts share",
                    "a name, for example \"laptop-7@example.org\"");
  }
  const bool inside = !connection.networks.empty() || !connection.inner.is_unspecified();
  if (connection.transport && inside) {
    reader.complain("networks", "networks and inner are for tunnels, not for transport mode",
                    "mode = \"tunnel\", or leave them out");
  }
  if (!connection.transport && (connection.networks.empty() || connection.inner.is_unspecified())) {
    reader.complain(
        "networks", "a tunnel needs networks and inner",
        "the networks behind the peer, and this host's own address in the tunnel: hosts "
        "that share an address cannot be told apart without");
  }
  if (connection.name.empty() || connection.name.size() > 64) {
    reader.complain("name", "name has to have 1 to 64 characters", "for example \"office\"");
  }
  return connection;
}

void read_ipsec(TableReader& reader, GatewayConfig& gateway) {
  GatewayIpsec& ipsec = gateway.ipsec;
  std::string ike_port = "leased";
  reader.flag("enabled", ipsec.enabled);
  reader.number("spis", ipsec.spis, 1, 1024);
  ipsec.max_spis = std::max(ipsec.max_spis, ipsec.spis);
  reader.number("max_spis", ipsec.max_spis, 1, 65535);
  reader.number("ports", ipsec.ports, 0, 128);
  reader.one_of("ike_port", ike_port, {"leased", "500"});
  reader.flag("observe", ipsec.observe);
  reader.list("peers", ipsec.peers);
  reader.sections("connection", "[[gateway.ipsec.connection]]", [&](TableReader& section) {
    IkeConnection connection = read_connection(section);
    if (std::ranges::find(ipsec.connections, connection.name, &IkeConnection::name) !=
        ipsec.connections.end()) {
      section.complain("name", "a second connection named " + connection.name,
                       "give each one a name of its own");
    }
    ipsec.connections.push_back(std::move(connection));
  });
  if (!ipsec.connections.empty() && gateway.method == msg::Method::kRsaIp) {
    reader.complain("connection", "connections are for leased SPIs, not for method = \"rsa-ip\"",
                    "with a whole address any IPsec works as usual: write them in swanctl.conf");
  }
  ipsec.ike_on_500 = ike_port == "500" || gateway.method == msg::Method::kRsaIp;
  if (ipsec.max_spis < ipsec.spis) {
    reader.complain("max_spis",
                    "max_spis is less than spis, which is " + std::to_string(ipsec.spis),
                    "max_spis is where growth stops: set spis, too");
  }
  // Kernels select by value and mask: other blocks would overlap those of another host at the peer.
  if (!is_power_of_two_or_zero(ipsec.ports) || ipsec.ports == 1) {
    reader.complain("ports", "ports has to be a power of two, two at least, or 0",
                    "for example ports = 16");
  }
  if (ipsec.ports == 0 && !ipsec.ike_on_500) {
    reader.complain("ports", "IKE has no leased port with ports = 0",
                    "set ports = 16, or ike_port = \"500\"");
  }
  if (ipsec.enabled && gateway.forward) {
    reader.complain("enabled", "ipsec cannot be leased for other hosts (forward = true)",
                    "let them lease it from a gateway of their own");
  }
}

}  // namespace

GatewayConfig read_gateway_section(TableReader& reader, std::size_t position) {
  GatewayConfig gateway;
  read_address(reader, gateway);
  read_name(reader, gateway);
  read_transport(reader, gateway);
  read_trust(reader, gateway);
  read_resources(reader, gateway);
  read_tunnel(reader, gateway, position);
  reader.section("ipsec", "[gateway.ipsec]",
                 [&](TableReader& section) { read_ipsec(section, gateway); });
  return gateway;
}

}  // namespace rsip::agent
