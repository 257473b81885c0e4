#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "agent/ipsec/charon_sas.h"
#include "agent/ipsec/coordinator.h"
#include "agent/ipsec/spi_pool.h"

namespace rsip::agent {

/// What is known for judging the kernel's associations.
struct SaFacts {
  const std::vector<KernelSa>& kernel;
  const std::vector<CharonSa>& charon;
  const SpiPool& pool;
  std::set<Ipv4Address> addresses;         ///< Leased.
  const std::set<std::uint32_t>& lost;     ///< SPIs that were leased.
  const std::set<std::uint32_t>& refused;  ///< SPIs that could not be leased.
  const std::set<std::uint32_t>& older;    ///< SPIs taken before charon was told any.
  const std::string& fragment;
};

/// True if nothing can come in by it: it is inbound, ESP or AH itself travels, and its SPI is not
/// leased.
bool lacks_lease(const KernelSa& sa, const SaFacts& facts);

/// The associations from and to leased addresses, and what is wrong with them.
std::vector<SaReport> report_sas(const SaFacts& facts);

/// True if charon took an SPI that it was not told.
bool charon_ignores_range(const SaFacts& facts, const std::set<std::uint32_t>& exact);

std::string how_to_include(const std::string& fragment);

}  // namespace rsip::agent
