#pragma once

#include <optional>
#include <random>
#include <vector>

#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/remote_scope.h"
#include "common/base/spi_range.h"
#include "common/base/time.h"
#include "common/rsip/registry.h"

namespace rsip::agent {

/// One binding that the gateway granted, and when to do something about it.
struct Lease {
  BindId bind;
  Ipv4Address local;             ///< The leased public address.
  std::vector<PortRange> ports;  ///< Sorted; empty for RSA-IP: all ports of the address.
  std::vector<SpiRange> spis{};  ///< RSIPSEC (RFC 3104): sorted; then empty ports are no ports.
  RemoteScope remote{};          ///< Where it may be used.
  msg::TunnelType tunnel = msg::TunnelType::kIpIp;
  Ipv4Address endpoint{};         ///< Of the tunnel; the gateway's own if it names none.
  bool listening = false;         ///< Leased by LISTEN.
  std::uint16_t server_port = 0;  ///< Of the server that listens; 0: the leased port itself.
  bool retiring = false;          ///< About to be given back.
  Duration granted{};             ///< Life last granted.
  TimePoint expires_at{};         ///< Counted from when the request left (RFC 3103 section 9.11).
  TimePoint renew_at{};           ///< When to ask for an extension next.
  bool operator==(const Lease&) const = default;
};

/// The leases of one gateway and their renewal times: half of life with jitter, then 75 %, 87.5 %,
/// and so on halving what is left, never closer together than kRenewalSpacing.
class LeaseBook {
 public:
  static constexpr Duration kRenewalSpacing = std::chrono::seconds(2);

  explicit LeaseBook(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] const std::vector<Lease>& all() const { return leases_; }
  [[nodiscard]] const Lease* find(BindId bind) const;
  /// Without those that go with SPIs.
  [[nodiscard]] std::size_t ports_leased() const;
  /// How many are there for neither a server of this host nor IPsec.
  [[nodiscard]] std::size_t outgoing_count() const;

  /// Enters a lease; its times are filled in.
  void add(Lease lease, Duration life, TimePoint requested_at);
  /// A new life for a lease, counted from requested_at. False if there is no such bind.
  bool extend(BindId bind, Duration life, TimePoint requested_at);
  /// An extension was asked for and not granted yet: sets the time of the next try.
  void renewal_tried(BindId bind, TimePoint now);
  /// Every lease is to be renewed at once, because the gateway may have forgotten them.
  void verify_all(TimePoint now);
  /// The same for one of them. False if there is no such bind.
  bool verify(BindId bind, TimePoint now) { return postpone(bind, now); }
  /// No renewal before then. False if there is no such bind.
  bool postpone(BindId bind, TimePoint until);
  /// Whether it is about to be given back. False if there is no such bind.
  bool set_retiring(BindId bind, bool retiring);
  std::optional<Lease> remove(BindId bind);
  /// Takes out the leases whose time is up.
  std::vector<Lease> expire(TimePoint now);
  std::vector<Lease> clear();

  /// The lease whose renewal is due longest, if any.
  [[nodiscard]] const Lease* due_for_renewal(TimePoint now) const;
  /// Earliest expiry.
  [[nodiscard]] std::optional<TimePoint> next_expiry() const;
  /// Earliest renewal.
  [[nodiscard]] std::optional<TimePoint> next_renewal() const;

 private:
  Lease* find_mutable(BindId bind);
  void set_life(Lease& lease, Duration life, TimePoint requested_at);

  std::vector<Lease> leases_;
  std::mt19937_64 random_;
};

}  // namespace rsip::agent
