#include "agent/cli/ipsec_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "agent/cli/table.h"

namespace rsip::cli {
namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kPlain = "\033[0m";
/// Stands in the plan for what is known only once something is leased.
constexpr const char* kLeasedAddress = "<leased address>";

std::string ports_text(const std::vector<std::uint16_t>& ports) {
  if (ports.empty()) return "no leased port for IKE";
  std::string text = "IKE on port " + std::to_string(ports[0]);
  if (ports.size() > 1) text += ", with ESP in UDP on " + std::to_string(ports[1]);
  return text;
}

std::string daemon_text(const ipc::IpsecStatus& status) {
  const ipc::IkeDaemonStatus& daemon = status.daemon;
  const std::string name = "strongSwan" + (daemon.version.empty() ? "" : " " + daemon.version);
  if (daemon.state == "in_step") return status.problem ? name : name + ", in step";
  if (daemon.state == "no_spi") return name + ", but no SPI is free for it";
  if (daemon.state == "refused") return "strongSwan does not let rsipd use " + daemon.vici_socket;
  if (daemon.state == "troubled") return "what answers on " + daemon.vici_socket + " is in trouble";
  return "strongSwan is not there (" + daemon.vici_socket + "); another IKE daemon may be";
}

std::size_t count(const std::vector<ipc::SpiStatus>& spis, std::string_view use) {
  return static_cast<std::size_t>(std::ranges::count(spis, use, &ipc::SpiStatus::use));
}

std::string spis_line(const std::vector<ipc::SpiStatus>& spis) {
  if (spis.empty()) return "none leased: rsipctl doctor looks why";
  return std::to_string(spis.size()) + " leased, " + std::to_string(count(spis, "in_use")) +
         " in use, " + std::to_string(count(spis, "offered")) + " next for the IKE daemon";
}

std::vector<std::string> association_row(const ipc::SaStatus& sa) {
  return {sa.protocol,
          sa.spi,
          sa.inbound ? "in from" : "out to",
          sa.inbound ? sa.source : sa.destination,
          sa.mode,
          sa.connection.empty() ? "-" : sa.connection,
          sa.bind      ? "bind " + std::to_string(*sa.bind)
          : sa.inbound ? "not leased"
                       : ""};
}

/// The lines of a table with faults under those they are about.
std::string with_faults(const std::string& table, const std::vector<ipc::SaStatus>& associations,
                        bool colour) {
  std::string text;
  std::size_t begin = 0;
  for (std::size_t line = 0; begin < table.size(); ++line) {
    const std::size_t end = table.find('\n', begin) + 1;
    const std::string row = table.substr(begin, end - begin);
    begin = end;
    if (line == 0 || associations[line - 1].fault.empty()) {
      text += row;
      continue;
    }
    const ipc::SaStatus& sa = associations[line - 1];
    text += (colour ? kRed : "") + row + "     " + sa.fault + '\n' + (colour ? kPlain : "");
    if (!sa.remedy.empty()) text += "     " + sa.remedy + '\n';
  }
  return text;
}

std::string associations_text(const std::vector<ipc::SaStatus>& associations, bool colour) {
  if (associations.empty())
    return "The kernel has no security association with the leased address.\n";
  std::vector<std::vector<std::string>> rows = {
      {"PROTO", "SPI", "WAY", "PEER", "MODE", "CONNECTION", "LEASE"}};
  for (const ipc::SaStatus& sa : associations) rows.push_back(association_row(sa));
  return with_faults(table_text(rows), associations, colour);
}

/// Why there is nothing to say about SPIs; empty: there is.
std::string reason_for_silence(const ipc::IpsecStatus& status) {
  if (status.mode == "off") {
    return "IPsec is off for gateway " + status.gateway +
           ": [gateway.ipsec] enabled = true switches it on.\n";
  }
  if (status.mode == "whole_address") {
    return "The whole address " + (status.address.empty() ? kLeasedAddress : status.address) +
           " is this host's own: every SPI and port 500 are, too.\n";
  }
  return "";
}

/// inner   the host's address in the tunnel; empty: the leased one
std::string example_connection(const std::string& address, const std::string& inner) {
  return "     connections {\n"
         "       office {\n"
         "         local_addrs = " +
         address +
         "\n"
         "         remote_addrs = 192.0.2.10\n"
         "         mobike = no\n"
         "         encap = no\n"
         "         local { auth = psk\n"
         "                 id = laptop-7@example.org }\n"
         "         remote { auth = psk\n"
         "                  id = office@example.org }\n"
         "         children { office { " +
         (inner.empty() ? "" : "local_ts = " + inner + "/32\n                             ") +
         "remote_ts = 10.99.0.0/24 } }\n"
         "       }\n"
         "     }\n"
         "     secrets { ike-office { id = office@example.org\n"
         "                            secret = \"what both know\" } }\n";
}

/// charon's own source routes are refused: it takes the way of the default route for the tunnel's.
std::string inner_address_advice() {
  return "This host has an address of its own in the tunnel, here 10.9.7.1, or the peer would "
         "answer\n"
         "   to another host that shares the leased one. Programs have to send from it: what they "
         "send\n"
         "   from the leased address leaves in clear, outside of IPsec.\n\n"
         "     ip address add 10.9.7.1/32 dev lo\n"
         "     ip route add unreachable 10.99.0.0/24 metric 9999\n"
         "     ip route add 10.99.0.0/24 dev rsip0 src 10.9.7.1\n\n"
         "   The last one goes with the device of the tunnel: again after each start of rsipd. "
         "Nothing\n"
         "   goes to 10.99.0.0/24 in between.\n"
         "   In transport mode there is no such address; the selector names leased ports instead, "
         "a\n"
         "   power of two of them: mode = transport, local_ts = dynamic[tcp/<first>-<last>].\n";
}

std::string leased_port_advice(const ipc::IpsecStatus& status) {
  const bool known = !status.ike_ports.empty();
  const std::string port = known ? std::to_string(status.ike_ports.front()) : "<first leased port>";
  const std::string restart = "reads it when it starts: systemctl restart strongswan\n";
  if (!status.daemon.fragment.empty()) {
    return (known ? "IKE uses the leased port " + port : "IKE uses a leased port") +
           ", which that file names. strongSwan\n   " + restart;
  }
  const std::string next = known ? std::to_string(status.ike_ports.front() + 1) : "<the next one>";
  return "IKE uses the leased port " + port + ": in strongswan.conf,\n   charon { port = " + port +
         "\n            port_nat_t = " + next + " }. strongSwan " + restart;
}

}  // namespace

std::string ipsec_text(const ipc::IpsecStatus& status, bool colour) {
  const std::string silence = reason_for_silence(status);
  if (!silence.empty()) return silence;
  std::string text = table_text({
      {"Gateway", status.gateway},
      {"Public", status.address.empty() ? "no address with SPIs yet"
                                        : status.address + ", " + ports_text(status.ike_ports)},
      {"IKE", daemon_text(status)},
      {"SPIs", spis_line(status.spis)},
  });
  if (status.problem) {
    text += table_text({{"Problem", status.problem->message}, {"", status.problem->hint}});
  }
  return text + '\n' + associations_text(status.associations, colour);
}

std::string spis_text(const ipc::IpsecStatus& status) {
  const std::string silence = reason_for_silence(status);
  if (!silence.empty()) return silence;
  if (status.spis.empty()) return "No SPI is leased: rsipctl doctor looks why.\n";
  std::vector<std::vector<std::string>> rows = {{"SPI", "USE", "BIND"}};
  for (const ipc::SpiStatus& spi : status.spis) {
    rows.push_back({spi.spi, spi.use == "in_use" ? "in use" : spi.use, std::to_string(spi.bind)});
  }
  return table_text(rows);
}

std::string ipsec_plan_text(const ipc::IpsecStatus& status) {
  if (status.mode == "off") return reason_for_silence(status);
  const std::string address = status.address.empty() ? kLeasedAddress : status.address;
  const bool whole = status.mode == "whole_address";
  const bool on_500 = !status.ike_ports.empty() && status.ike_ports.front() == 500;
  int step = 0;
  const auto numbered = [&step](const std::string& words) {
    return std::to_string(++step) + ". " + words;
  };
  std::string text = "What strongSwan needs to be told once, for IPsec from " + address + ":\n\n";
  if (!status.daemon.fragment.empty() && !whole) {
    text += numbered("rsipd writes " + status.daemon.fragment +
                     ". strongswan.conf has to include it;\n"
                     "   Debian's does: include strongswan.d/*.conf\n");
  }
  if (!on_500 && !whole) text += numbered(leased_port_advice(status));
  text += numbered(
      "Each connection begins at the leased address, stays where it is, and sends ESP as it is.\n"
      "   Names, not addresses, say who is who" +
      std::string(whole ? "" : ": others share the address") +
      ".\n   In /etc/swanctl/conf.d/office.conf, with your own peer, names, networks and "
      "secret:\n\n" +
      example_connection(address, whole ? "" : "10.9.7.1") + '\n');
  if (!whole) text += numbered(inner_address_advice());
  if (on_500 && !whole) {
    text += numbered(
        "rekey_time of the connection is shorter than the peer's: a rekey that the peer begins\n"
        "   changes the cookie by which the gateway knows this host (RFC 3104 appendix E).\n");
  }
  text += numbered("swanctl --load-all; swanctl --initiate --child office\n");
  return text + "\nrsipctl doctor checks it; rsipctl ipsec status shows it at work.\n";
}

}  // namespace rsip::cli
