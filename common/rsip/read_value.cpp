#include "common/rsip/read_value.h"

#include <algorithm>

#include "common/base/bytes.h"

namespace rsip::msg {
namespace {

std::optional<Fault> read_number(Bytes value, std::uint32_t& number, std::string_view detail) {
  if (value.size() != 4) return Fault{detail, kLengthAt};
  number = ByteReader(value).u32();
  return std::nullopt;
}

template <class Enum>
std::optional<Fault> read_octet(Bytes value, Enum& octet, std::string_view detail) {
  if (value.size() != 1) return Fault{detail, kLengthAt};
  octet = static_cast<Enum>(value[0]);
  return std::nullopt;
}

/// Range or list is told by the length alone (RFC 3103 section 8.2, RFC 3104 section 6.2).
template <class Numbers>
bool fill(ByteReader& reader, Numbers& numbers) {
  using Number = typename decltype(numbers.numbers)::value_type;
  const std::size_t fields = reader.remaining() / sizeof(Number);
  if (reader.remaining() % sizeof(Number) != 0) return false;
  if (fields > 1 && fields != numbers.count) return false;
  numbers.form = fields == 0 ? Form::kDontCare : fields == 1 ? Form::kContiguous : Form::kListed;
  numbers.numbers.resize(fields);
  for (Number& number : numbers.numbers) {
    number = sizeof(Number) == 2 ? reader.u16() : static_cast<Number>(reader.u32());
  }
  return true;
}

Address address_of(AddressType type, Bytes bytes) {
  ByteReader reader(bytes);
  if (type == AddressType::kIpv4) return Ipv4Address{reader.u32()};
  if (type == AddressType::kIpv4Netmask) return Ipv4Netmask{reader.u32()};
  if (type == AddressType::kFqdn) return Fqdn{std::string(bytes.begin(), bytes.end())};
  Ipv6Address ipv6;
  std::copy(bytes.begin(), bytes.end(), ipv6.bytes.begin());
  return ipv6;
}

bool fits(AddressType type, std::size_t size) {
  constexpr std::size_t kSizes[] = {4, 4, 16};  // by address type from 1 on
  return type == AddressType::kFqdn || size == kSizes[static_cast<std::size_t>(type) - 1];
}

}  // namespace

std::optional<Fault> read(Bytes value, Address& address, Role role) {
  if (value.empty()) return Fault{"address: no address type", kLengthAt};
  const auto type = static_cast<AddressType>(value[0]);
  if (type < AddressType::kIpv4 || type > AddressType::kFqdn) return Fault{"address type: unknown"};
  address = DontCare{};
  const Bytes bytes = value.subspan(1);
  if (bytes.empty()) return std::nullopt;
  if (!fits(type, bytes.size())) return Fault{"address: length does not fit its type", kLengthAt};
  address = address_of(type, bytes);
  if (means_any(address, role)) address = DontCare{};
  return std::nullopt;
}

std::optional<Fault> read(Bytes value, Ports& ports, Role) {
  ports = Ports::dont_need();
  if (value.empty()) return std::nullopt;
  ByteReader reader(value);
  ports.count = reader.u8();
  if (!fill(reader, ports)) return Fault{"ports: length does not fit the count", kLengthAt};
  const auto& numbers = ports.numbers;
  const bool all_zero = !numbers.empty() && std::count(numbers.begin(), numbers.end(), 0) ==
                                                static_cast<std::ptrdiff_t>(numbers.size());
  if (!all_zero) return std::nullopt;
  // Don't care as RFC 3103 appendix C writes it ("4-0"), or with a count of 0, too, where section
  // 9.8.3 has "all 0's in the value fields": then one port will do.
  ports = Ports::dont_care(std::max<std::uint8_t>(ports.count, 1));
  return std::nullopt;
}

std::optional<Fault> read(Bytes value, Spis& spis, Role) {
  ByteReader reader(value);
  spis.count = reader.u16();
  if (reader.ok() && fill(reader, spis)) return std::nullopt;
  return Fault{"SPI: length does not fit the count", kLengthAt};
}

std::optional<Fault> read(Bytes value, LeaseTime& lease, Role) {
  std::uint32_t seconds = 0;
  const auto fault = read_number(value, seconds, "lease time: length is not 4");
  lease = LeaseTime(seconds);
  return fault;
}

std::optional<Fault> read(Bytes value, ClientId& client, Role) {
  return read_number(value, client.value, "client ID: length is not 4");
}

std::optional<Fault> read(Bytes value, BindId& bind, Role) {
  return read_number(value, bind.value, "bind ID: length is not 4");
}

std::optional<Fault> read(Bytes value, TunnelType& tunnel, Role) {
  return read_octet(value, tunnel, "tunnel type: length is not 1");
}

std::optional<Fault> read(Bytes value, Method& method, Role) {
  return read_octet(value, method, "method: length is not 1");
}

std::optional<Fault> read(Bytes value, FlowPolicy& policy, Role) {
  if (value.size() != 2) return Fault{"flow policy: length is not 2", kLengthAt};
  policy = {static_cast<LocalFlowPolicy>(value[0]), static_cast<RemoteFlowPolicy>(value[1])};
  return std::nullopt;
}

/// RFC 3103 section 8.10 draws two bytes, sections 9.14.1 and 9.15.1 say one.
std::optional<Fault> read(Bytes value, Indicator& indicator, Role) {
  if (value.size() != 1 && value.size() != 2) {
    return Fault{"indicator: length is neither 1 nor 2", kLengthAt};
  }
  ByteReader reader(value);
  indicator = static_cast<Indicator>(value.size() == 1 ? reader.u8() : reader.u16());
  return std::nullopt;
}

std::optional<Fault> read(Bytes value, std::uint16_t& error, Role) {
  if (value.size() != 2) return Fault{"error: length is not 2", kLengthAt};
  error = ByteReader(value).u16();
  return std::nullopt;
}

std::optional<Fault> read(Bytes value, std::uint32_t& counter, Role) {
  return read_number(value, counter, "message counter: length is not 4");
}

std::optional<Fault> read(Bytes value, VendorSpecific& vendor, Role) {
  ByteReader reader(value);
  vendor.vendor = reader.u16();
  vendor.subtype = reader.u16();
  if (!reader.ok()) return Fault{"vendor specific: shorter than its two numbers", kLengthAt};
  const Bytes rest = reader.bytes(reader.remaining());
  vendor.value.assign(rest.begin(), rest.end());
  return std::nullopt;
}

}  // namespace rsip::msg
