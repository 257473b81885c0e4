#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "agent/control/lease_book.h"
#include "common/base/remote_scope.h"
#include "common/base/result.h"
#include "common/rsip/messages.h"

/// What goes into a session and what comes out of it.
namespace rsip::agent {

/// What this host wants for IPsec (RFC 3104), by ASSIGN_REQUEST_RSIPSEC.
struct IpsecWish {
  std::uint16_t spis = 0;       ///< From the start, in one lease; 0: no IPsec.
  std::uint16_t max_spis = 64;  ///< Growth stops here.
  /// Ports leased with the first of them, a power of two, for IKE and for transport mode; 0: "don't
  /// need".
  std::uint8_t ports = 16;
  std::optional<std::uint16_t> first_port;  ///< Suggested: where an IKE daemon listens already.
  /// Peers, for gateways whose remote flow policy wants them named; others are not told.
  std::vector<Ipv4Address> peers;
};

/// What this host wants from one gateway.
struct SessionSettings {
  Ipv4Address gateway;                        ///< Tunnel endpoint unless told otherwise.
  msg::Method method = msg::Method::kRsapIp;  ///< kRsapIp or kRsaIp.
  std::uint8_t block_ports = 32;              ///< Ports of one leased block, 1..255.
  std::uint32_t max_ports = 1024;             ///< Growth stops here.
  msg::LeaseTime lease{1800};                 ///< What is asked for; the gateway decides.
  std::uint32_t addresses = 1;                ///< How many of them, with kRsaIp.
  /// Tunnels that this host can use, the one it likes best first; one of them is chosen from what
  /// the gateway offers.
  std::vector<msg::TunnelType> tunnels{msg::TunnelType::kIpIp};
  /// First of the seven waits for an answer over UDP, each twice the one before (RFC 3103 section
  /// 5); zero over TCP, which is reliable.
  Duration first_wait{};
  IpsecWish ipsec{};
};

/// A port that a server on this host wants to be reached at.
struct ListenWish {
  std::uint16_t server_port = 0;             ///< Where the server listens, 1..65535.
  std::optional<std::uint16_t> public_port;  ///< Wanted of the gateway; nothing: the server's.
  bool any_public_port = false;              ///< Whatever port there is.
  RemoteScope remote;                        ///< From where alone, as the flow policy wants it.
  bool operator==(const ListenWish&) const = default;
};

// What can happen to a session.
struct LinkUp {};
struct LinkDown {
  Error reason;
};
struct Received {
  msg::Message message;
};
struct NetworkBack {};  ///< There is a new way to the gateway: waiting to reconnect is over.
/// The data path has packets waiting for a lease.
struct PortsWanted {
  std::vector<RemoteScope> remotes;  ///< Each as far as the flow policy wants it named.
};
/// Leases that no flow uses. The data path was told that they retire before it says so.
struct LeasesIdle {
  std::vector<BindId> retiring;  ///< No flow can begin on them any more: they can be freed.
  std::vector<BindId> idle;      ///< Unused for long enough to give them back.
};
/// More SPIs are needed, of the address that has some already. Answered by LeasesChanged or
/// SpisRefused.
struct SpisWanted {
  std::uint16_t count = 1;
  std::optional<std::uint32_t> exactly;  ///< This one and no other; count is 1 then.
  std::optional<Ipv4Address> local;      ///< Of the address; nothing: the one with SPIs already.
  std::optional<Ipv4Address> peer;       ///< For whom, if it is known.
};
/// Leases of SPIs that no security association uses: give them back.
struct SpisUnwanted {
  std::vector<BindId> binds;
};
/// A server on this host wants to be reached: lease this by LISTEN and keep it (section 9.16).
struct ListenWanted {
  ListenWish wish;
};
struct ListenUnwanted {
  std::uint16_t server_port = 0;  ///< Of the wish.
};
/// Where are these? Nothing named: all that the gateway will tell (section 9.14).
struct QueryWanted {
  std::vector<Ipv4Address> addresses;
  std::vector<Ipv4Prefix> networks;
};
/// Ask for new lives of these leases now.
struct RenewWanted {
  std::vector<BindId> binds;  ///< Empty: all.
};
/// Somebody gives these up: out of use, freed, and not asked for again.
struct ReleaseWanted {
  std::vector<BindId> binds;
};
/// Somebody wants this one kept: it retires no more.
struct HoldWanted {
  BindId bind;
};
/// Addresses that mean this host already, which no gateway may lease to it.
struct OwnAddresses {
  std::vector<Ipv4Address> addresses;
};
/// The way to a tunnel endpoint reports that it cannot be reached (ICMP): a hint to look whether
/// the gateway still knows us (section 10.2.2).
struct TunnelUnreachable {};
struct Tick {};  ///< next_deadline() has come.
struct Stop {};  ///< Give everything back and finish.
using SessionEvent =
    std::variant<LinkUp, LinkDown, NetworkBack, Received, PortsWanted, LeasesIdle, SpisWanted,
                 SpisUnwanted, ListenWanted, ListenUnwanted, QueryWanted, RenewWanted,
                 ReleaseWanted, HoldWanted, OwnAddresses, TunnelUnreachable, Tick, Stop>;

// What a session wants done, in order.
struct OpenLink {};
struct CloseLink {};
struct Send {
  msg::Message message;
};
/// The bytes sent last once more, unchanged (section 10.1).
struct SendAgain {};
/// The gateway speaks RSIP over TCP alone (error 102): close the link, the OpenLink that follows is
/// for one over TCP.
struct UseTcp {};
/// Read leases(), listens(), may_grow(), suspended(), refused(), policy(): the host must match. At
/// most one per event, before what is sent because of it.
struct LeasesChanged {};
/// What the gateway said about where things are. Also the answer to a QueryWanted.
struct LocalityKnown {
  msg::QueryResponse answer;      ///< Empty for a QueryWanted that this gateway cannot answer.
  bool asked_everything = false;  ///< It answers the question for all: what is known is replaced.
  QueryWanted asked;  ///< What it answers, several questions perhaps. Neither: whatever is open.
};
/// What SpisWanted asked for cannot be had now.
struct SpisRefused {
  SpisWanted wanted;
  Error error;
};
/// A wish to be reachable failed for good or for now.
struct ListenFailed {
  ListenWish wish;
  Error error;
};
struct LeaseGranted {
  Lease lease;
};
struct LeaseExtended {
  Lease lease;
};
struct LeaseLost {
  Lease lease;
  /// "expired", "idle", "unwanted", "released", "stopped", "freed_by_gateway",
  /// "deregistered_by_gateway", "gateway_lost_state" or "gateway_lost_bind".
  const char* reason = "";
};
struct Registered {
  msg::RegisterResponse response;
};
struct Problem {
  Error error;
  bool fatal_for_start = true;      ///< Nothing was leased because of it.
  std::optional<BindId> renewal{};  ///< The lease that was not extended because of it.
};
struct Finished {};
using SessionAction = std::variant<OpenLink, CloseLink, Send, SendAgain, UseTcp, LeasesChanged,
                                   LocalityKnown, SpisRefused, ListenFailed, LeaseGranted,
                                   LeaseExtended, LeaseLost, Registered, Problem, Finished>;

}  // namespace rsip::agent
