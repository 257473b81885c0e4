#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "agent/control/backoff.h"
#include "agent/control/lease_book.h"
#include "agent/control/request_tracker.h"
#include "common/base/remote_scope.h"
#include "common/base/result.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

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
/// Addresses of this host itself, which no gateway may lease to it.
struct OwnAddresses {
  std::vector<Ipv4Address> addresses;
};
struct Tick {};  ///< next_deadline() has come.
struct Stop {};  ///< Give everything back and finish.
using SessionEvent =
    std::variant<LinkUp, LinkDown, NetworkBack, Received, PortsWanted, LeasesIdle, ListenWanted,
                 ListenUnwanted, QueryWanted, RenewWanted, OwnAddresses, Tick, Stop>;

// What a session wants done, in order.
struct OpenLink {};
struct CloseLink {};
struct Send {
  msg::Message message;
};
/// The bytes sent last once more, unchanged (section 10.1).
struct SendAgain {};
/// The gateway speaks RSIP over TCP alone: the next OpenLink is for that (error 102).
struct UseTcp {};
struct LeasesChanged {
};  ///< Read leases(), may_grow(), suspended(), refused(): the host must match.
/// What the gateway said about where things are. Also the answer to a QueryWanted.
struct LocalityKnown {
  msg::QueryResponse answer;
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
  const char* reason = "";  ///< "expired", "freed_by_gateway", "gateway_lost_state", ...
};
struct Registered {
  msg::RegisterResponse response;
};
struct Problem {
  Error error;
  bool fatal_for_start = true;  ///< Nothing was leased because of it.
};
struct Finished {};
using SessionAction = std::variant<OpenLink, CloseLink, Send, SendAgain, UseTcp, LeasesChanged,
                                   LocalityKnown, ListenFailed, LeaseGranted, LeaseExtended,
                                   LeaseLost, Registered, Problem, Finished>;

enum class SessionState : std::uint8_t {
  kUnregistered,
  kConnecting,
  kRegistering,
  kRegistered,
  kAssigning,
  kAssigned,
  kStopping,
};
const char* to_string(SessionState state);

/// The host's side of RSIP with one gateway: RFC 3103 sections 6, 9, 10.2 and appendix D.
///
/// No I/O: events and the time go in, actions come out. One request is outstanding at a time; when
/// none is, the next one follows from the difference between what is wanted and what is there.
class Session {
 public:
  Session(SessionSettings settings, std::uint64_t seed);

  /// Asks for the link. Called once.
  std::vector<SessionAction> start(TimePoint now);
  std::vector<SessionAction> on(const SessionEvent& event, TimePoint now);

  /// When Tick is due at the latest; TimePoint::max() if nothing is scheduled.
  [[nodiscard]] TimePoint next_deadline() const;
  [[nodiscard]] SessionState state() const;
  [[nodiscard]] const std::vector<Lease>& leases() const { return book_.all(); }
  [[nodiscard]] std::optional<ClientId> client() const { return client_; }
  [[nodiscard]] const std::optional<msg::FlowPolicy>& policy() const { return policy_; }
  /// Another lease may be asked for.
  [[nodiscard]] bool may_grow() const;
  /// The leases are being asked for again after a loss of synchronisation or a cut; there is hope
  /// that they come back as they were.
  [[nodiscard]] bool suspended() const { return false; }
  /// Remotes that the gateway refused lately (errors 314 and 315).
  [[nodiscard]] std::vector<RemoteScope> refused() const { return {}; }

 private:
  enum class Link : std::uint8_t { kDown, kOpening, kUp };

  /// A block to lease: with nothing set, any address and ports will do.
  struct Wanted {
    std::optional<Ipv4Address> local;
    std::vector<PortRange> ports;  ///< Suggested (RFC 3103 section 10.5); empty: don't care.
    bool growth = false;           ///< Further ports for an address that is leased already.
    std::uint8_t count = 0;        ///< Ports to ask for when none are suggested.
  };
  /// What an ASSIGN response grants, whatever the method.
  struct Grant {
    BindId bind;
    std::optional<Ipv4Address> local;
    std::vector<PortRange> ports;
    Duration life;
    msg::TunnelType tunnel;
    const std::optional<msg::Address>& endpoint;
  };
  using Request = RequestTracker::Request;

  // session.cpp: events and what follows from time passing.
  void handle(const LinkUp&, TimePoint now);
  void handle(const LinkDown& event, TimePoint now);
  void handle(const NetworkBack&, TimePoint now);
  void handle(const Received& event, TimePoint now);
  void handle(const PortsWanted&, TimePoint now);
  void handle(const LeasesIdle&, TimePoint) {}
  void handle(const ListenWanted&, TimePoint) {}
  void handle(const ListenUnwanted&, TimePoint) {}
  void handle(const QueryWanted&, TimePoint) {}
  void handle(const RenewWanted&, TimePoint) {}
  void handle(const OwnAddresses&, TimePoint) {}
  void handle(const Tick&, TimePoint now);
  void handle(const Stop&, TimePoint now);
  void expire(TimePoint now);
  void open_link();
  void link_failed(const Error& reason, TimePoint now);
  void drop_all_leases(const char* reason);
  void lose(const Lease& lease, const char* reason);
  void want_again(const Lease& lost);
  void want_something();
  [[nodiscard]] Wanted any_block() const;
  void resynchronise(const char* reason, TimePoint now);
  void pause_growth(TimePoint now);
  void finish();
  void act(SessionAction action) { actions_.push_back(std::move(action)); }

  // session_answers.cpp: what the gateway says.
  void receive(const msg::RegisterResponse& message, TimePoint now);
  void receive(const msg::DeRegisterResponse& message, TimePoint now);
  void receive(const msg::AssignResponseRsapIp& message, TimePoint now);
  void receive(const msg::AssignResponseRsaIp& message, TimePoint now);
  void receive(const msg::ExtendResponse& message, TimePoint now);
  void receive(const msg::FreeResponse& message, TimePoint now);
  void receive(const msg::ErrorResponse& message, TimePoint now);
  template <class Other>
  void receive(const Other&, TimePoint) {}  ///< Not for hosts, or not asked for: discarded.
  /// Static text saying why this host cannot work on the gateway's terms; nullptr if it can.
  [[nodiscard]] const char* obstacle(const msg::RegisterResponse& message) const;
  /// Takes in a granted block after checking it, or queues it to be freed (RFC 3103 section 9.7).
  void accept(Grant grant, const Request& request, TimePoint now);
  /// Static text saying what is wrong with a grant; nullptr if nothing is.
  [[nodiscard]] const char* objection(const Grant& grant) const;
  [[nodiscard]] bool overlaps_a_lease(const std::vector<PortRange>& ports) const;
  void notice(const msg::ErrorResponse& error, TimePoint now);
  void refused(const Request& request, const msg::ErrorResponse& error, TimePoint now);
  void register_refused(const msg::ErrorResponse& error, TimePoint now);
  void assign_refused(const msg::ErrorResponse& error, TimePoint now);
  void bind_refused(const Request& request, const msg::ErrorResponse& error);
  /// The answer at hand got us somewhere: no pause after it.
  void step() { stepped_ = true; }
  /// It got us what we are here for.
  void succeed();

  // session_requests.cpp: the choice of the next request.
  void proceed(TimePoint now);
  void proceed_to_stop(TimePoint now);
  void proceed_to_register(TimePoint now);
  void proceed_as_registered(TimePoint now);
  void request(msg::Message message, TimePoint now, BindId bind = {});
  [[nodiscard]] msg::Message assign_request(const Wanted& wanted) const;
  [[nodiscard]] TimePoint assign_at() const;
  /// When proceed() has something to send, judged by what is wanted and held now.
  [[nodiscard]] TimePoint next_request() const;

  SessionSettings settings_;
  LeaseBook book_;
  RequestTracker tracker_;
  std::vector<SessionAction> actions_;

  Link link_ = Link::kDown;
  std::optional<ClientId> client_;
  std::optional<ClientId> stale_client_;  ///< To de-register before registering (section 10.2).
  std::optional<msg::FlowPolicy> policy_;
  TimePoint registered_until_ = TimePoint::max();
  bool unusable_ = false;  ///< We cannot work on the terms of this registration.

  std::deque<Wanted> wanted_;
  std::vector<BindId> to_free_;

  Backoff reconnect_;
  Backoff pace_;    ///< After answers that got us nowhere: no request at all.
  Backoff assign_;  ///< After refused assignments: none of these.
  TimePoint register_not_before_ = TimePoint::min();
  std::optional<TimePoint> grow_again_at_;  ///< Growth pauses until then.
  TimePoint next_notice_at_ = TimePoint::min();
  bool stepped_ = false;

  TimePoint stop_by_ = TimePoint::max();
  bool stopping_ = false;
  bool finished_ = false;
};

}  // namespace rsip::agent
