#include "tests/unit/common/rsip/random_message.h"

#include <algorithm>
#include <iterator>

#include "common/rsip/layout.h"

namespace rsip::msg {
namespace {

/// A Wire (layout.h) that fills a message with legal values.
class Filler {
 public:
  explicit Filler(Random& random) : random_(random) {}

  template <class Field>
  void one(Field& field, Role role = Role::kPlain) {
    fill(field, role);
  }
  template <class Field>
  void maybe(std::optional<Field>& field, Role role = Role::kPlain) {
    if (coin()) fill(field.emplace(), role);
  }
  template <class Field>
  void many(std::vector<Field>& fields, Role role = Role::kPlain) {
    fields.resize(below(4));
    for (Field& field : fields) fill(field, role);
  }
  void lease_then_tunnel(LeaseTime& lease, TunnelType& tunnel) {
    fill(lease, Role::kPlain);
    fill(tunnel, Role::kPlain);
  }
  void tunnel_then_lease(TunnelType& tunnel, LeaseTime& lease) { lease_then_tunnel(lease, tunnel); }
  void tuples(std::vector<AddressTuple>& tuples, Indicator) {
    tuples.resize(below(4));
    for (AddressTuple& tuple : tuples) fill(tuple.address, Role::kQueried);
  }
  void tuples(std::vector<NetworkTuple>& tuples, Indicator) {
    tuples.resize(below(4));
    for (NetworkTuple& tuple : tuples) {
      fill(tuple.network, Role::kNetwork);
      tuple.netmask = Ipv4Netmask{number()};
      if (std::holds_alternative<Ipv6Address>(tuple.network)) tuple.netmask = ipv6();
    }
  }
  void counter(Trailer& trailer) { maybe(trailer.counter); }

  void extensions(Trailer& trailer) {
    trailer.vendor.resize(coin() ? 0 : below(3));
    for (VendorSpecific& vendor : trailer.vendor) {
      vendor = {static_cast<std::uint16_t>(number()), static_cast<std::uint16_t>(number()),
                octets()};
    }
    trailer.private_use.resize(coin() ? 0 : below(3));
    for (PrivateUse& parameter : trailer.private_use) {
      parameter = {static_cast<std::uint8_t>(241 + below(15)), octets()};
    }
  }

 private:
  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }
  std::uint32_t below(std::uint32_t end) { return number() % end; }
  bool coin() { return below(2) == 0; }

  std::vector<std::uint8_t> octets() {
    std::vector<std::uint8_t> value(below(20));
    for (auto& octet : value) octet = static_cast<std::uint8_t>(number());
    return value;
  }

  Ipv6Address ipv6() {
    Ipv6Address address;
    for (auto& octet : address.bytes) octet = static_cast<std::uint8_t>(1 + below(255));
    return address;
  }

  Fqdn name() {
    Fqdn fqdn;
    fqdn.name.resize(1 + below(255));
    for (char& c : fqdn.name) c = static_cast<char>('!' + below('~' - '!' + 1));
    return fqdn;
  }

  void fill(Address& address, Role role) {
    const bool end =
        role == Role::kSuggestedLocal || role == Role::kGrantedLocal || role == Role::kRemote;
    const bool named = role != Role::kSuggestedLocal && role != Role::kNetwork;
    address = Ipv4Address{1 + below(0xFFFFFFFF)};
    if (coin()) address = ipv6();
    if (named && coin()) address = name();
    if (end && coin()) address = DontCare{};
  }

  void fill(Ports& ports, Role role) {
    const auto count = static_cast<std::uint8_t>(1 + below(255));
    std::vector<std::uint16_t> listed(1 + below(255));
    for (auto& port : listed) port = static_cast<std::uint16_t>(1 + below(65535));
    ports = Ports::dont_care(count);
    if (coin()) ports = Ports::listed(listed);
    if (coin()) {
      ports = Ports::contiguous({static_cast<std::uint16_t>(1 + below(65536U - count)), count});
    }
    if (role == Role::kMayBeUnneeded && coin()) ports = Ports::dont_need();
  }

  void fill(Spis& spis, Role) {
    const auto count = static_cast<std::uint16_t>(1 + below(65535));
    std::vector<std::uint32_t> listed(1 + below(100));
    for (auto& spi : listed) spi = number();
    spis = Spis::dont_care(count);
    if (coin()) spis = Spis::listed(listed);
    if (coin()) spis = Spis::contiguous(number() / 2, count);
  }

  void fill(TunnelType& tunnel, Role) { tunnel = static_cast<TunnelType>(1 + below(3)); }
  void fill(Method& method, Role) { method = static_cast<Method>(1 + below(3)); }
  void fill(FlowPolicy& policy, Role) {
    policy = {static_cast<LocalFlowPolicy>(1 + below(2)),
              static_cast<RemoteFlowPolicy>(1 + below(3))};
  }
  void fill(LeaseTime& lease, Role) { lease = LeaseTime(number()); }
  void fill(ClientId& client, Role) { client.value = number(); }
  void fill(BindId& bind, Role) { bind.value = number(); }
  void fill(std::uint16_t& error, Role) { error = static_cast<std::uint16_t>(number()); }
  void fill(std::uint32_t& counter, Role) { counter = number(); }

  Random& random_;
};

}  // namespace

Message random_message(Random& random) {
  constexpr std::uint8_t kTypes[] = {1,  2,  3,  4,  5,  6,  7,  8,  9, 10,
                                     11, 12, 13, 14, 15, 16, 17, 22, 23};
  Message message = *blank_message(kTypes[random() % std::size(kTypes)]);
  Filler filler(random);
  std::visit(
      [&filler](auto& m) {
        layout(filler, m);
        filler.extensions(m.trailer);
      },
      message);
  return message;
}

}  // namespace rsip::msg
