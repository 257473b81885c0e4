#pragma once

#include <array>
#include <cstdint>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <tins/tins.h>

#include "agent/linux/unique_fd.h"

namespace rsip::fakes {

/// Another station of a LAN, on an interface of its own.
class LanProbe {
 public:
  explicit LanProbe(const std::string& interface)
      : socket_(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ARP))) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ARP);
    address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
    bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const timeval patience{5, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  void ask_for(const std::string& address) const {
    const Tins::HWAddress<6> own("02:00:00:00:00:77");
    auto request = Tins::EthernetII("ff:ff:ff:ff:ff:ff", own) /
                   Tins::ARP(address, "10.0.0.77", "00:00:00:00:00:00", own);
    request.rfind_pdu<Tins::ARP>().opcode(Tins::ARP::REQUEST);
    const auto frame = request.serialize();
    send(socket_.get(), frame.data(), frame.size(), 0);
  }

  /// The address that somebody claims next; empty after some seconds of silence.
  [[nodiscard]] std::string next_answer() const {
    const auto answer = next(Tins::ARP::REPLY);
    return answer ? answer->sender_ip_addr().to_string() : "";
  }
  /// "10.0.0.2 asks for 10.0.0.51"; same.
  [[nodiscard]] std::string next_request() const {
    const auto request = next(Tins::ARP::REQUEST);
    if (!request) return "";
    return request->sender_ip_addr().to_string() + " asks for " +
           request->target_ip_addr().to_string();
  }

 private:
  [[nodiscard]] std::optional<Tins::ARP> next(Tins::ARP::Flags kind) const {
    std::array<std::uint8_t, 1500> frame;
    for (;;) {
      const ssize_t got = recv(socket_.get(), frame.data(), frame.size(), 0);
      if (got <= 0) return std::nullopt;
      const Tins::EthernetII parsed(frame.data(), static_cast<std::uint32_t>(got));
      const auto& arp = parsed.rfind_pdu<Tins::ARP>();
      if (arp.opcode() == kind) return arp;
    }
  }

  agent::UniqueFd socket_;
};

/// Notices every change of links, addresses, routes and rules of the network namespace.
class ChangeMonitor {
 public:
  ChangeMonitor() : socket_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE;
    bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  [[nodiscard]] bool saw_change() const {
    std::array<std::uint8_t, 4096> message;
    return recv(socket_.get(), message.data(), message.size(), MSG_DONTWAIT) > 0;
  }

 private:
  agent::UniqueFd socket_;
};

}  // namespace rsip::fakes
