#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/usage.h"

namespace rsip::gateway {

/// Whose something is, and what it may be used for.
struct Owner {
  Ipv4Address host;
  BindId bind = {};  ///< Its low 16 bits are never 0 and unique for the host: the L2TP session.
  RemoteScope remote = {};
  bool listens = false;                    ///< Leased by LISTEN_REQUEST.
  std::shared_ptr<Usage> usage = nullptr;  ///< Of the bind; may be null.
};

/// Ports of an RSAP-IP address and whose they are.
struct PortOwner {
  PortRange ports;
  Owner owner;
};

/// One address of the public realm that hosts share by port.
struct SharedAddress {
  std::vector<PortOwner> owners;   ///< Sorted by port, disjoint.
  std::vector<Ipv4Address> hosts;  ///< Sorted: who leases any of the ports.
};

/// Who gets what, as the tunnel needs it (RFC 3102 section 3.2). Never changed once published:
/// a newer one takes its place. Looks up in O(log n) and allocates nothing.
class DemuxTable {
 public:
  struct Row {
    Ipv4Address address;
    std::optional<Owner> whole;                   ///< RSA-IP; nothing otherwise.
    std::shared_ptr<const SharedAddress> shared;  ///< RSAP-IP; null otherwise.
  };
  struct Host {
    Ipv4Address address;
    ClientId client;  ///< Its low 16 bits are never 0 and unique: the L2TP tunnel.
    msg::TunnelType tunnel = msg::TunnelType::kIpIp;  ///< Of the host's latest bind.
  };

  DemuxTable() = default;
  /// rows and hosts are sorted by address.
  DemuxTable(std::vector<Row> rows, std::vector<Host> hosts);

  /// The row of an address that this gateway leases out; nullptr if it is not one, or an RSA-IP
  /// address that nobody has.
  [[nodiscard]] const Row* find(Ipv4Address address) const;
  /// nullptr if the host is not registered.
  [[nodiscard]] const Host* host(Ipv4Address address) const;
  [[nodiscard]] const Host* host_of_tunnel_id(std::uint16_t low16_of_client_id) const;
  [[nodiscard]] bool is_registered(Ipv4Address host) const { return this->host(host) != nullptr; }
  /// The host has a bind with this L2TP session id. Looks through all leases: only for what is new.
  [[nodiscard]] bool has_session(Ipv4Address host, std::uint16_t low16_of_bind_id) const;

 private:
  std::vector<Row> rows_;
  std::vector<Host> hosts_;
  std::vector<std::pair<std::uint16_t, std::size_t>> by_tunnel_id_;  ///< Sorted; into hosts_.
};

/// Whose a port of the address is, RSA-IP or RSAP-IP; nullptr if nobody has it. Valid as long as
/// the row's table.
const Owner* owner_of(const DemuxTable::Row& row, std::uint16_t port);
/// The host has leased the address or a part of it.
bool leases_from(const DemuxTable::Row& row, Ipv4Address host);

/// Keeps the current table while leases come and go. A snapshot shares with the one before it
/// whatever did not change.
class TableKeeper {
 public:
  explicit TableKeeper(const std::vector<Ipv4Address>& shared_addresses);

  /// An address of which ports may be leased; as often as it is in a pool.
  void add_shared(Ipv4Address address);
  /// Nothing of that pool is leased any more.
  void remove_shared(Ipv4Address address);
  void add(Ipv4Address address, const std::vector<PortRange>& ports, const Owner& owner);
  void remove(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host);
  void add_whole(Ipv4Address address, Owner owner);
  void remove_whole(Ipv4Address address);
  void add_host(Ipv4Address host, ClientId client);
  void set_tunnel(Ipv4Address host, msg::TunnelType tunnel);  ///< Of a host that was added.
  void remove_host(Ipv4Address host);

  [[nodiscard]] std::shared_ptr<const DemuxTable> snapshot();

 private:
  struct Shared {
    std::map<std::uint16_t, PortOwner> owners;   ///< By first port.
    std::map<Ipv4Address, std::size_t> hosts;    ///< Number of ranges each has.
    std::shared_ptr<const SharedAddress> built;  ///< Null after a change.
    std::size_t pools = 0;                       ///< That it is in.
  };

  std::map<Ipv4Address, Shared> shared_;
  std::map<Ipv4Address, Owner> whole_;
  std::map<Ipv4Address, DemuxTable::Host> hosts_;
  std::shared_ptr<const DemuxTable> built_;  ///< Null after a change.
};

}  // namespace rsip::gateway
