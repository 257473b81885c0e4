#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace rsip::agent {

/// A lease, as long as it is the same one. A bind and address that are leased again later on the
/// same day go on in the same row.
struct UsageLease {
  std::string gateway;  ///< As configured.
  std::string address;
  std::uint32_t bind = 0;
  auto operator<=>(const UsageLease&) const = default;
};

/// Where an amount stands in the account. Rows older than kLeaseDays are a gateway's: without
/// address and bind.
struct UsageKey {
  std::string day;  ///< Local date, "2026-11-24": sorts as it follows.
  UsageLease lease;
  auto operator<=>(const UsageKey&) const = default;
};

struct UsageAmount {
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t sent_packets = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t leased_seconds = 0;

  UsageAmount& operator+=(const UsageAmount& more) {
    sent_bytes += more.sent_bytes;
    received_bytes += more.received_bytes;
    sent_packets += more.sent_packets;
    received_packets += more.received_packets;
    leased_seconds += more.leased_seconds;
    return *this;
  }
  bool operator==(const UsageAmount&) const = default;
};

/// A part of the account, oldest first.
using UsageRows = std::map<UsageKey, UsageAmount>;

/// What a row of a report is about.
enum class UsageBy : std::uint8_t { kDay, kGateway, kLease };

/// The part of a key that such a row has.
inline UsageKey grouped(UsageKey key, UsageBy by) {
  if (by != UsageBy::kLease) key.lease = {key.lease.gateway, "", 0};
  if (by == UsageBy::kDay) key.lease.gateway.clear();
  return key;
}

/// What a report is wanted of.
struct UsageQuery {
  std::string first;    ///< Day.
  std::string last;     ///< Day, included.
  std::string gateway;  ///< Empty: all.
  UsageBy by = UsageBy::kDay;
};

}  // namespace rsip::agent
