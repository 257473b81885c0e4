#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "common/ipc/status.h"

/// Leased SPIs held against the security associations of the kernel and of the IKE daemon.
namespace rsip::ipc {

struct SpiStatus {
  std::string spi;  ///< "0x00001000"
  std::uint32_t bind = 0;
  std::string use;  ///< "free", "offered" to the IKE daemon, "in_use", "resting"
};

struct SaStatus {
  std::string protocol;  ///< "esp", "ah"
  std::string spi;       ///< "0x00001000"
  std::string source;
  std::string destination;
  std::string mode;                   ///< "tunnel", "transport", "larval": reserved, no keys yet
  bool inbound = false;               ///< Towards this host: its SPI has to be leased.
  std::optional<std::uint32_t> bind;  ///< Of the lease that has the SPI.
  std::string connection;             ///< As the IKE daemon calls it; empty: not known to it.
  std::string fault;                  ///< Why nothing can come in; empty: all is well.
  std::string remedy;
};

struct IkeDaemonStatus {
  std::string state;  ///< "absent", "refused", "troubled", "in_step", "no_spi"
  std::string version;
  std::string vici_socket;
  std::string fragment;  ///< What the agent writes for it; empty: nothing.
};

struct IpsecStatus {
  std::string gateway;
  std::string mode;  ///< "off", "leased_spis", "whole_address": every SPI is this host's own
  std::string address;
  std::vector<std::uint16_t> ike_ports;  ///< Without and with ESP in UDP.
  IkeDaemonStatus daemon;
  std::vector<SpiStatus> spis;
  std::vector<SaStatus> associations;
  std::optional<ProblemStatus> problem;
};

BOOST_DESCRIBE_STRUCT(SpiStatus, (), (spi, bind, use))
BOOST_DESCRIBE_STRUCT(SaStatus, (),
                      (protocol, spi, source, destination, mode, inbound, bind, connection, fault,
                       remedy))
BOOST_DESCRIBE_STRUCT(IkeDaemonStatus, (), (state, version, vici_socket, fragment))
BOOST_DESCRIBE_STRUCT(IpsecStatus, (),
                      (gateway, mode, address, ike_ports, daemon, spis, associations, problem))

}  // namespace rsip::ipc
