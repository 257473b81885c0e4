#include "tests/gateway/engine/demux_table.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

std::shared_ptr<const SharedAddress> build(const std::map<std::uint16_t, PortOwner>& owners,
                                           const std::map<Ipv4Address, std::size_t>& hosts) {
  auto built = std::make_shared<SharedAddress>();
  built->owners.reserve(owners.size());
  for (const auto& [first, owner] : owners) built->owners.push_back(owner);
  for (const auto& [host, ranges] : hosts) built->hosts.push_back(host);
  return built;
}

}  // namespace

DemuxTable::DemuxTable(std::vector<Row> rows, std::vector<Host> hosts)
    : rows_(std::move(rows)), hosts_(std::move(hosts)) {
  by_tunnel_id_.reserve(hosts_.size());
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    by_tunnel_id_.emplace_back(static_cast<std::uint16_t>(hosts_[i].client.value), i);
  }
  std::ranges::sort(by_tunnel_id_);
}

const DemuxTable::Row* DemuxTable::find(Ipv4Address address) const {
  const auto row = std::ranges::lower_bound(rows_, address, {}, &Row::address);
  return row != rows_.end() && row->address == address ? &*row : nullptr;
}

const DemuxTable::Host* DemuxTable::host(Ipv4Address address) const {
  const auto known = std::ranges::lower_bound(hosts_, address, {}, &Host::address);
  return known != hosts_.end() && known->address == address ? &*known : nullptr;
}

const DemuxTable::Host* DemuxTable::host_of_tunnel_id(std::uint16_t low16_of_client_id) const {
  const auto known = std::ranges::lower_bound(by_tunnel_id_, low16_of_client_id, {},
                                              [](const auto& entry) { return entry.first; });
  const bool found = known != by_tunnel_id_.end() && known->first == low16_of_client_id;
  return found ? &hosts_[known->second] : nullptr;
}

bool DemuxTable::has_session(Ipv4Address host, std::uint16_t low16_of_bind_id) const {
  const auto matches = [&](const Owner& owner) {
    return owner.host == host && static_cast<std::uint16_t>(owner.bind.value) == low16_of_bind_id;
  };
  return std::ranges::any_of(rows_, [&](const Row& row) {
    if (row.shared == nullptr) return row.whole && matches(*row.whole);
    return leases_from(row, host) &&
           std::ranges::any_of(row.shared->owners, matches, &PortOwner::owner);
  });
}

const Owner* owner_of(const DemuxTable::Row& row, std::uint16_t port) {
  if (row.shared == nullptr) return row.whole ? &*row.whole : nullptr;
  const auto& owners = row.shared->owners;
  auto after = std::ranges::upper_bound(owners, port, {},
                                        [](const PortOwner& owner) { return owner.ports.first; });
  if (after == owners.begin()) return nullptr;
  const PortOwner& candidate = *--after;
  return candidate.ports.contains(port) ? &candidate.owner : nullptr;
}

bool leases_from(const DemuxTable::Row& row, Ipv4Address host) {
  if (row.shared == nullptr) return row.whole && row.whole->host == host;
  return std::ranges::binary_search(row.shared->hosts, host);
}

TableKeeper::TableKeeper(const std::vector<Ipv4Address>& shared_addresses) {
  for (const Ipv4Address address : shared_addresses) add_shared(address);
}

void TableKeeper::add_shared(Ipv4Address address) {
  ++shared_[address].pools;
  built_.reset();
}

void TableKeeper::remove_shared(Ipv4Address address) {
  const auto known = shared_.find(address);
  if (--known->second.pools == 0) shared_.erase(known);
  built_.reset();
}

void TableKeeper::add(Ipv4Address address, const std::vector<PortRange>& ports,
                      const Owner& owner) {
  Shared& shared = shared_[address];
  for (const PortRange& range : ports) shared.owners[range.first] = {range, owner};
  shared.hosts[owner.host] += ports.size();
  shared.built.reset();
  built_.reset();
}

void TableKeeper::remove(Ipv4Address address, const std::vector<PortRange>& ports,
                         Ipv4Address host) {
  Shared& shared = shared_[address];
  for (const PortRange& range : ports) shared.owners.erase(range.first);
  const auto holder = shared.hosts.find(host);
  holder->second -= ports.size();
  if (holder->second == 0) shared.hosts.erase(holder);
  shared.built.reset();
  built_.reset();
}

void TableKeeper::add_whole(Ipv4Address address, Owner owner) {
  whole_[address] = std::move(owner);
  built_.reset();
}

void TableKeeper::remove_whole(Ipv4Address address) {
  whole_.erase(address);
  built_.reset();
}

void TableKeeper::add_host(Ipv4Address host, ClientId client) {
  hosts_[host] = {host, client};
  built_.reset();
}

void TableKeeper::set_tunnel(Ipv4Address host, msg::TunnelType tunnel) {
  DemuxTable::Host& known = hosts_.at(host);
  if (known.tunnel == tunnel) return;
  known.tunnel = tunnel;
  built_.reset();
}

void TableKeeper::remove_host(Ipv4Address host) {
  hosts_.erase(host);
  built_.reset();
}

std::shared_ptr<const DemuxTable> TableKeeper::snapshot() {
  if (built_ != nullptr) return built_;
  std::vector<DemuxTable::Row> rows;
  rows.reserve(shared_.size() + whole_.size());
  for (auto& [address, shared] : shared_) {
    if (shared.built == nullptr) shared.built = build(shared.owners, shared.hosts);
    rows.push_back({address, {}, shared.built});
  }
  for (const auto& [address, owner] : whole_) rows.push_back({address, owner, nullptr});
  std::ranges::sort(rows, {}, &DemuxTable::Row::address);
  std::vector<DemuxTable::Host> hosts;
  hosts.reserve(hosts_.size());
  for (const auto& [address, host] : hosts_) hosts.push_back(host);
  built_ = std::make_shared<const DemuxTable>(std::move(rows), std::move(hosts));
  return built_;
}

}  // namespace rsip::gateway
