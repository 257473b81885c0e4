#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"
#include "common/base/spi_range.h"
#include "common/rsip/registry.h"
#include "tests/gateway/engine/published_map.h"
#include "tests/gateway/engine/usage.h"

namespace rsip::gateway {

/// Whose something is, and what it may be used for.
struct Owner {
  Ipv4Address host;
  BindId bind = {};  ///< Its low 16 bits are never 0 and unique for the host: the L2TP session.
  RemoteScope remote = {};
  bool listens = false;                    ///< Leased by LISTEN_REQUEST.
  std::shared_ptr<Usage> usage = nullptr;  ///< Of the bind; may be null.
  bool ipsec = false;                      ///< The bind has SPIs (RFC 3104).
};

/// Ports of an RSAP-IP address and whose they are.
struct PortOwner {
  PortRange ports;
  Owner owner;
};
/// The same for SPIs, of ESP and AH alike.
struct SpiOwner {
  SpiRange spis;
  Owner owner;
};
/// All that a host has of a shared address.
using Holding = std::vector<Owner>;

/// One address of the public realm that hosts share by port and SPI. No member is null.
struct SharedAddress {
  std::shared_ptr<const PublishedMap<std::uint16_t, PortOwner>> ports;  ///< By first port.
  std::shared_ptr<const PublishedMap<std::uint32_t, SpiOwner>> spis;    ///< By first SPI.
  std::shared_ptr<const PublishedMap<Ipv4Address, std::shared_ptr<const Holding>>> hosts;
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

  using Rows = PublishedMap<Ipv4Address, Row>;
  using Hosts = PublishedMap<Ipv4Address, Host>;
  using TunnelIds = PublishedMap<std::uint16_t, Ipv4Address>;

  DemuxTable();
  /// None is null.
  DemuxTable(std::shared_ptr<const Rows> rows, std::shared_ptr<const Hosts> hosts,
             std::shared_ptr<const TunnelIds> tunnel_ids);

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
  std::shared_ptr<const Rows> rows_;
  std::shared_ptr<const Hosts> hosts_;
  std::shared_ptr<const TunnelIds> tunnel_ids_;  ///< To the hosts' addresses.
};

/// Whose a port of the address is, RSA-IP or RSAP-IP; nullptr if nobody has it. Valid as long as
/// the row's table.
const Owner* owner_of(const DemuxTable::Row& row, std::uint16_t port);
/// Whose an SPI of a shared address is; nullptr if nobody has it. Valid as long as the row's table.
const Owner* owner_of_spi(const DemuxTable::Row& row, std::uint32_t spi);
/// What a host has of a shared address; nullptr if that is nothing.
const Holding* holding_of(const DemuxTable::Row& row, Ipv4Address host);
/// The host has leased the address or a part of it.
bool leases_from(const DemuxTable::Row& row, Ipv4Address host);

/// Keeps the current table while leases come and go. A snapshot shares with the one before it
/// whatever did not change: one lease more or less costs the same with 100,000 others as with ten,
/// but for the pointers to chunks of them.
class TableKeeper {
 public:
  explicit TableKeeper(const std::vector<Ipv4Address>& shared_addresses);

  /// An address of which ports may be leased; as often as it is in a pool.
  void add_shared(Ipv4Address address);
  /// Nothing of that pool is leased any more.
  void remove_shared(Ipv4Address address);
  /// owner   its ipsec need not be set
  void add(Ipv4Address address, const std::vector<PortRange>& ports, Owner owner,
           const std::vector<SpiRange>& spis = {});
  /// The same that was added.
  void remove(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host,
              BindId bind = {}, const std::vector<SpiRange>& spis = {});
  void add_whole(Ipv4Address address, Owner owner);
  void remove_whole(Ipv4Address address);
  void add_host(Ipv4Address host, ClientId client);
  void set_tunnel(Ipv4Address host, msg::TunnelType tunnel);  ///< Of a host that was added.
  void remove_host(Ipv4Address host);

  [[nodiscard]] std::shared_ptr<const DemuxTable> snapshot();

 private:
  struct Shared {
    PublishedMap<std::uint16_t, PortOwner> ports;
    PublishedMap<std::uint32_t, SpiOwner> spis;
    PublishedMap<Ipv4Address, std::shared_ptr<const Holding>> hosts;
    std::size_t pools = 0;  ///< That it is in.
  };

  void change(Ipv4Address address);
  [[nodiscard]] std::optional<DemuxTable::Row> row_of(Ipv4Address address);

  std::map<Ipv4Address, Shared> shared_;
  std::map<Ipv4Address, Owner> whole_;
  std::set<Ipv4Address> changed_;  ///< Addresses of which rows_ is not up to date.
  DemuxTable::Rows rows_;
  DemuxTable::Hosts hosts_;
  DemuxTable::TunnelIds tunnel_ids_;
  std::shared_ptr<const DemuxTable> built_;  ///< Null after a change.
};

}  // namespace rsip::gateway
