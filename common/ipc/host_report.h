#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/ipc/contract.h"

/// What rsipctl finds out by itself, beside what the agent says.
namespace rsip::ipc {

struct MtuReport {
  std::string gateway;
  std::string tunnel;
  std::string device;
  std::uint32_t mtu = 0;
  std::uint32_t overhead = 0;
  std::string outer_device;
  std::uint32_t outer_mtu = 0;
  std::uint32_t path_mtu = 0;
};
RSIP_CONTRACT(MtuReport, "How large packets through a tunnel may be.", (gateway, "Whose tunnel."),
              (tunnel, "\"ip-ip\", \"gre\", \"l2tp\"."), (device, "Of the tunnel."),
              (mtu, "Of the tunnel."), (overhead, "Bytes that the tunnel adds to each packet."),
              (outer_device, "Where the tunnel's packets leave from; empty: unknown."),
              (outer_mtu, "Of that device; 0: unknown."),
              (path_mtu, "To the tunnel's other end, as the kernel knows it; 0: unknown."))

struct Resolvers {
  std::string file;
  std::string kept_by;
  std::vector<std::string> servers;
  std::vector<std::string> search;
};
RSIP_CONTRACT(Resolvers, "Which DNS servers this host asks. The agent changes nothing about them.",
              (file, "Where that is written."),
              (kept_by, "The program that says in the file that it writes it; empty: none says."),
              (servers, "Addresses, first asked first."), (search, "Domains to search in."))

struct ProbeReport {
  std::string host;
  std::string address;
  std::uint16_t port = 0;
  std::vector<std::uint32_t> connected_microseconds;
};
RSIP_CONTRACT(ProbeReport, "Whether a gateway's control port answers.", (host, "As asked for."),
              (address, "That was tried."), (port, "TCP port that was tried."),
              (connected_microseconds, "How long each connection took to be made."))

}  // namespace rsip::ipc
