#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"

namespace rsip::gateway {

/// Ports of an RSAP-IP address and the host they are leased to.
struct PortOwner {
  PortRange ports;
  Ipv4Address host;
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
    Ipv4Address whole_to;                         ///< RSA-IP: the host; unspecified otherwise.
    std::shared_ptr<const SharedAddress> shared;  ///< RSAP-IP; null otherwise.
  };
  struct Host {
    Ipv4Address address;
    ClientId client;
  };

  DemuxTable() = default;
  /// rows and hosts are sorted by address.
  DemuxTable(std::vector<Row> rows, std::vector<Host> hosts)
      : rows_(std::move(rows)), hosts_(std::move(hosts)) {}

  /// The row of an address that this gateway leases out; nullptr if it is not one, or an RSA-IP
  /// address that nobody has.
  [[nodiscard]] const Row* find(Ipv4Address address) const;
  [[nodiscard]] bool is_registered(Ipv4Address host) const;

 private:
  std::vector<Row> rows_;
  std::vector<Host> hosts_;
};

/// The host that has leased a port of the address, RSA-IP or RSAP-IP.
std::optional<Ipv4Address> owner_of(const DemuxTable::Row& row, std::uint16_t port);
/// The host has leased the address or a part of it.
bool leases_from(const DemuxTable::Row& row, Ipv4Address host);

/// Keeps the current table while leases come and go. A snapshot shares with the one before it
/// whatever did not change.
class TableKeeper {
 public:
  explicit TableKeeper(const std::vector<Ipv4Address>& shared_addresses);

  void add(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host);
  void remove(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host);
  void add_whole(Ipv4Address address, Ipv4Address host);
  void remove_whole(Ipv4Address address);
  void add_host(Ipv4Address host, ClientId client);
  void remove_host(Ipv4Address host);

  [[nodiscard]] std::shared_ptr<const DemuxTable> snapshot();

 private:
  struct Shared {
    std::map<std::uint16_t, PortOwner> owners;   ///< By first port.
    std::map<Ipv4Address, std::size_t> hosts;    ///< Number of ranges each has.
    std::shared_ptr<const SharedAddress> built;  ///< Null after a change.
  };

  std::map<Ipv4Address, Shared> shared_;
  std::map<Ipv4Address, Ipv4Address> whole_;
  std::map<Ipv4Address, ClientId> hosts_;
  std::shared_ptr<const DemuxTable> built_;  ///< Null after a change.
};

}  // namespace rsip::gateway
