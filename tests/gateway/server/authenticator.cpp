#include "tests/gateway/server/authenticator.h"

#include <algorithm>

namespace rsip::gateway {

using auth::SealFault;

Authenticator::Authenticator(AuthSettings settings, std::function<std::uint64_t()> wall_clock_us)
    : settings_(std::move(settings)),
      wall_clock_us_(std::move(wall_clock_us)),
      peers_(settings_.max_hosts) {}

Result<Authenticator::Admitted, SealFault> Authenticator::admit(
    Ipv4Address host, std::span<const std::uint8_t> message, Time now) {
  const auto unsealed = [&] { return Admitted{std::nullopt, {message.begin(), message.end()}}; };
  if (settings_.keys.empty()) return unsealed();
  const auto seal = auth::find_seal(message);
  if (!seal && seal.error() == SealFault::kNotSealed && !must_seal(host, now)) return unsealed();
  if (!seal) return tl::unexpected(seal.error());
  const auth::Key* const key = find_key(seal->key_id, host);
  if (key == nullptr) return tl::unexpected(SealFault::kUnknownKey);

  // Kept only if it turns out to be the host's: a forger must not use up memory.
  Channel fresh = new_channel(*key);
  Channel* const known = find_channel(peers_.find(host), key->id);
  auto opened = (known != nullptr ? *known : fresh).opener.open(message);
  if (!opened) return tl::unexpected(opened.error());
  Peer& peer = peers_.touch(host);
  if (known == nullptr) peer.channels.push_back(std::move(fresh));
  Channel& used = *find_channel(&peer, key->id);
  used.sealer.stay_above(opened->counter);
  peer.current = key->id;
  peer.heard = now;
  return Admitted{opened->key_id, std::move(opened->message)};
}

Result<void> Authenticator::seal(Ipv4Address host, std::vector<std::uint8_t>& message, Time now) {
  Peer* const peer = recent_peer(host, now);
  if (peer == nullptr) return {};
  return find_channel(peer, peer->current)->sealer.seal(message);
}

bool Authenticator::must_seal(Ipv4Address host, Time now) {
  return settings_.required || recent_peer(host, now) != nullptr;
}

const auth::Key* Authenticator::find_key(std::uint32_t id, Ipv4Address host) const {
  for (const HostKey& candidate : settings_.keys) {
    const bool may =
        std::ranges::any_of(candidate.hosts, [&](const Ipv4Prefix& p) { return p.contains(host); });
    if (candidate.key.id == id && may) return &candidate.key;
  }
  return nullptr;
}

Authenticator::Channel Authenticator::new_channel(const auth::Key& key) const {
  return {auth::Opener(key, auth::Direction::kHostToGateway),
          auth::Sealer(key, auth::Direction::kGatewayToHost, wall_clock_us_())};
}

Authenticator::Channel* Authenticator::find_channel(Peer* peer, std::uint32_t key) {
  if (peer == nullptr) return nullptr;
  const auto found = std::ranges::find_if(
      peer->channels, [key](const Channel& channel) { return channel.sealer.key().id == key; });
  return found == peer->channels.end() ? nullptr : &*found;
}

Authenticator::Peer* Authenticator::recent_peer(Ipv4Address host, Time now) {
  Peer* const peer = peers_.find(host);
  return peer != nullptr && now - peer->heard < settings_.memory ? peer : nullptr;
}

}  // namespace rsip::gateway
