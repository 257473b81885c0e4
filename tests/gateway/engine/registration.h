#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/time.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/remote_scope.h"
#include "tests/gateway/engine/usage.h"

namespace rsip::gateway {

/// One binding of resources to a host (RFC 3103 section 6).
struct Bind {
  BindId id;
  msg::Method method = msg::Method::kRsapIp;
  Ipv4Address address;
  std::vector<PortRange> ports;  ///< RSAP-IP only.
  TimePoint expires_at;
  RemoteScope remote = {};
  msg::TunnelType tunnel = msg::TunnelType::kIpIp;
  bool listens = false;                    ///< Leased by LISTEN_REQUEST.
  std::shared_ptr<Usage> usage = nullptr;  ///< The tunnel counts in it.
};

/// One host that is registered. It is known by its private address, so it may lose its connection
/// and come back on another one.
struct Registration {
  ClientId client;
  TimePoint expires_at;  ///< R: never before any bind's (RFC 3103 section 6).
  std::map<BindId, Bind> binds;
  std::map<Ipv4Address, std::uint32_t> shared_addresses;  ///< RSAP-IP, with the number of binds.
  std::uint32_t last_bind = 0;
  std::uint32_t ports = 0;            ///< Over all binds.
  std::uint32_t whole_addresses = 0;  ///< RSA-IP binds.
};

}  // namespace rsip::gateway
