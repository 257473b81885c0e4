#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/ipc/contract.h"

/// What went through leased addresses and for how long, day by day: for who is charged per use.
namespace rsip::ipc {

struct UsageRow {
  std::string day;
  std::string gateway;
  std::string address;
  std::uint32_t bind = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t leased_seconds = 0;
  bool operator==(const UsageRow&) const = default;
};
RSIP_CONTRACT(UsageRow,
              "One line of the account. Members that its grouping does not tell are empty.",
              (day, "Local date, \"2026-11-24\"."), (gateway, "As configured."),
              (address, "Public address of the lease."), (bind, "Bind ID of the lease."),
              (sent_bytes, "Inner bytes sent."), (received_bytes, "Inner bytes received."),
              (sent_packets, "Inner packets sent."), (received_packets, "Inner packets received."),
              (leased_seconds, "How long it was leased; of several leases the sum."))

}  // namespace rsip::ipc
