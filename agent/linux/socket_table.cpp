#include "agent/linux/socket_table.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fstream>
#include <netinet/in.h>
#include <optional>
#include <sstream>
#include <string>
#include <sys/socket.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include "agent/linux/netlink.h"

namespace rsip::agent {
namespace {

constexpr std::uint32_t kAllStates = 0xFFFFFFFF;

/// Nothing for an address that no packet of IPv4 has.
std::optional<Ipv4Address> ipv4_of(std::uint8_t family, const __be32 (&words)[4]) {
  if (family == AF_INET) return Ipv4Address{ntohl(words[0])};
  const bool any = words[0] == 0 && words[1] == 0 && words[2] == 0 && words[3] == 0;
  if (any) return Ipv4Address{};
  const bool mapped = words[0] == 0 && words[1] == 0 && ntohl(words[2]) == 0xFFFF;
  return mapped ? std::optional(Ipv4Address{ntohl(words[3])}) : std::nullopt;
}

std::optional<KernelSocket> read_socket(nlmsghdr* reply, std::uint8_t protocol) {
  if (reply->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg))) return std::nullopt;
  const auto& message = *static_cast<const inet_diag_msg*>(nlmsg_data(reply));
  const auto local = ipv4_of(message.idiag_family, message.id.idiag_src);
  const auto remote = ipv4_of(message.idiag_family, message.id.idiag_dst);
  if (message.idiag_inode == 0 || !local || !remote) return std::nullopt;
  return KernelSocket{
      {protocol, *local, ntohs(message.id.idiag_sport), *remote, ntohs(message.id.idiag_dport)},
      message.idiag_uid,
      message.idiag_inode};
}

void list_by_diag(NetlinkSocket& diag, std::uint8_t family, std::uint8_t protocol,
                  const std::set<SocketPort>& ports, std::vector<KernelSocket>& sockets) {
  inet_diag_req_v2 header{};
  header.sdiag_family = family;
  header.sdiag_protocol = protocol;
  header.idiag_states = kAllStates;
  // A kernel without the module for it answers with an error: then there is nothing to tell.
  diag.talk({SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, header}, [&](nlmsghdr* reply) {
    const auto socket = read_socket(reply, protocol);
    if (socket && ports.contains({protocol, socket->name.port})) sockets.push_back(*socket);
  });
}

/// "0A00000A:1F90" as /proc/net has it: the address as the number that the machine makes of it.
std::optional<std::pair<Ipv4Address, std::uint16_t>> parse_name(const std::string& text) {
  std::uint32_t address = 0;
  std::uint32_t port = 0;
  char colon = 0;
  std::istringstream words(text);
  if (!(words >> std::hex >> address >> colon >> port) || colon != ':') return std::nullopt;
  return std::pair(Ipv4Address{ntohl(address)}, static_cast<std::uint16_t>(port));
}

/// sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
std::optional<KernelSocket> parse_line(const std::string& line) {
  std::string number, local, remote, state, queues, timer, retransmits;
  KernelSocket socket;
  std::uint32_t timeout = 0;
  std::istringstream words(line);
  words >> number >> local >> remote >> state >> queues >> timer >> retransmits >> socket.user >>
      timeout >> socket.inode;
  const auto name = parse_name(local);
  const auto peer = parse_name(remote);
  if (!words || !name || !peer || socket.inode == 0) return std::nullopt;
  socket.name = {IPPROTO_ICMP, name->first, name->second, peer->first, 0};
  return socket;
}

/// Sockets of ping, which sock_diag does not know.
void list_icmp(const std::set<SocketPort>& ports, std::vector<KernelSocket>& sockets) {
  std::ifstream lines("/proc/thread-self/net/icmp");
  for (std::string line; std::getline(lines, line);) {
    const auto socket = parse_line(line);
    if (socket && ports.contains({IPPROTO_ICMP, socket->name.port})) sockets.push_back(*socket);
  }
}

}  // namespace

std::vector<KernelSocket> list_sockets(const std::set<SocketPort>& ports) {
  std::vector<KernelSocket> sockets;
  const auto any_of = [&](std::uint8_t protocol) {
    return std::ranges::any_of(ports, [&](const SocketPort& p) { return p.first == protocol; });
  };
  if (any_of(IPPROTO_ICMP)) list_icmp(ports, sockets);
  auto diag = NetlinkSocket::open(NETLINK_SOCK_DIAG);
  if (!diag) return sockets;
  for (const std::uint8_t protocol : std::array<std::uint8_t, 2>{IPPROTO_TCP, IPPROTO_UDP}) {
    if (!any_of(protocol)) continue;
    for (const std::uint8_t family : std::array<std::uint8_t, 2>{AF_INET, AF_INET6}) {
      list_by_diag(*diag, family, protocol, ports, sockets);
    }
  }
  return sockets;
}

}  // namespace rsip::agent
