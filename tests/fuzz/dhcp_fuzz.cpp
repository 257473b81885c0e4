// Lease files of DHCP clients, and the option's value in them.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/discovery/lease_file.h"
#include "agent/discovery/lease_option.h"

namespace {

using namespace rsip::agent;

constexpr unsigned kOption = 224;
constexpr std::int64_t kNow = 1700000000;
constexpr std::size_t kMost = 16;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const std::optional<LeaseHints>& hints) {
  if (!hints) return;
  require(!hints->expires || *hints->expires > kNow);
  require(hints->gateways.size() <= kMost && hints->directory_agents.size() <= kMost);
  for (const NamedGateway& gateway : hints->gateways) {
    require(gateway.address.is_usable_source() && gateway.port.value_or(1) != 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(read_dhclient_leases(text, "eth0", kOption, kNow));
  check(read_key_value_lease(text, kOption, kNow));
  require(read_gateway_option(text).size() <= kMost);
  require(option_bytes(text).size() <= size + 4096);
  (void)hex_bytes(text);
  return 0;
}
