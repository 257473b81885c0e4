#include "tests/gateway/tunnel/counters.h"

namespace rsip::gateway {
namespace {

constexpr const char* kNames[] = {
    "from_hosts_packets", "from_hosts_bytes",    "to_hosts_packets",  "to_hosts_bytes",
    "pings_answered",     "too_big_told",        "reassembled",       "keep_alives",
    "drop_unregistered",  "drop_host_address",   "drop_host_port",    "drop_malformed",
    "drop_not_ipv4",      "drop_no_owner",       "drop_icmp",         "drop_too_big",
    "drop_fragments",     "drop_tunnel_type",    "drop_tunnel_id",    "drop_remote_address",
    "drop_remote_port",   "drop_remote_scope",   "drop_no_peer",      "drop_spi",
    "drop_spi_reserved",  "drop_cookie_unknown", "drop_cookie_taken", "drop_nat_keepalive",
    "drop_ecn",           "drop_send_failed",    "drop_write_failed",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Counter::kCount));

}  // namespace

const char* to_string(Counter counter) {
  return kNames[static_cast<std::size_t>(counter)];
}

std::string Counters::to_line() const {
  std::string line;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto counter = static_cast<Counter>(i);
    if ((*this)[counter] == 0) continue;
    if (!line.empty()) line += ' ';
    line += std::string(to_string(counter)) + "=" + std::to_string((*this)[counter]);
  }
  return line;
}

}  // namespace rsip::gateway
