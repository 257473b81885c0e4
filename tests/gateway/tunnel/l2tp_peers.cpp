#include "tests/gateway/tunnel/l2tp_peers.h"

namespace rsip::gateway {

const DemuxTable::Host* L2tpPeers::recognise(const DemuxTable& table, const TunnelPeer& from,
                                             TimePoint now) {
  const DemuxTable::Host* const host = table.host_of_tunnel_id(from.ids.tunnel);
  if (host == nullptr || host->address != from.address) return nullptr;
  const auto known = seen_.find(host->address);
  const bool same_session = known != seen_.end() && known->second.client == host->client &&
                            known->second.peer.ids == from.ids;
  if (same_session) {
    known->second.peer.port = from.port;
    return host;
  }
  if (!searches_.allow(now) || !table.has_session(host->address, from.ids.session)) return nullptr;
  seen_[host->address] = {host->client, from};
  return host;
}

std::optional<TunnelPeer> L2tpPeers::find(const DemuxTable::Host& host) const {
  const auto known = seen_.find(host.address);
  if (known == seen_.end() || known->second.client != host.client) return std::nullopt;
  return known->second.peer;
}

void L2tpPeers::forget_others_than(const DemuxTable& table) {
  std::erase_if(seen_, [&](const auto& entry) {
    const DemuxTable::Host* const host = table.host(entry.first);
    return host == nullptr || host->client != entry.second.client;
  });
}

}  // namespace rsip::gateway
