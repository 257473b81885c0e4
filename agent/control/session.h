#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <variant>
#include <vector>

#include "agent/control/lease_book.h"
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
};

// What can happen to a session.
struct LinkUp {};
struct LinkDown {
  Error reason;
};
struct Received {
  msg::Message message;
};
struct PortsWanted {};  ///< The data path has packets waiting for a port.
struct Tick {};         ///< next_deadline() has come.
struct Stop {};         ///< Give everything back and finish.
using SessionEvent = std::variant<LinkUp, LinkDown, Received, PortsWanted, Tick, Stop>;

// What a session wants done, in order.
struct OpenLink {};
struct CloseLink {};
struct Send {
  msg::Message message;
};
struct LeasesChanged {};  ///< Read leases() and may_grow() and make the host match.
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
using SessionAction = std::variant<OpenLink, CloseLink, Send, LeasesChanged, LeaseGranted,
                                   LeaseExtended, LeaseLost, Registered, Problem, Finished>;

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
  /// Another block of ports may be asked for.
  [[nodiscard]] bool may_grow() const;

 private:
  enum class Link : std::uint8_t { kDown, kOpening, kUp };

  /// A block to lease: with nothing set, any address and ports will do.
  struct Wanted {
    std::optional<Ipv4Address> local;
    std::vector<PortRange> ports;  ///< Suggested (RFC 3103 section 10.5); empty: don't care.
    bool growth = false;           ///< Further ports for an address that is leased already.
    std::uint8_t count = 0;        ///< Ports to ask for when none are suggested.
  };

  struct Outstanding {
    msg::MessageType type;
    TimePoint sent_at;
    BindId bind;  ///< Of EXTEND and FREE.
  };

  void handle(const LinkUp&, TimePoint now);
  void handle(const LinkDown& event, TimePoint now);
  void handle(const Received& event, TimePoint now);
  void handle(const PortsWanted&, TimePoint now);
  void handle(const Tick&, TimePoint now);
  void handle(const Stop&, TimePoint now);

  void receive(const msg::RegisterResponse& message, TimePoint now);
  void receive(const msg::DeRegisterResponse& message, TimePoint now);
  void receive(const msg::AssignResponseRsapIp& message, TimePoint now);
  void receive(const msg::AssignResponseRsaIp& message, TimePoint now);
  void receive(const msg::ExtendResponse& message, TimePoint now);
  void receive(const msg::FreeResponse& message, TimePoint now);
  void receive(const msg::ErrorResponse& message, TimePoint now);
  template <class Other>
  void receive(const Other&, TimePoint) {}  ///< Not for hosts, or not asked for: discarded.

  void refused(const Outstanding& request, const msg::ErrorResponse& error, TimePoint now);
  void register_refused(const msg::ErrorResponse& error, TimePoint now);
  void assign_refused(const msg::ErrorResponse& error, TimePoint now);
  void bind_refused(const Outstanding& request, const msg::ErrorResponse& error, TimePoint now);

  /// What an ASSIGN response grants, whatever the method.
  struct Grant {
    BindId bind;
    std::optional<Ipv4Address> local;
    std::vector<PortRange> ports;
    Duration life;
    msg::TunnelType tunnel;
    const std::optional<msg::Address>& endpoint;
  };
  /// Takes in a granted block after checking it, or queues it to be freed (RFC 3103 section 9.7).
  void accept(Grant grant, const Outstanding& request, TimePoint now);
  /// Static text saying what is wrong with a grant; nullptr if nothing is.
  [[nodiscard]] const char* objection(const Grant& grant) const;

  void resynchronise(const char* reason, TimePoint now);
  void drop_all_leases(const char* reason);
  void lose(const Lease& lease, const char* reason);
  void expire(TimePoint now);
  void want_again(const Lease& lost);
  void want_something();
  [[nodiscard]] Wanted any_block() const;
  void retry_later(TimePoint now);
  /// Lets the first re-synchronisation in a row go on at once and slows down the next ones.
  void pace_resynchronisation(TimePoint now);

  /// Sends the next request if the link is free for one.
  void proceed(TimePoint now);
  void proceed_to_stop(TimePoint now);
  void proceed_to_register(TimePoint now);
  void proceed_as_registered(TimePoint now);
  void request(msg::Message message, TimePoint now, BindId bind = {});
  [[nodiscard]] msg::Message assign_request(const Wanted& wanted) const;
  /// The request that a response answers, which is then no longer outstanding.
  std::optional<Outstanding> take_answered(const msg::Trailer& trailer, msg::MessageType response);
  [[nodiscard]] bool is_unsolicited(const msg::Trailer& trailer) const;
  void link_failed(const Error& reason, TimePoint now);
  void open_link();
  void finish();
  void act(SessionAction action) { actions_.push_back(std::move(action)); }

  SessionSettings settings_;
  LeaseBook book_;
  std::mt19937_64 random_;
  std::vector<SessionAction> actions_;

  Link link_ = Link::kDown;
  std::optional<Outstanding> outstanding_;
  std::uint32_t counter_ = 0;  ///< Of the last request (RFC 3103 section 10.1).
  bool gateway_echoes_counter_ = false;

  std::optional<ClientId> client_;
  std::optional<ClientId> stale_client_;  ///< To de-register before registering (section 10.2).
  std::optional<msg::FlowPolicy> policy_;
  TimePoint registered_until_ = TimePoint::max();

  std::deque<Wanted> wanted_;
  std::vector<BindId> to_free_;
  bool growth_refused_ = false;

  TimePoint retry_at_ = TimePoint::min();  ///< No connection or request of our own before.
  TimePoint grow_again_at_ = TimePoint::min();
  TimePoint stop_by_ = TimePoint::max();
  int failures_ = 0;  ///< In a row, for the back-off.
  bool stopping_ = false;
  bool finished_ = false;
};

}  // namespace rsip::agent
