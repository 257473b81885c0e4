#pragma once

#include <array>

#include "common/rsip/layout.h"

namespace rsip::msg {

/// A Wire (layout.h) that counts how often each parameter may appear in a message.
class Census {
 public:
  static constexpr std::uint16_t kUnlimited = 0xFFFF;

  [[nodiscard]] std::uint16_t limit(ParameterType type) const {
    const auto index = static_cast<std::size_t>(type);
    return index < limits_.size() ? limits_[index] : 0;
  }

  template <class Field>
  void one(const Field&, Role = Role::kPlain) {
    once(kParameterOf<Field>);
  }
  template <class Field>
  void maybe(const std::optional<Field>&, Role = Role::kPlain) {
    once(kParameterOf<Field>);
  }
  template <class Field>
  void many(const std::vector<Field>&, Role = Role::kPlain) {
    unlimited(kParameterOf<Field>);
  }
  template <class Tuple>
  void tuples(const std::vector<Tuple>&, Indicator) {
    unlimited(ParameterType::kIndicator);
    unlimited(ParameterType::kAddress);
  }
  void lease_then_tunnel(LeaseTime lease, TunnelType tunnel) {
    one(lease);
    one(tunnel);
  }
  void tunnel_then_lease(TunnelType tunnel, LeaseTime lease) { lease_then_tunnel(lease, tunnel); }
  void counter(const Trailer& trailer) { maybe(trailer.counter); }

 private:
  void once(ParameterType type) {
    auto& limit = limits_[static_cast<std::size_t>(type)];
    if (limit != kUnlimited) ++limit;
  }
  void unlimited(ParameterType type) { limits_[static_cast<std::size_t>(type)] = kUnlimited; }

  std::array<std::uint16_t, static_cast<std::size_t>(ParameterType::kSpi) + 1> limits_{};
};

}  // namespace rsip::msg
