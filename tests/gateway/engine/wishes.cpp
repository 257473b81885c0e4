#include "tests/gateway/engine/wishes.h"

#include <algorithm>
#include <bit>

#include "tests/gateway/engine/flow_policy.h"

namespace rsip::gateway {
namespace {

using msg::ErrorCode;

std::vector<msg::TunnelType> listed(const std::optional<msg::TunnelType>& tunnel) {
  if (!tunnel) return {};
  return {*tunnel};
}

}  // namespace

Wanted wanted_by(const msg::AssignRequestRsaIp& message) {
  return {msg::Method::kRsaIp, message.local,         nullptr, message.remote, message.remote_ports,
          message.lease,       listed(message.tunnel)};
}

Wanted wanted_by(const msg::AssignRequestRsapIp& message) {
  return {msg::Method::kRsapIp, message.local, &message.local_ports,  message.remote,
          message.remote_ports, message.lease, listed(message.tunnel)};
}

Wanted wanted_by(const msg::ListenRequest& message) {
  return {msg::Method::kRsapIp, message.local, &message.local_ports, message.remote,
          message.remote_ports, message.lease, message.tunnels,      true};
}

Wanted wanted_by(const msg::AssignRequestRsipsec& message) {
  Wanted wanted{msg::Method::kRsipsec, message.local, &message.local_ports,  message.remote,
                message.remote_ports,  message.lease, listed(message.tunnel)};
  wanted.spis = &message.spis;
  return wanted;
}

Result<std::optional<Ipv4Address>, ErrorCode> wished_address(const msg::Address& address) {
  if (is_dont_care(address)) return std::nullopt;
  if (const auto ipv4 = msg::ipv4_of(address)) return ipv4;
  if (std::holds_alternative<msg::Ipv6Address>(address)) {
    return tl::unexpected(ErrorCode::kLocalAddrUnallowed);
  }
  return tl::unexpected(ErrorCode::kBadParam);
}

Result<PortWish, ErrorCode> wished_ports(const msg::Address& address, const msg::Ports& ports) {
  const auto wished = wished_address(address);
  if (!wished) return tl::unexpected(wished.error());
  const bool any = is_dont_care(ports);
  PortWish wish{*wished, {}, ports.count};
  if (!any) wish.ports = ports.ranges();
  if (wish.count == 0) return tl::unexpected(ErrorCode::kBadParam);
  if (!any && port_count(wish.ports) != wish.count) return tl::unexpected(ErrorCode::kBadParam);
  return wish;
}

Result<std::optional<PortWish>, ErrorCode> wished_ipsec_ports(const msg::Address& address,
                                                              const msg::Ports& ports) {
  if (ports.form == msg::Form::kDontNeed) return std::nullopt;
  auto wish = wished_ports(address, ports);
  if (!wish) return tl::unexpected(wish.error());
  if (wish->ports.empty()) wish->alignment = std::bit_ceil(wish->count);
  return *wish;
}

Result<SpiWish, ErrorCode> wished_spis(const msg::Spis& spis) {
  if (spis.count == 0) return tl::unexpected(ErrorCode::kBadParam);
  SpiWish wish{{}, spis.count};
  if (spis.form == msg::Form::kContiguous) wish.spis = {{spis.numbers.front(), spis.count}};
  if (spis.form == msg::Form::kListed) wish.spis = to_spi_ranges(spis.numbers);
  const bool reserved = !wish.spis.empty() && wish.spis.front().first < kFirstSpi;
  if (reserved || (!wish.spis.empty() && spi_count(wish.spis) != wish.count)) {
    return tl::unexpected(ErrorCode::kBadParam);
  }
  return wish;
}

Result<msg::TunnelType, ErrorCode> chosen_tunnel(const std::vector<msg::TunnelType>& offered,
                                                 const std::vector<msg::TunnelType>& wanted) {
  if (wanted.empty()) return offered.front();
  const auto chosen = std::ranges::find_if(wanted, [&](msg::TunnelType type) {
    return std::ranges::find(offered, type) != offered.end();
  });
  if (chosen == wanted.end()) return tl::unexpected(ErrorCode::kBadTunnelType);
  return *chosen;
}

}  // namespace rsip::gateway
