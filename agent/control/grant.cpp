#include "agent/control/grant.h"

#include <algorithm>

namespace rsip::agent {
namespace {

constexpr Ipv4Prefix kLinkLocal{{0xA9FE0000}, 16};  // RFC 3927
constexpr std::chrono::days kLongest{30};

bool is_a_hosts(Ipv4Address address) {
  return address.is_usable_source() && !kLinkLocal.contains(address);
}

bool contains(const std::vector<Ipv4Address>& addresses, Ipv4Address address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

bool is_leased(const std::vector<Lease>& held, Ipv4Address address) {
  return std::ranges::find(held, address, &Lease::local) != held.end();
}

bool meet(const RemoteScope& a, const RemoteScope& b) {
  return (!a.address || !b.address || a.address == b.address) &&
         (!a.port || !b.port || a.port == b.port);
}

template <class Range>
bool overlap(const std::vector<Range>& a, const std::vector<Range>& b) {
  return std::ranges::any_of(a, [&b](const Range& one) {
    return std::ranges::any_of(b, [&one](const Range& other) { return one.overlaps(other); });
  });
}

bool has_all_ports(const Lease& lease) {
  return lease.ports.empty() && lease.spis.empty();
}

bool has_ports(const Lease& lease) {
  return !lease.ports.empty() || lease.spis.empty();
}

bool share_ports(const Lease& a, const Lease& b) {
  if (has_all_ports(a) || has_all_ports(b)) return has_ports(a) && has_ports(b);
  return overlap(a.ports, b.ports);
}

// An SPI stands for one security association, whoever the remote is (RFC 3104 section 5).
bool overlap(const Lease& a, const Lease& b) {
  if (a.local != b.local) return false;
  return overlap(a.spis, b.spis) || (meet(a.remote, b.remote) && share_ports(a, b));
}

std::uint64_t end_of(const SpiRange& range) {
  return std::uint64_t{range.first} + range.count;
}

/// Empty if none is named.
std::vector<SpiRange> ranges_of(const msg::Spis& spis) {
  if (spis.form == msg::Form::kContiguous && !spis.numbers.empty()) {
    return {{spis.numbers.front(), spis.count}};
  }
  return to_spi_ranges(spis.numbers);
}

bool is_dont_care(const msg::Ports& ports) {
  return ports.form == msg::Form::kDontCare;
}

const char* objection_to_address(const Grant& grant, const GrantTerms& terms) {
  if (!grant.local) return "the local address is not an IPv4 address";
  if (!is_a_hosts(*grant.local)) return "the local address is not a host's address";
  if (*grant.local == terms.gateway) return "the local address is the gateway's own";
  if (contains(terms.own, *grant.local))
    return "the local address is this host's own, or a broadcast of its network";
  const bool other = terms.local && terms.local != grant.local;
  if (other && is_leased(terms.held, *terms.local) &&
      (terms.spis != nullptr || !is_leased(terms.held, *grant.local))) {
    return "the local address differs from the one leased";
  }
  return nullptr;
}

const char* objection_to_ports(const Grant& grant, const GrantTerms& terms) {
  if (!grant.ports) return nullptr;
  const std::vector<PortRange> ports = grant.ports->ranges();
  if (terms.spis != nullptr && terms.spis->port_count == 0) {
    const bool none = grant.ports->form == msg::Form::kDontNeed;
    return none ? nullptr : "ports, though none are needed";
  }
  if (ports.empty()) return "no port is named";
  if (ports.front().first == 0) return "port 0";
  if (ports.back().first + ports.back().count > 65536) return "ports over 65535";
  const bool one = terms.listening || terms.offer.one_port_at_a_time();
  if (one && port_count(ports) != 1) return "more than the one port asked for";
  if (terms.port && ports.front().first != *terms.port) return "another port than asked for";
  return nullptr;
}

const char* objection_to_spis(const Grant& grant, const GrantTerms& terms) {
  if (terms.spis == nullptr || !grant.spis) return nullptr;
  const std::vector<SpiRange> spis = ranges_of(*grant.spis);
  if (spis.empty()) return "no SPI is named";
  if (spis.front().first < kFirstSpi) return "SPIs below 256 are reserved";
  if (end_of(spis.back()) > 1ULL << 32) return "SPIs over 2^32-1";
  if (spi_count(spis) != grant.spis->count) return "an SPI is named twice";
  if (grant.spis->count < terms.spis->count) return "fewer SPIs than asked for";
  if (grant.spis->count > terms.spis->count) return "more SPIs than asked for";
  const bool other = !terms.spis->spis.empty() && terms.spis->spis != spis;
  return other ? "other SPIs than asked for" : nullptr;
}

// Section 9.17 leaves it to the gateway whether it names the remote port of a listener under
// macro-flow policy.
const char* objection_to_remote(const Grant& grant, const GrantTerms& terms) {
  const bool any_address = std::holds_alternative<msg::DontCare>(grant.remote);
  if (!terms.remote.address) {
    const bool any = any_address && is_dont_care(grant.remote_ports);
    return any ? nullptr : "it is for one remote, which was not asked for";
  }
  if (msg::ipv4_of(grant.remote) != terms.remote.address) return "it is for another remote address";
  if (terms.remote.port) {
    const bool same = grant.remote_ports.ranges() == std::vector{PortRange{*terms.remote.port, 1}};
    return same ? nullptr : "it is for another remote port";
  }
  if (terms.listening || is_dont_care(grant.remote_ports)) return nullptr;
  return "it is for one remote port, which was not asked for";
}

const char* objection_to_tunnel(const Grant& grant, const GrantTerms& terms) {
  if (!terms.offer.can_use(grant.tunnel)) return "the tunnel type is one that this host cannot use";
  const auto endpoint = grant.endpoint ? msg::ipv4_of(*grant.endpoint) : terms.gateway;
  if (!endpoint || !is_a_hosts(*endpoint)) return "the tunnel endpoint is not a host's address";
  if (endpoint == grant.local || is_leased(terms.held, *endpoint)) {
    return "the tunnel endpoint is a leased address";
  }
  if (contains(terms.own, *endpoint))
    return "the tunnel endpoint is this host's own address, or a broadcast";
  if (terms.held.empty()) return nullptr;
  const Lease& other = terms.held.front();
  if (other.tunnel != grant.tunnel) return "the tunnel type differs from the other leases'";
  if (other.endpoint != *endpoint) return "the tunnel endpoint differs from the other leases'";
  return nullptr;
}

const char* objection(const Grant& grant, const GrantTerms& terms) {
  if (grant.client != terms.client) return "it is for another client";
  if (grant.life == msg::LeaseTime(0)) return "the lease time is 0";
  const bool known = std::ranges::find(terms.held, grant.bind, &Lease::bind) != terms.held.end();
  if (known) return "the bind ID is in use";
  for (const auto check : {objection_to_address, objection_to_ports, objection_to_spis,
                           objection_to_remote, objection_to_tunnel}) {
    if (const char* const wrong = check(grant, terms)) return wrong;
  }
  return nullptr;
}

Error refusal(const Grant& grant, std::string wrong) {
  std::string what = "bind " + std::to_string(grant.bind.value);
  if (grant.local) what += ", " + grant.local->to_string();
  if (grant.ports && !grant.ports->ranges().empty()) {
    what += ", ports " + to_string(grant.ports->ranges());
  }
  if (grant.spis && !grant.spis->numbers.empty()) {
    what += ", SPIs from " + spi_to_string(grant.spis->numbers.front());
  }
  return {ErrorKind::kProtocol,
          "refused what the gateway assigned (" + what + "): " + std::move(wrong),
          "the agent asks again by itself; ask the gateway's operator if it stays"};
}

Lease lease_of(const Grant& grant, const GrantTerms& terms) {
  Lease lease;
  lease.bind = grant.bind;
  lease.local = *grant.local;
  if (grant.ports) lease.ports = grant.ports->ranges();
  if (grant.spis) lease.spis = ranges_of(*grant.spis);
  lease.remote = terms.remote;
  lease.tunnel = grant.tunnel;
  lease.endpoint = grant.endpoint ? *msg::ipv4_of(*grant.endpoint) : terms.gateway;
  lease.listening = terms.listening;
  return lease;
}

}  // namespace

Grant grant_of(const msg::AssignResponseRsaIp& m) {
  return {m.client,     m.bind,   msg::ipv4_of(m.local),
          std::nullopt, m.remote, m.remote_ports,
          m.lease,      m.tunnel, m.endpoint};
}

Grant grant_of(const msg::AssignResponseRsapIp& m) {
  return {m.client,      m.bind,   msg::ipv4_of(m.local),
          m.local_ports, m.remote, m.remote_ports,
          m.lease,       m.tunnel, m.endpoint};
}

Grant grant_of(const msg::ListenResponse& m) {
  return {m.client,      m.bind,   msg::ipv4_of(m.local),
          m.local_ports, m.remote, m.remote_ports,
          m.lease,       m.tunnel, m.endpoint};
}

Grant grant_of(const msg::AssignResponseRsipsec& m) {
  return {m.client,      m.bind,   msg::ipv4_of(m.local),
          m.local_ports, m.remote, m.remote_ports,
          m.lease,       m.tunnel, m.endpoint,
          m.spis};
}

Result<Lease> examine(const Grant& grant, const GrantTerms& terms) {
  if (const char* const wrong = objection(grant, terms)) {
    return tl::unexpected(refusal(grant, wrong));
  }
  Lease lease = lease_of(grant, terms);
  const auto same = std::ranges::find_if(
      terms.held, [&lease](const Lease& other) { return overlap(lease, other); });
  if (same == terms.held.end()) return lease;
  return tl::unexpected(refusal(
      grant, "part of it is leased already, with bind " + std::to_string(same->bind.value)));
}

Duration believed(msg::LeaseTime life) {
  return std::min<Duration>(life, kLongest);
}

}  // namespace rsip::agent
