// One end of a tunnel by itself, with a lease that nobody asked for: what the other end is made of
// is the test's business. Ends with its standard input.
//
//     tunnel_end gateway TUNNEL OWN HOST LEASED FIRST COUNT
//     tunnel_end agent TUNNEL GATEWAY LEASED FIRST COUNT

#include <charconv>
#include <iostream>
#include <string>
#include <vector>

#include "agent/datapath/tunnel_pump.h"
#include "agent/linux/boot_clock.h"
#include "agent/linux/tun_device.h"
#include "agent/linux/underlay_socket.h"
#include "agent/platform/host_network.h"
#include "tests/gateway/tunnel/pump.h"
#include "tests/gateway/tunnel/tunnel_type.h"

namespace {

using namespace rsip;
using Words = std::vector<std::string>;

constexpr const char* kDevice = "rsip0";
constexpr ClientId kClient{0x1234};
constexpr BindId kBind{1};
constexpr std::uint16_t kUnderlayMtu = 1500;

int report(const Error& error) {
  std::cerr << "tunnel_end: " << to_line(error) << '\n';
  return exit_code(error.kind);
}

void serve_until_input_ends() {
  std::cout << "ready" << std::endl;
  std::string line;
  while (std::getline(std::cin, line)) {
  }
}

msg::TunnelType tunnel_of(const std::string& name) {
  if (name == "gre") return msg::TunnelType::kGre;
  return name == "l2tp" ? msg::TunnelType::kL2tp : msg::TunnelType::kIpIp;
}

std::uint16_t number(const std::string& text) {
  std::uint16_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Ipv4Address address(const std::string& text) {
  return Ipv4Address::parse(text).value_or(Ipv4Address{});
}

int run_gateway(msg::TunnelType tunnel, const Words& words) {
  const Ipv4Address host = address(words[1]);
  const Ipv4Address leased = address(words[2]);
  gateway::TableKeeper keeper({leased});
  keeper.add_host(host, kClient);
  keeper.set_tunnel(host, tunnel);
  keeper.add(leased, {{number(words[3]), number(words[4])}}, {host, kBind});
  auto tun = gateway::TunDevice::open(kDevice);
  if (!tun) return report(tun.error());
  std::vector<gateway::HostSocket> sockets;
  auto socket = gateway::HostSocket::open(gateway::encapsulation_of(tunnel), address(words[0]));
  if (!socket) return report(socket.error());
  sockets.push_back(std::move(*socket));
  gateway::PumpEvents events{[](Ipv4Address, msg::ErrorCode) {}, [] {}};
  gateway::Pump pump(std::move(*tun), std::move(sockets), kUnderlayMtu, std::move(events));
  pump.publish(keeper.snapshot());
  serve_until_input_ends();
  return 0;
}

int run_agent(msg::TunnelType tunnel, const Words& words) {
  const agent::TunnelEnd end{gateway::encapsulation_of(tunnel), address(words[0]),
                             static_cast<std::uint16_t>(kClient.value),
                             static_cast<std::uint16_t>(kBind.value)};
  auto tun = agent::LinuxTunDevice::open(kDevice);
  if (!tun) return report(tun.error());
  auto socket = agent::open_underlay(end, agent::kTunnelMark);
  if (!socket) return report(socket.error());
  (*socket)->keep_alive();
  const agent::BootClock clock;
  agent::TunnelPump pump(**tun, **socket, clock, {});
  auto table = std::make_shared<agent::FlowTable>();
  table->generation = 1;
  table->endpoint = end.endpoint;
  table->bindings = {{kBind, address(words[1]), false, {{number(words[2]), number(words[3])}}}};
  pump.publish(std::move(table));
  serve_until_input_ends();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 1, argv + argc);
  if (words.size() == 7 && words[0] == "gateway") {
    return run_gateway(tunnel_of(words[1]), {words.begin() + 2, words.end()});
  }
  if (words.size() == 6 && words[0] == "agent") {
    return run_agent(tunnel_of(words[1]), {words.begin() + 2, words.end()});
  }
  std::cerr << "tunnel_end: see the comment at the top of its source\n";
  return exit_code(ErrorKind::kUsage);
}
