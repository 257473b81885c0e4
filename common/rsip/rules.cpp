#include "common/rsip/rules.h"

#include <algorithm>

namespace rsip::msg {
namespace {

constexpr std::size_t kMaxNameLength = 255;

/// Kinds of address as bits, by their place in Address.
enum : unsigned { kAny = 1, kIpv4 = 2, kNetmask = 4, kIpv6 = 8, kName = 16 };

struct AddressRow {
  Role role;
  unsigned kinds;
  std::string_view detail;
};

constexpr AddressRow kAddressRows[] = {
    // RFC 3103 section 8.1: not valid to request an FQDN as local address.
    {Role::kSuggestedLocal, kAny | kIpv4 | kIpv6, "local address: neither any, IPv4 nor IPv6"},
    {Role::kGrantedLocal, kAny | kIpv4 | kIpv6 | kName, "local address: a netmask"},
    {Role::kRemote, kAny | kIpv4 | kIpv6 | kName, "remote address: a netmask"},
    {Role::kEndpoint, kIpv4 | kIpv6 | kName, "tunnel endpoint: not an address"},
    {Role::kQueried, kIpv4 | kIpv6 | kName, "queried address: not an address"},
    // RFC 3103 section 9.14.3: no FQDN for a network, only the netmask form for a netmask. There is
    // no such form for IPv6, so its address stands in (experimental).
    {Role::kNetwork, kIpv4 | kIpv6, "network: neither IPv4 nor IPv6"},
    {Role::kNetmask, kNetmask | kIpv6, "netmask: not in netmask form"},
};

/// Control characters, spaces and a terminator have no place in a name, nor in a log.
bool is_printable(char c) {
  return c > ' ' && c <= '~';
}

std::optional<Fault> fault_in(const Fqdn& fqdn) {
  constexpr std::size_t kNameAt = kValueAt + 1;
  if (fqdn.name.empty()) return Fault{"FQDN: empty", kNameAt};
  if (fqdn.name.size() > kMaxNameLength) return Fault{"FQDN: over 255 characters", kLengthAt};
  const auto bad = std::find_if_not(fqdn.name.begin(), fqdn.name.end(), is_printable);
  if (bad == fqdn.name.end()) return std::nullopt;
  return Fault{"FQDN: not printable ASCII", kNameAt + (bad - fqdn.name.begin())};
}

/// How many numbers follow the count in this form.
template <class Numbers>
std::size_t owed(const Numbers& numbers) {
  if (numbers.form == Form::kListed) return numbers.count;
  return numbers.form == Form::kContiguous ? 1 : 0;
}

template <class Numbers>
bool wraps(const Numbers& numbers) {
  using Number = typename decltype(numbers.numbers)::value_type;
  return numbers.form == Form::kContiguous &&
         static_cast<Number>(numbers.numbers.front() + (numbers.count - 1U)) <
             numbers.numbers.front();
}

}  // namespace

std::optional<Fault> fault_in(const Address& address, Role role) {
  const auto* row = std::find_if(std::begin(kAddressRows), std::end(kAddressRows),
                                 [role](const AddressRow& r) { return r.role == role; });
  if (row == std::end(kAddressRows)) return Fault{"address: not expected here"};
  if ((row->kinds & 1U << address.index()) == 0) return Fault{row->detail};
  if (means_any(address, role)) return Fault{"address: all zero, which means don't care"};
  const auto* fqdn = std::get_if<Fqdn>(&address);
  return fqdn == nullptr ? std::nullopt : fault_in(*fqdn);
}

std::optional<Fault> fault_in(const Ports& ports, Role role) {
  if (ports.numbers.size() != owed(ports)) return Fault{"ports: not as many as their form says"};
  if (ports.form == Form::kDontNeed) {
    if (role != Role::kMayBeUnneeded) return Fault{"ports: don't need outside RSIPSEC", kLengthAt};
    return ports.count == 0 ? std::nullopt : std::optional(Fault{"ports: don't need has a count"});
  }
  if (ports.count == 0) return Fault{"ports: count 0"};
  // One listed port has the same bytes as a range of one.
  if (ports.form == Form::kListed && ports.count == 1) return Fault{"ports: a list of one"};
  const auto zero = std::find(ports.numbers.begin(), ports.numbers.end(), 0);
  if (zero != ports.numbers.end()) {
    return Fault{"ports: port 0", kValueAt + 1 + 2 * (zero - ports.numbers.begin())};
  }
  if (wraps(ports)) return Fault{"ports: range goes past 65535", kValueAt + 1};
  return std::nullopt;
}

std::optional<Fault> fault_in(const Spis& spis, Role) {
  if (spis.form == Form::kDontNeed) return Fault{"SPI: don't need", kLengthAt};
  if (spis.numbers.size() != owed(spis)) return Fault{"SPI: not as many as their form says"};
  if (spis.count == 0) return Fault{"SPI: count 0"};
  if (spis.form == Form::kListed && spis.count == 1) return Fault{"SPI: a list of one"};
  if (wraps(spis)) return Fault{"SPI: range goes past 4294967295", kValueAt + 2};
  return std::nullopt;
}

std::optional<Fault> fault_in(const TunnelType& tunnel, Role role) {
  if (tunnel == TunnelType{}) return Fault{"tunnel type: 0 is reserved"};
  if (role == Role::kOffer || tunnel <= TunnelType::kL2tp) return std::nullopt;
  // RFC 3103 section 9.6.3: an unsupported tunnel type has an error of its own.
  return Fault{"tunnel type: not known", kValueAt, ErrorCode::kBadTunnelType};
}

std::optional<Fault> fault_in(const Method& method, Role) {
  return method == Method{} ? std::optional(Fault{"method: 0 is reserved"}) : std::nullopt;
}

std::optional<Fault> fault_in(const FlowPolicy& policy, Role) {
  if (policy.local < LocalFlowPolicy::kMacro || policy.local > LocalFlowPolicy::kMicro) {
    return Fault{"local flow policy: not known"};
  }
  if (policy.remote < RemoteFlowPolicy::kMacro || policy.remote > RemoteFlowPolicy::kNone) {
    return Fault{"remote flow policy: not known", kValueAt + 1};
  }
  return std::nullopt;
}

std::optional<Fault> mismatch(const NetworkTuple& tuple) {
  const bool ipv6_network = std::holds_alternative<Ipv6Address>(tuple.network);
  const bool ipv6_mask = std::holds_alternative<Ipv6Address>(tuple.netmask);
  if (ipv6_network == ipv6_mask) return std::nullopt;
  return Fault{"netmask: not of the network's family"};
}

bool means_any(const Address& address, Role role) {
  const bool at_an_end =
      role == Role::kSuggestedLocal || role == Role::kGrantedLocal || role == Role::kRemote;
  return at_an_end && (address == Address(Ipv4Address{}) || address == Address(Ipv6Address{}));
}

}  // namespace rsip::msg
