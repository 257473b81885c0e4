#include "tests/gateway/engine/flow_policy.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace rsip::gateway {
namespace {

using msg::ErrorCode;
using msg::RemoteFlowPolicy;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const past = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), past, port);
  if (error != std::errc{} || end != past || port == 0) return std::nullopt;
  return port;
}

bool blocks(const BlockedRemote& rule, const RemoteScope& scope) {
  return rule.network.contains(*scope.address) && (!rule.port || rule.port == scope.port);
}

Result<Ipv4Address, ErrorCode> named_address(const msg::Address& remote) {
  if (is_dont_care(remote)) return tl::unexpected(ErrorCode::kFlowPolicyViolation);
  if (const auto ipv4 = msg::ipv4_of(remote)) return *ipv4;
  const bool netmask = std::holds_alternative<msg::Ipv4Netmask>(remote);
  return tl::unexpected(netmask ? ErrorCode::kBadParam : ErrorCode::kRemoteAddrUnallowed);
}

}  // namespace

Result<BlockedRemote> BlockedRemote::parse(std::string_view text) {
  BlockedRemote blocked;
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    blocked.port = parse_port(text.substr(colon + 1));
    if (!blocked.port) {
      return fail(ErrorKind::kConfigInvalid, "'" + std::string(text) + "' has no valid port",
                  "allowed: a port within 1-65535 behind the colon, as in \"192.0.2.0/24:25\"");
    }
  }
  auto network = Ipv4Prefix::parse(text.substr(0, colon));
  if (!network) return tl::unexpected(network.error());
  blocked.network = *network;
  return blocked;
}

Result<RemoteScope, ErrorCode> remote_scope(const PolicySettings& policy,
                                            const msg::Address& remote, const msg::Ports& ports) {
  if (policy.remote == RemoteFlowPolicy::kNone) return RemoteScope{};
  const auto address = named_address(remote);
  if (!address) return tl::unexpected(address.error());
  RemoteScope scope{*address, {}};
  // What has no ports, in IPsec, is one flow for each address (RFC 3104 section 6.2).
  const bool portless = ports.form == msg::Form::kDontNeed;
  const bool micro = policy.remote == RemoteFlowPolicy::kMicro && !portless;
  if (micro) {
    if (is_dont_care(ports) || ports.count != 1 || ports.numbers.size() != 1) {
      return tl::unexpected(ErrorCode::kFlowPolicyViolation);
    }
    scope.port = ports.numbers.front();
  }
  if (std::ranges::any_of(policy.blocked, [&](const auto& rule) { return blocks(rule, scope); })) {
    return tl::unexpected(micro ? ErrorCode::kRemoteAddrportUnallowed
                                : ErrorCode::kRemoteAddrUnallowed);
  }
  return scope;
}

msg::Address remote_address(const RemoteScope& scope) {
  return scope.address ? msg::Address(*scope.address) : msg::Address(msg::DontCare{});
}

msg::Ports remote_ports(const RemoteScope& scope) {
  return scope.port ? msg::Ports::contiguous({*scope.port, 1}) : msg::Ports::dont_care(1);
}

bool is_dont_care(const msg::Address& address) {
  const auto ipv4 = msg::ipv4_of(address);
  return std::holds_alternative<msg::DontCare>(address) || (ipv4 && ipv4->is_unspecified());
}

bool is_dont_care(const msg::Ports& ports) {
  return ports.form == msg::Form::kDontCare ||
         (ports.form == msg::Form::kContiguous && ports.numbers == std::vector<std::uint16_t>{0});
}

}  // namespace rsip::gateway
