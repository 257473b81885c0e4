#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/base/spi_range.h"

namespace rsip::agent {

/// What the agent writes into charon's configuration.
struct IkeFragment {
  /// What charon takes one from for each CHILD_SA; nothing: any.
  std::optional<SpiRange> spis;
  std::optional<std::uint16_t> port;  ///< Of IKE; the next one is that of port_nat_t.

  /// A whole file, for strongswan.conf to include as it does those in strongswan.d.
  [[nodiscard]] std::string to_text() const;
  bool operator==(const IkeFragment&) const = default;
};

/// Replaces the file in one step, readable for all: charon may read it at any moment.
///
/// errors   kNotFound if its folder does not exist, kPermission, kOther
Result<void> write_ike_fragment(const std::string& path, const IkeFragment& fragment);

/// Takes all settings out of it. A port is remembered in a comment: the daemon may go on to listen
/// there, and the agent asks for the same one when it comes back.
///
/// errors   as write_ike_fragment()
Result<void> leave_ike_fragment(const std::string& path, std::optional<std::uint16_t> port);

/// True if write_ike_fragment() has written what is there, in this life of the agent or an earlier
/// one.
bool is_ike_fragment(const std::string& path);

/// The IKE port in the fragment of this or of an earlier life of the agent; nothing if there is no
/// such file, or none in it.
std::optional<std::uint16_t> fragment_ike_port(const std::string& path);

}  // namespace rsip::agent
