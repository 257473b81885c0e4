#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/ipc/status.h"

/// Leased SPIs held against the security associations of the kernel and of the IKE daemon.
namespace rsip::ipc {

struct SpiStatus {
  std::string spi;
  std::uint32_t bind = 0;
  std::string use;
};
RSIP_CONTRACT(SpiStatus, "One leased SPI.", (spi, "\"0x00001000\"."),
              (bind, "Bind ID of its lease."),
              (use, "\"free\", \"offered\" to the IKE daemon, \"in_use\", \"resting\"."))

struct SaStatus {
  std::string protocol;
  std::string spi;
  std::string source;
  std::string destination;
  std::string mode;
  bool inbound = false;
  std::optional<std::uint32_t> bind;
  std::string connection;
  std::string fault;
  std::string remedy;
};
RSIP_CONTRACT(SaStatus, "One security association of the kernel.", (protocol, "\"esp\", \"ah\"."),
              (spi, "\"0x00001000\"."), (source, "Outer source address."),
              (destination, "Outer destination address."),
              (mode, "\"tunnel\", \"transport\", \"larval\": reserved, no keys yet."),
              (inbound, "Towards this host: its SPI has to be leased."),
              (bind, "Of the lease that has the SPI."),
              (connection, "As the IKE daemon calls it; empty: not known to it."),
              (fault, "Why nothing can come in; empty: all is well."),
              (remedy, "What mends the fault."))

struct IkeDaemonStatus {
  std::string state;
  std::string version;
  std::string vici_socket;
  std::string fragment;
};
RSIP_CONTRACT(IkeDaemonStatus, "The IKE daemon of this host.",
              (state, "\"absent\", \"refused\", \"troubled\", \"in_step\", \"no_spi\"."),
              (version, "As it says."), (vici_socket, "Where the agent talks to it."),
              (fragment, "What the agent writes for it; empty: nothing."))

struct IpsecStatus {
  std::string gateway;
  std::string mode;
  std::string address;
  std::vector<std::uint16_t> ike_ports;
  IkeDaemonStatus daemon;
  std::vector<SpiStatus> spis;
  std::vector<SaStatus> associations;
  std::optional<ProblemStatus> problem;
};
RSIP_CONTRACT(IpsecStatus, "End-to-end IPsec through a shared address (RFC 3104).",
              (gateway, "Through which it goes."),
              (mode, "\"off\", \"leased_spis\", \"whole_address\": every SPI is this host's own."),
              (address, "Public address."), (ike_ports, "Without and with ESP in UDP."),
              (daemon, "The IKE daemon."), (spis, "What is leased."),
              (associations, "What the kernel has."), (problem, "What stands in the way."))

}  // namespace rsip::ipc
