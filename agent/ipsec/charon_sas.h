#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "agent/ipsec/vici_message.h"
#include "common/base/ipv4.h"

namespace rsip::agent {

/// What charon's list-sas says, as far as the leases are concerned.
struct CharonChild {
  std::string id;  ///< For `terminate`: child-id.
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  bool encapsulated = false;  ///< ESP in UDP.
  bool operator==(const CharonChild&) const = default;
};
struct CharonSa {
  std::string connection;
  std::string id;  ///< For `terminate`: ike-id.
  Ipv4Address local;
  std::uint16_t local_port = 0;
  std::vector<CharonChild> children;
  bool operator==(const CharonSa&) const = default;
};

/// The IKE_SAs of one list-sa event. What it does not say, or says strangely, is left out.
std::vector<CharonSa> read_charon_sas(const vici::Section& event);

/// The message of one `terminate` each that end whatever has one of these inbound SPIs: the whole
/// IKE_SA if nothing would be left of it. Charon answers at once.
///
/// force   forget it now, whether the peer can be told or not: charon may be in another exchange
std::vector<vici::Section> terminations(const std::vector<CharonSa>& sas,
                                        const std::set<std::uint32_t>& spis, bool force);

/// The same of every IKE_SA that begins at one of these addresses.
std::vector<vici::Section> terminations_at(const std::vector<CharonSa>& sas,
                                           const std::set<Ipv4Address>& local, bool force);

}  // namespace rsip::agent
