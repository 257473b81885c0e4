#include <algorithm>

#include "common/base/bytes.h"
#include "common/rsip/codec.h"
#include "common/rsip/rules.h"

namespace rsip::msg {
namespace {

void put(ByteWriter& out, DontCare) {
  out.u8(static_cast<std::uint8_t>(AddressType::kIpv4));
}
void put(ByteWriter& out, Ipv4Address ipv4) {
  out.u8(static_cast<std::uint8_t>(AddressType::kIpv4));
  out.u32(ipv4.value);
}
void put(ByteWriter& out, Ipv4Netmask mask) {
  out.u8(static_cast<std::uint8_t>(AddressType::kIpv4Netmask));
  out.u32(mask.value);
}
void put(ByteWriter& out, const Ipv6Address& ipv6) {
  out.u8(static_cast<std::uint8_t>(AddressType::kIpv6));
  out.bytes(ipv6.bytes);
}
void put(ByteWriter& out, const Fqdn& fqdn) {
  out.u8(static_cast<std::uint8_t>(AddressType::kFqdn));
  for (const char c : fqdn.name) out.u8(static_cast<std::uint8_t>(c));
}
void put(ByteWriter& out, const Address& address) {
  std::visit([&out](const auto& kind) { put(out, kind); }, address);
}
void put(ByteWriter& out, const Ports& ports) {
  if (ports.form == Form::kDontNeed) return;
  out.u8(ports.count);
  for (const std::uint16_t port : ports.numbers) out.u16(port);
}
void put(ByteWriter& out, const Spis& spis) {
  out.u16(spis.count);
  for (const std::uint32_t spi : spis.numbers) out.u32(spi);
}
void put(ByteWriter& out, LeaseTime lease) {
  out.u32(lease.count());
}
void put(ByteWriter& out, ClientId client) {
  out.u32(client.value);
}
void put(ByteWriter& out, BindId bind) {
  out.u32(bind.value);
}
void put(ByteWriter& out, TunnelType tunnel) {
  out.u8(static_cast<std::uint8_t>(tunnel));
}
void put(ByteWriter& out, Method method) {
  out.u8(static_cast<std::uint8_t>(method));
}
void put(ByteWriter& out, FlowPolicy policy) {
  out.u8(static_cast<std::uint8_t>(policy.local));
  out.u8(static_cast<std::uint8_t>(policy.remote));
}
void put(ByteWriter& out, Indicator indicator) {
  out.u16(static_cast<std::uint16_t>(indicator));
}
void put(ByteWriter& out, std::uint16_t error) {
  out.u16(error);
}
void put(ByteWriter& out, std::uint32_t counter) {
  out.u32(counter);
}
void put(ByteWriter& out, const VendorSpecific& vendor) {
  out.u16(vendor.vendor);
  out.u16(vendor.subtype);
  out.bytes(vendor.value);
}

/// A Wire (layout.h) that writes. The first fault sticks.
class Writer {
 public:
  explicit Writer(MessageType type) : type_(type) {
    out_.u8(kVersion);
    out_.u8(static_cast<std::uint8_t>(type));
    out_.u16(0);  // the overall length, once it is known
  }

  template <class Field>
  void one(const Field& field, Role role = Role::kPlain) {
    refuse(fault_in(field, role));
    parameter(static_cast<std::uint8_t>(kParameterOf<Field>), [&] { put(out_, field); });
  }
  template <class Field>
  void maybe(const std::optional<Field>& field, Role role = Role::kPlain) {
    if (field) one(*field, role);
  }
  template <class Field>
  void many(const std::vector<Field>& fields, Role role = Role::kPlain) {
    for (const Field& field : fields) one(field, role);
  }

  void lease_then_tunnel(LeaseTime lease, TunnelType tunnel) {
    one(lease);
    one(tunnel);
  }
  void tunnel_then_lease(TunnelType tunnel, LeaseTime lease) {
    one(tunnel);
    one(lease);
  }

  void tuples(const std::vector<AddressTuple>& tuples, Indicator indicator) {
    for (const AddressTuple& tuple : tuples) {
      one(indicator);
      one(tuple.address, Role::kQueried);
    }
  }
  void tuples(const std::vector<NetworkTuple>& tuples, Indicator indicator) {
    for (const NetworkTuple& tuple : tuples) {
      one(indicator);
      one(tuple.network, Role::kNetwork);
      one(tuple.netmask, Role::kNetmask);
      refuse(mismatch(tuple));
    }
  }

  void counter(const Trailer& trailer) { maybe(trailer.counter); }

  void extensions(const Trailer& trailer) {
    many(trailer.vendor);
    for (const PrivateUse& extension : trailer.private_use) {
      if (extension.type < kFirstPrivateType) refuse(Fault{"private use: type under 241"});
      parameter(extension.type, [&] { out_.bytes(extension.value); });
    }
  }

  Result<std::vector<std::uint8_t>> finish() {
    if (out_.size() > kMaxMessageBytes) refuse(Fault{"longer than 65535 bytes"});
    if (fault_) {
      return fail(ErrorKind::kOther, "cannot encode " + std::string(to_string(type_)) + ": " +
                                         std::string(fault_->detail));
    }
    out_.patch_u16(2, static_cast<std::uint16_t>(out_.size()));
    return out_.take();
  }

 private:
  template <class PutValue>
  void parameter(std::uint8_t type, const PutValue& put_value) {
    out_.u8(type);
    out_.u16(0);
    const std::size_t value_at = out_.size();
    put_value();
    // An overlong value is cut short here and the whole message refused in finish().
    out_.patch_u16(value_at - 2, static_cast<std::uint16_t>(out_.size() - value_at));
  }

  void refuse(std::optional<Fault> fault) {
    if (!fault_) fault_ = fault;
  }

  MessageType type_;
  ByteWriter out_;
  std::optional<Fault> fault_;
};

}  // namespace

Result<std::vector<std::uint8_t>> encode(const Message& message) {
  Writer writer(type_of(message));
  std::visit(
      [&writer](const auto& m) {
        layout(writer, m);
        writer.extensions(m.trailer);
      },
      message);
  return writer.finish();
}

}  // namespace rsip::msg
