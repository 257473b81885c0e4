#pragma once

#include <cstdint>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/ipc/ipsec_status.h"
#include "common/ipc/status.h"

/// Everything that the checks of `rsipctl doctor` judge: what the agent says, and how this host is.
/// Plain values; fact_reader.h gets them, the checks never look anywhere else. What could not be
/// found out is absent, and its checks are left out.
namespace rsip::cli::doctor {

/// A routing rule of the kernel (`ip rule`).
struct Rule {
  std::uint32_t priority = 0;
  std::string from;  ///< "all", "10.0.0.0/8"
  std::string table;
  std::string mark;  ///< "0x11cb"; empty: any.
  bool inverted = false;
  bool narrow = false;              ///< Looks at more than source and mark: device, user, port.
  std::optional<int> suppressed{};  ///< Routes up to that prefix length do not count.
};

struct Route {
  std::string table;  ///< "main", "4555"
  Ipv4Prefix to;
  std::string device;
  std::string type;  ///< "unicast", "throw", "unreachable"
};

struct Link {
  std::string name;
  std::string kind;  ///< "tun", "wireguard"; empty: an ordinary one.
  bool up = false;
  std::uint32_t mtu = 0;
  std::vector<Ipv4Prefix> networks;    ///< That are connected to it.
  std::vector<Ipv4Address> addresses;  ///< Of its own.
  bool wireless = false;
  int rp_filter = 0;  ///< What counts of its own setting and that for all.
};

/// The way to a gateway past the tunnels.
struct WayOut {
  std::string device;
  std::string source;
  std::string router;  ///< Empty: the gateway is on a connected network.
};

/// What a gateway's control port says to a connection.
enum class ControlPort : std::uint8_t { kNotTried, kAnswers, kRefuses, kSilent };

struct GatewayFacts {
  std::optional<WayOut> way;  ///< Absent: there is none.
  ControlPort control = ControlPort::kNotTried;
};

struct ConfigFacts {
  std::string file;
  bool exists = false;
  std::optional<bool> valid{};  ///< Absent: it could not be checked.
  std::string complaint;        ///< What rsipd says of it, or why it could not be checked.
};

enum class TunDevice : std::uint8_t { kUsable, kMissing, kForbidden };

struct ResolverFacts {
  std::vector<std::string> servers;
  std::optional<bool> answers{};  ///< The first of them does.
};

/// systemd-networkd, if it is running.
struct NetworkdFacts {
  bool removes_foreign_rules = true;
};

/// The desktop session, if there is one.
struct DesktopFacts {
  bool tray_host = false;  ///< A StatusNotifierWatcher with a host is on the session bus.
  bool x11 = false;        ///< An old tray is possible, which cannot be seen from here.
  std::string name;        ///< "GNOME"
};

struct Facts {
  std::string rsipctl = RSIP_VERSION;
  std::string socket;
  std::optional<ipc::Status> status;
  Error agent_error;  ///< Why there is no status.
  std::optional<bool> may_change{};
  std::string why_not;  ///< Why this user may not.
  std::optional<ipc::IpsecStatus> ipsec{};

  bool root = false;
  ConfigFacts config;
  std::time_t now = 0;
  std::optional<bool> clock_synchronized{};
  TunDevice tun_device = TunDevice::kUsable;
  std::optional<std::string> kernel_config{};  ///< "CONFIG_TUN=y\n..."

  std::optional<std::vector<Rule>> rules{};
  std::optional<std::vector<Route>> routes{};
  std::optional<std::vector<Link>> links{};
  std::string ipv6_device;  ///< Of the IPv6 default route; empty: there is none.
  bool forwards = false;    ///< net.ipv4.ip_forward
  ResolverFacts resolver;
  std::optional<NetworkdFacts> networkd{};
  std::map<std::string, GatewayFacts> gateways{};  ///< By name.
  std::vector<std::uint16_t> udp_ports;            ///< That somebody here has open.
  std::optional<DesktopFacts> desktop{};
};

}  // namespace rsip::cli::doctor
