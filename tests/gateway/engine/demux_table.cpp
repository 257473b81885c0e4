#include "tests/gateway/engine/demux_table.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

std::uint16_t tunnel_id(ClientId client) {
  return static_cast<std::uint16_t>(client.value);
}

}  // namespace

DemuxTable::DemuxTable()
    : DemuxTable(std::make_shared<Rows>(), std::make_shared<Hosts>(),
                 std::make_shared<TunnelIds>()) {}

DemuxTable::DemuxTable(std::shared_ptr<const Rows> rows, std::shared_ptr<const Hosts> hosts,
                       std::shared_ptr<const TunnelIds> tunnel_ids)
    : rows_(std::move(rows)), hosts_(std::move(hosts)), tunnel_ids_(std::move(tunnel_ids)) {}

const DemuxTable::Row* DemuxTable::find(Ipv4Address address) const {
  return rows_->find(address);
}

const DemuxTable::Host* DemuxTable::host(Ipv4Address address) const {
  return hosts_->find(address);
}

const DemuxTable::Host* DemuxTable::host_of_tunnel_id(std::uint16_t low16_of_client_id) const {
  const Ipv4Address* const known = tunnel_ids_->find(low16_of_client_id);
  return known != nullptr ? host(*known) : nullptr;
}

bool DemuxTable::has_session(Ipv4Address host, std::uint16_t low16_of_bind_id) const {
  const auto matches = [&](const Owner& owner) {
    return owner.host == host && static_cast<std::uint16_t>(owner.bind.value) == low16_of_bind_id;
  };
  return rows_->any_of([&](const Row& row) {
    if (row.shared == nullptr) return row.whole && matches(*row.whole);
    const Holding* const holding = holding_of(row, host);
    return holding != nullptr && std::ranges::any_of(*holding, matches);
  });
}

const Owner* owner_of(const DemuxTable::Row& row, std::uint16_t port) {
  if (row.shared == nullptr) return row.whole ? &*row.whole : nullptr;
  const PortOwner* const candidate = row.shared->ports->at_or_before(port);
  return candidate != nullptr && candidate->ports.contains(port) ? &candidate->owner : nullptr;
}

const Owner* owner_of_spi(const DemuxTable::Row& row, std::uint32_t spi) {
  const SpiOwner* const candidate = row.shared->spis->at_or_before(spi);
  return candidate != nullptr && candidate->spis.contains(spi) ? &candidate->owner : nullptr;
}

const Holding* holding_of(const DemuxTable::Row& row, Ipv4Address host) {
  const auto* const holding = row.shared->hosts->find(host);
  return holding != nullptr ? holding->get() : nullptr;
}

bool leases_from(const DemuxTable::Row& row, Ipv4Address host) {
  if (row.shared == nullptr) return row.whole && row.whole->host == host;
  return holding_of(row, host) != nullptr;
}

TableKeeper::TableKeeper(const std::vector<Ipv4Address>& shared_addresses) {
  for (const Ipv4Address address : shared_addresses) add_shared(address);
}

void TableKeeper::change(Ipv4Address address) {
  changed_.insert(address);
  built_.reset();
}

void TableKeeper::add_shared(Ipv4Address address) {
  ++shared_[address].pools;
  change(address);
}

void TableKeeper::remove_shared(Ipv4Address address) {
  const auto known = shared_.find(address);
  if (--known->second.pools == 0) shared_.erase(known);
  change(address);
}

void TableKeeper::add(Ipv4Address address, const std::vector<PortRange>& ports, Owner owner,
                      const std::vector<SpiRange>& spis) {
  owner.ipsec = !spis.empty();
  Shared& shared = shared_[address];
  for (const PortRange& range : ports) shared.ports.set(range.first, {range, owner});
  for (const SpiRange& range : spis) shared.spis.set(range.first, {range, owner});
  const auto* const known = shared.hosts.find(owner.host);
  auto holding =
      known != nullptr ? std::make_shared<Holding>(**known) : std::make_shared<Holding>();
  holding->push_back(owner);
  shared.hosts.set(owner.host, std::move(holding));
  change(address);
}

void TableKeeper::remove(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host,
                         BindId bind, const std::vector<SpiRange>& spis) {
  Shared& shared = shared_[address];
  for (const PortRange& range : ports) shared.ports.erase(range.first);
  for (const SpiRange& range : spis) shared.spis.erase(range.first);
  auto holding = std::make_shared<Holding>(**shared.hosts.find(host));
  holding->erase(std::ranges::find(*holding, bind, &Owner::bind));
  if (holding->empty()) {
    shared.hosts.erase(host);
  } else {
    shared.hosts.set(host, std::move(holding));
  }
  change(address);
}

void TableKeeper::add_whole(Ipv4Address address, Owner owner) {
  whole_[address] = std::move(owner);
  change(address);
}

void TableKeeper::remove_whole(Ipv4Address address) {
  whole_.erase(address);
  change(address);
}

void TableKeeper::add_host(Ipv4Address host, ClientId client) {
  hosts_.set(host, {host, client});
  tunnel_ids_.set(tunnel_id(client), host);
  built_.reset();
}

void TableKeeper::set_tunnel(Ipv4Address host, msg::TunnelType tunnel) {
  DemuxTable::Host known = *hosts_.find(host);
  if (known.tunnel == tunnel) return;
  known.tunnel = tunnel;
  hosts_.set(host, known);
  built_.reset();
}

void TableKeeper::remove_host(Ipv4Address host) {
  if (const DemuxTable::Host* const known = hosts_.find(host)) {
    tunnel_ids_.erase(tunnel_id(known->client));
  }
  hosts_.erase(host);
  built_.reset();
}

std::optional<DemuxTable::Row> TableKeeper::row_of(Ipv4Address address) {
  if (const auto known = shared_.find(address); known != shared_.end()) {
    Shared& shared = known->second;
    return DemuxTable::Row{address,
                           {},
                           std::make_shared<const SharedAddress>(
                               shared.ports.frozen(), shared.spis.frozen(), shared.hosts.frozen())};
  }
  const auto known = whole_.find(address);
  if (known == whole_.end()) return std::nullopt;
  return DemuxTable::Row{address, known->second, nullptr};
}

std::shared_ptr<const DemuxTable> TableKeeper::snapshot() {
  if (built_ != nullptr) return built_;
  for (const Ipv4Address address : changed_) {
    if (auto row = row_of(address)) {
      rows_.set(address, std::move(*row));
    } else {
      rows_.erase(address);
    }
  }
  changed_.clear();
  built_ =
      std::make_shared<const DemuxTable>(rows_.frozen(), hosts_.frozen(), tunnel_ids_.frozen());
  return built_;
}

}  // namespace rsip::gateway
