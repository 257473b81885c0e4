#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "agent/ipsec/ike_connection.h"
#include "agent/platform/kernel_sas.h"
#include "common/base/ids.h"
#include "common/base/ipv4.h"
#include "common/base/port_range.h"
#include "common/base/result.h"
#include "common/base/spi_range.h"
#include "common/base/time.h"

namespace rsip::agent {

struct CoordinatorSettings {
  std::string vici_socket;  ///< Of charon (strongSwan).
  /// Of the daemon's configuration, written by the agent: spi_min and spi_max, and port and
  /// port_nat_t unless ike_on_500. Empty: none is written.
  std::string fragment;
  std::vector<IkeConnection> connections;  ///< For charon to load, beside the user's own.
  bool ike_on_500 = false;                 ///< IKE keeps to ports 500 and 4500.
  std::uint16_t spare = 2;                 ///< Leased SPIs to keep free beyond those in use.
  Duration idle{};  ///< Leases beyond the first whose SPIs rest so long go back.
};

/// A lease as far as IPsec is concerned.
struct SpiLease {
  BindId bind;
  Ipv4Address local;
  std::vector<SpiRange> spis;
  std::vector<PortRange> ports;  ///< Leased with them; the first two are IKE's.
  bool operator==(const SpiLease&) const = default;
};

/// Told by the coordinator, from the event loop.
struct CoordinatorEvents {
  /// More SPIs are needed: any, or exactly one. Answered by use() or by refused().
  std::function<void(std::uint16_t count, std::optional<std::uint32_t> exactly,
                     std::optional<Ipv4Address> peer)>
      spis_wanted;
  /// No security association uses any SPI of these leases any more.
  std::function<void(std::vector<BindId>)> spis_unwanted;
  /// A held IKE message can go, or must not (Datapath::release()).
  std::function<void(std::uint64_t hold, bool send)> release;
  /// report() has changed.
  std::function<void()> changed;
};

enum class CharonState : std::uint8_t {
  kAbsent,    ///< Nobody listens on the socket.
  kRefused,   ///< The agent may not talk to it.
  kTroubled,  ///< It talks nonsense, or not at all.
  kInStep,    ///< Has free SPIs to take next.
  kNoSpi,     ///< In reach, but no SPI is free for it.
};
const char* to_string(CharonState state);

/// A security association held against the leases.
struct SaReport {
  KernelSa sa;
  bool inbound = false;                 ///< Its destination is a leased address.
  std::optional<BindId> bind;           ///< Of the lease that has its SPI; inbound only.
  std::string connection;               ///< By charon's list-sas; empty: not one of charon's.
  std::optional<std::string> fault{};   ///< "its SPI is not leased": nothing can come in.
  std::optional<std::string> remedy{};  ///< What to do about it.
  bool operator==(const SaReport&) const = default;
};

struct SpiReport {
  std::uint32_t spi = 0;
  BindId bind;
  enum class Use : std::uint8_t { kFree, kOffered, kInUse, kResting } use = Use::kFree;
  bool operator==(const SpiReport&) const = default;
};

struct IpsecReport {
  CharonState charon = CharonState::kAbsent;
  std::string charon_version;  ///< "5.9.8"; empty: unknown.
  std::optional<Error> problem;
  std::vector<SpiReport> spis;
  std::vector<SaReport> sas;
  bool operator==(const IpsecReport&) const = default;
};

/// Keeps the IKE daemons of this host in step with the SPIs that are leased (RFC 3104 section 5).
///
/// strongSwan is told free SPIs before it needs them, through VICI: spi_min and spi_max of a run of
/// them, `reload-settings`; it moves on with each that is taken. Whatever daemon there is, an IKE
/// message that announces an SPI is held until that SPI is leased. What is in use is read from the
/// kernel, never guessed.
///
/// thread   everything on the event loop's thread
class Coordinator {
 public:
  virtual ~Coordinator() = default;

  virtual void start() = 0;
  /// These are the leases now. Associations with SPIs that are lost are terminated.
  virtual void use(std::vector<SpiLease> leases) = 0;
  /// What spis_wanted asked for cannot be had.
  virtual void refused(std::optional<std::uint32_t> exactly, const Error& error) = 0;
  /// The data path holds an IKE message between these.
  virtual void ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) = 0;
  /// The leases are about to be given back: tells peers that their associations end, removes what
  /// it wrote, and calls back, after two seconds at most.
  virtual void stop(std::function<void()> stopped) = 0;

  [[nodiscard]] virtual IpsecReport report() const = 0;
};

/// kernel and io must outlive it.
std::unique_ptr<Coordinator> make_coordinator(boost::asio::io_context& io,
                                              CoordinatorSettings settings, KernelSas& kernel,
                                              std::function<TimePoint()> now,
                                              CoordinatorEvents events);

}  // namespace rsip::agent
