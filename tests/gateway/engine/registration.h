#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"
#include "common/base/spi_range.h"
#include "common/base/time.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/pool_id.h"
#include "tests/gateway/engine/sender.h"
#include "tests/gateway/engine/usage.h"

namespace rsip::gateway {

/// One binding of resources to a host (RFC 3103 section 6).
struct Bind {
  BindId id;  ///< 1..65535: an L2TP session id as well.
  msg::Method method = msg::Method::kRsapIp;
  Ipv4Address address;
  std::vector<PortRange> ports;  ///< RSAP-IP and RSIPSEC; the latter may have none.
  std::vector<SpiRange> spis;    ///< RSIPSEC only.
  RemoteScope remote;
  msg::TunnelType tunnel = msg::TunnelType::kIpIp;
  bool listens = false;  ///< Leased by LISTEN_REQUEST.
  PoolId pool = 0;
  TimePoint granted_at;
  TimePoint expires_at;
  std::shared_ptr<Usage> usage;  ///< The tunnel counts in it.
};

/// On whose account a host's binds go.
struct Account {
  std::optional<std::uint32_t> key;  ///< With which the host authenticated its registration.
  std::string host_class;            ///< "default" if it belongs to none.
};

/// One host that is registered. It is known by its private address, so it may lose its connection
/// and come back on another one.
struct Registration {
  ClientId client;
  Transport transport = Transport::kTcp;  ///< For good (RFC 3103 section 5).
  Account account;
  std::size_t class_index = 0;  ///< Of the engine's classes.
  TimePoint expires_at;         ///< R: never before any bind's (RFC 3103 section 6).
  std::map<BindId, Bind> binds;
  std::map<Ipv4Address, std::uint32_t> shared_addresses;  ///< Those and the number of binds.
  std::uint32_t last_bind = 0;
  std::uint32_t ports = 0;            ///< Over all binds.
  std::uint32_t spis = 0;             ///< Over all binds.
  std::uint32_t whole_addresses = 0;  ///< RSA-IP binds.
};

}  // namespace rsip::gateway
