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

const DemuxTable::Row* DemuxTable::find(Ipv4Address address) const {
  const auto row = std::ranges::lower_bound(rows_, address, {}, &Row::address);
  return row != rows_.end() && row->address == address ? &*row : nullptr;
}

bool DemuxTable::is_registered(Ipv4Address host) const {
  return std::ranges::binary_search(hosts_, host, {}, &Host::address);
}

std::optional<Ipv4Address> owner_of(const DemuxTable::Row& row, std::uint16_t port) {
  if (row.shared == nullptr) return row.whole_to;
  const auto& owners = row.shared->owners;
  auto after = std::ranges::upper_bound(owners, port, {},
                                        [](const PortOwner& owner) { return owner.ports.first; });
  if (after == owners.begin()) return std::nullopt;
  const PortOwner& candidate = *--after;
  if (!candidate.ports.contains(port)) return std::nullopt;
  return candidate.host;
}

bool leases_from(const DemuxTable::Row& row, Ipv4Address host) {
  if (row.shared == nullptr) return row.whole_to == host;
  return std::ranges::binary_search(row.shared->hosts, host);
}

TableKeeper::TableKeeper(const std::vector<Ipv4Address>& shared_addresses) {
  for (const Ipv4Address address : shared_addresses) shared_.emplace(address, Shared{});
}

void TableKeeper::add(Ipv4Address address, const std::vector<PortRange>& ports, Ipv4Address host) {
  Shared& shared = shared_[address];
  for (const PortRange& range : ports) shared.owners[range.first] = {range, host};
  shared.hosts[host] += ports.size();
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

void TableKeeper::add_whole(Ipv4Address address, Ipv4Address host) {
  whole_[address] = host;
  built_.reset();
}

void TableKeeper::remove_whole(Ipv4Address address) {
  whole_.erase(address);
  built_.reset();
}

void TableKeeper::add_host(Ipv4Address host, ClientId client) {
  hosts_[host] = client;
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
  for (const auto& [address, host] : whole_) rows.push_back({address, host, nullptr});
  std::ranges::sort(rows, {}, &DemuxTable::Row::address);
  std::vector<DemuxTable::Host> hosts;
  hosts.reserve(hosts_.size());
  for (const auto& [address, client] : hosts_) hosts.push_back({address, client});
  built_ = std::make_shared<const DemuxTable>(std::move(rows), std::move(hosts));
  return built_;
}

}  // namespace rsip::gateway
