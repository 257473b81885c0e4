#include <algorithm>
#include <utility>

#include "common/rsip/census.h"
#include "common/rsip/codec.h"
#include "common/rsip/split.h"

namespace rsip::msg {
namespace {

/// A Wire (layout.h) that reads. Required parameters are taken in order from the front, optional
/// ones are looked for in what is left. The first fault sticks and stops all further reading.
class Reader {
 public:
  explicit Reader(Split& split) : split_(split), all_(split.parameters), next_(all_.begin()) {}

  [[nodiscard]] bool ok() const { return ok_; }

  template <class Field>
  void one(Field& field, Role role = Role::kPlain) {
    if (!ok_) return;
    const auto here = next_;
    if (!expect(kParameterOf<Field>)) return;
    take(*here, field, role);
  }

  template <class Field>
  void maybe(std::optional<Field>& field, Role role = Role::kPlain) {
    const auto found = find(kParameterOf<Field>);
    if (ok_ && found != all_.end()) take(*found, field.emplace(), role);
  }

  /// An endpoint that is "don't care" names none: the gateway itself is the endpoint.
  void maybe(std::optional<Address>& endpoint, Role role) {
    const auto found = find(ParameterType::kAddress);
    if (!ok_ || found == all_.end()) return;
    found->used = true;
    const auto fault = read(split_.value(*found), endpoint.emplace(), role);
    if (!fault && std::holds_alternative<DontCare>(*endpoint)) return endpoint.reset();
    check(*found, fault ? fault : fault_in(*endpoint, role));
  }

  template <class Field>
  void many(std::vector<Field>& fields, Role role = Role::kPlain) {
    for (auto p = next_; ok_ && p != all_.end(); ++p) {
      if (p->type == kParameterOf<Field>) take(*p, fields.emplace_back(), role);
    }
  }

  /// Both in either order, because the RFC has them once in this and once in that. A missing tunnel
  /// type is IP-IP, as in the examples of RFC 3103 section 16.1.
  void lease_then_tunnel(LeaseTime& lease, TunnelType& tunnel) {
    const bool tunnel_first = next_is(ParameterType::kTunnelType);
    if (tunnel_first) one(tunnel);
    one(lease);
    if (!tunnel_first && next_is(ParameterType::kTunnelType)) one(tunnel);
  }
  void tunnel_then_lease(TunnelType& tunnel, LeaseTime& lease) { lease_then_tunnel(lease, tunnel); }

  template <class Tuple>
  void tuples(std::vector<Tuple>& tuples, Indicator indicator) {
    constexpr std::ptrdiff_t kParameters = std::is_same_v<Tuple, AddressTuple> ? 2 : 3;
    const auto first = next_;
    const auto announced = std::count_if(
        first, all_.end(), [&](const Parameter& p) { return ok_ && announces(p, indicator); });
    // No more room than there can be whole tuples: indicators alone are cheap to send.
    tuples.reserve(std::min(announced, (all_.end() - first) / kParameters));
    for (auto p = first; ok_ && p != all_.end(); ++p) {
      if (!announces(*p, indicator)) continue;
      p->used = true;
      next_ = p + 1;
      take(tuples.emplace_back());
    }
    next_ = first;
  }

  void counter(Trailer& trailer) { maybe(trailer.counter); }

  /// To be called last: refuses what no call has taken.
  void finish() {
    const auto left =
        std::find_if(all_.begin(), all_.end(), [](const Parameter& p) { return !p.used; });
    if (!ok_ || left == all_.end()) return;
    if (left->type == ParameterType::kIndicator) {
      fail(ErrorCode::kBadParam, left->offset + kValueAt, "indicator: not of this message");
    } else if (left->type == ParameterType::kAddress) {
      fail(ErrorCode::kExtraParam, left->offset, "address: no indicator before it");
    } else {
      fail(ErrorCode::kBadMessage, left->offset, "order: a required parameter too late");
    }
  }

  void fail(ErrorCode code, std::size_t offset, std::string_view detail) {
    if (!std::exchange(ok_, false)) return;
    split_.error.code = code;
    split_.error.offset = offset;
    split_.error.detail = detail;
  }

 private:
  using Iterator = std::vector<Parameter>::iterator;

  [[nodiscard]] bool next_is(ParameterType type) const {
    return next_ != all_.end() && next_->type == type;
  }

  [[nodiscard]] Iterator find(ParameterType type) const {
    return std::find_if(next_, all_.end(),
                        [type](const Parameter& p) { return p.type == type && !p.used; });
  }

  /// Steps over the next parameter if it is of this type. If one comes later the order is wrong,
  /// which appendix A has no number for but "malformed and parsing failed"; else it is missing.
  bool expect(ParameterType type) {
    if (next_is(type)) return ++next_, true;
    const std::size_t offset = next_ == all_.end() ? split_.message.size() : next_->offset;
    const bool later = find(type) != all_.end();
    fail(later ? ErrorCode::kBadMessage : ErrorCode::kMissingParam, offset, to_string(type));
    return false;
  }

  template <class Field>
  void take(Parameter& p, Field& field, Role role) {
    p.used = true;
    const auto fault = read(split_.value(p), field, role);
    check(p, fault ? fault : fault_in(field, role));
  }

  void check(const Parameter& p, const std::optional<Fault>& fault) {
    if (fault) fail(fault->code, p.offset + fault->at, fault->detail);
  }

  void take(AddressTuple& tuple) { one_of_tuple(tuple.address, Role::kQueried); }

  void take(NetworkTuple& tuple) {
    one_of_tuple(tuple.network, Role::kNetwork);
    const auto netmask = next_;
    one_of_tuple(tuple.netmask, Role::kNetmask);
    if (ok_) check(*netmask, mismatch(tuple));
  }

  /// An address further on belongs to another tuple, so here it is always a missing one.
  void one_of_tuple(Address& address, Role role) {
    if (!ok_) return;
    if (next_is(ParameterType::kAddress)) return take(*next_++, address, role);
    const std::size_t offset = next_ == all_.end() ? split_.message.size() : next_->offset;
    fail(ErrorCode::kMissingParam, offset, to_string(ParameterType::kAddress));
  }

  /// Whether a tuple of this kind starts here. A malformed indicator is a fault in any case.
  bool announces(const Parameter& p, Indicator wanted) {
    if (p.type != ParameterType::kIndicator || p.used) return false;
    Indicator indicator{};
    const auto fault = read(split_.value(p), indicator, Role::kPlain);
    check(p, fault);
    return !fault && indicator == wanted;
  }

  Split& split_;
  std::vector<Parameter>& all_;
  Iterator next_;  ///< The first that is not taken as a required one.
  bool ok_ = true;
};

/// RFC 3103 appendix A: 204 for a type nobody has defined, 203 for one that has no place in this
/// message, 202 for one that has a place but stands there too often.
template <class M>
void check_census(const Split& split, const M& message, Reader& reader) {
  Census census;
  layout(census, message);
  std::array<std::uint16_t, 256> seen{};
  for (const Parameter& p : split.parameters) {
    const std::uint16_t limit = census.limit(p.type);
    if (limit == 0) {
      const bool known = *to_string(p.type) != '?';
      return reader.fail(known ? ErrorCode::kExtraParam : ErrorCode::kIllegalParam, p.offset,
                         known ? to_string(p.type) : "parameter type: unknown");
    }
    const auto times = ++seen[static_cast<std::size_t>(p.type)];
    if (times > limit) {
      return reader.fail(ErrorCode::kDuplicateParam, p.offset, to_string(p.type));
    }
  }
}

}  // namespace

Result<Message, DecodeError> decode(std::span<const std::uint8_t> bytes) {
  Split parts;
  if (!split(bytes, parts)) return tl::unexpected(parts.error);
  Reader reader(parts);
  auto message = blank_message(bytes[1]);
  if (!message) {
    reader.fail(ErrorCode::kIllegalMessage, 1, "message type: unknown");
    return tl::unexpected(parts.error);
  }
  std::visit(
      [&](auto& m) {
        check_census(parts, m, reader);
        m.trailer = std::move(parts.trailer);
        layout(reader, m);
      },
      *message);
  reader.finish();
  if (!reader.ok()) return tl::unexpected(parts.error);
  return std::move(*message);
}

}  // namespace rsip::msg
