#include "common/rsip/parameters.h"

#include <utility>

namespace rsip::msg {

std::optional<Ipv4Address> ipv4_of(const Address& address) {
  const auto* ipv4 = std::get_if<Ipv4Address>(&address);
  return ipv4 == nullptr ? std::nullopt : std::optional(*ipv4);
}

Ports Ports::contiguous(PortRange range) {
  return {Form::kContiguous, static_cast<std::uint8_t>(range.count), {range.first}};
}

Ports Ports::listed(std::vector<std::uint16_t> ports) {
  const auto count = static_cast<std::uint8_t>(ports.size());
  return {count == 1 ? Form::kContiguous : Form::kListed, count, std::move(ports)};
}

std::vector<PortRange> Ports::ranges() const {
  if (form == Form::kContiguous && !numbers.empty()) return {{numbers.front(), count}};
  return to_ranges(numbers);
}

Spis Spis::listed(std::vector<std::uint32_t> spis) {
  const auto count = static_cast<std::uint16_t>(spis.size());
  return {count == 1 ? Form::kContiguous : Form::kListed, count, std::move(spis)};
}

}  // namespace rsip::msg
