#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace rsip {

/// A 32-bit identifier that cannot be mistaken for another kind of identifier.
template <class Tag>
struct StrongId {
  std::uint32_t value = 0;
  auto operator<=>(const StrongId&) const = default;
};

/// Identifies a host at its gateway (RFC 3103 section 8.4).
using ClientId = StrongId<struct ClientIdTag>;
/// Identifies one binding of a host (RFC 3103 section 8.5).
using BindId = StrongId<struct BindIdTag>;

}  // namespace rsip

template <class Tag>
struct std::hash<rsip::StrongId<Tag>> {
  std::size_t operator()(rsip::StrongId<Tag> id) const noexcept { return id.value; }
};
