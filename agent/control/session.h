#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/control/backoff.h"
#include "agent/control/demand.h"
#include "agent/control/grant.h"
#include "agent/control/lease_book.h"
#include "agent/control/listens.h"
#include "agent/control/offer.h"
#include "agent/control/queries.h"
#include "agent/control/refused_remotes.h"
#include "agent/control/request_tracker.h"
#include "agent/control/session_types.h"
#include "agent/control/spi_needs.h"
#include "common/rsip/messages.h"

namespace rsip::agent {

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

/// The host's side of RSIP with one gateway: RFC 3103 sections 5 to 10 and appendix D.
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
  /// Wishes to be reachable that are fulfilled now: each by a lease with its server port or, with
  /// RSA-IP, by the leased address, of which every port is ours (RFC 3103 section 9.16).
  [[nodiscard]] const std::vector<ListenWish>& listens() const { return fulfilled_; }
  [[nodiscard]] std::optional<ClientId> client() const { return client_; }
  /// Of this registration, or of the last one if synchronisation was lost.
  [[nodiscard]] const std::optional<msg::FlowPolicy>& policy() const { return offer_.policy(); }
  /// Another lease may be asked for.
  [[nodiscard]] bool may_grow() const;
  /// Leases are being asked for again after a loss of synchronisation; there is hope that they come
  /// back as they were.
  [[nodiscard]] bool suspended() const { return suspended_until_.has_value(); }
  /// Remotes that the gateway refused lately (errors 314 and 315).
  [[nodiscard]] std::vector<RemoteScope> refused() const { return refused_.all(); }
  /// When the registration ends by itself: the latest end of all that was granted (section 6).
  [[nodiscard]] TimePoint registered_until() const { return registered_until_; }

 private:
  enum class Link : std::uint8_t { kDown, kOpening, kUp };
  using Request = RequestTracker::Request;

  // session.cpp: the link, the registration, and what follows from time passing.
  void handle(const LinkUp&, TimePoint now);
  void handle(const LinkDown& event, TimePoint now);
  void handle(const NetworkBack&, TimePoint now);
  void handle(const Received& event, TimePoint now);
  void handle(const Tick&, TimePoint now);
  void handle(const Stop&, TimePoint now);
  void pass_time(TimePoint now);
  void look_after_request(TimePoint now);
  void open_link();
  void link_failed(const Error& reason, TimePoint now);
  void settle(TimePoint now);
  void tell_changes();
  void finish();
  void act(SessionAction action) { actions_.push_back(std::move(action)); }
  void report(Error error) { act(Problem{std::move(error), book_.all().empty()}); }

  // session_leases.cpp: what is held, wanted, and lost.
  enum class Loss : std::uint8_t {
    kRevoked,    ///< By the gateway, on purpose.
    kGivenBack,  ///< By ourselves.
    kForgotten,  ///< By the gateway, without purpose: wanted again, and as it was.
    kOver,       ///< Its time is: wanted again.
  };
  void lose(const Lease& lease, const char* reason, Loss loss);
  void lose_all(const char* reason, Loss loss);
  void give_back(BindId bind, const char* reason);
  void want_again(const Lease& lost, bool forgotten);
  void want_base();
  void suspend(TimePoint now);
  [[nodiscard]] Wanted any_block() const;
  [[nodiscard]] std::size_t room() const;
  [[nodiscard]] std::size_t base_target() const;
  void pause_growth(TimePoint now);
  void resynchronise(bool registered_there, TimePoint now);
  void end_registration(const char* reason, Loss loss);
  void update_listens();

  // session_events.cpp: what this host wants.
  void handle(const PortsWanted& event, TimePoint now);
  void handle(const LeasesIdle& event, TimePoint now);
  void handle(const ListenWanted& event, TimePoint now);
  void handle(const ListenUnwanted& event, TimePoint now);
  void handle(const QueryWanted& event, TimePoint now);
  void handle(const RenewWanted& event, TimePoint now);
  void handle(const ReleaseWanted& event, TimePoint now);
  void handle(const HoldWanted& event, TimePoint now);
  void handle(const OwnAddresses& event, TimePoint now);
  void handle(const TunnelUnreachable&, TimePoint now);
  void want_growth();
  void want_remote(const RemoteScope& remote);
  void retire(const std::vector<BindId>& idle);
  bool unretire(const RemoteScope& scope);
  void end_listen(std::uint16_t server_port);
  void fail_listen(std::uint16_t server_port, Error error, TimePoint now);
  void drop_hopeless_listens();
  void verify_one(std::optional<BindId> bind, TimePoint now);

  // session_answers.cpp: what the gateway says.
  void receive(const msg::RegisterResponse& message, TimePoint now);
  void receive(const msg::DeRegisterResponse& message, TimePoint now);
  void receive(const msg::AssignResponseRsapIp& message, TimePoint now);
  void receive(const msg::AssignResponseRsaIp& message, TimePoint now);
  void receive(const msg::ListenResponse& message, TimePoint now);
  void receive(const msg::ExtendResponse& message, TimePoint now);
  void receive(const msg::FreeResponse& message, TimePoint now);
  void receive(const msg::QueryResponse& message, TimePoint now);
  void receive(const msg::ErrorResponse& message, TimePoint now);
  template <class Other>
  void receive(const Other&, TimePoint) {}  ///< Not for hosts, or not asked for: discarded.
  void registered_for(Duration life, TimePoint from);
  void accept_block(const Grant& grant, const Request& request, TimePoint now);
  /// The wish that the LISTEN_REQUEST at hand is for; nullptr if it is another one by now.
  [[nodiscard]] Listens::Item* asked_item();
  void accept_listen(const Grant& grant, const Request& request, TimePoint now);
  [[nodiscard]] GrantTerms terms_of(const std::optional<Ipv4Address>& local) const;
  const Lease& take_in(Lease lease, const Grant& grant, const Request& request);
  void refuse_grant(const Grant& grant);
  /// The answer at hand got us somewhere: no pause after it.
  void step() { stepped_ = true; }

  // session_errors.cpp: what the gateway refuses (RFC 3103 appendix A).
  void notice(const msg::ErrorResponse& error, TimePoint now);
  void tell_sometimes(const msg::ErrorResponse& error, TimePoint now);
  void refused(const Request& request, const msg::ErrorResponse& error, TimePoint now);
  bool try_other_form(msg::ErrorCode code);
  bool refused_for_all(const Request& request, const msg::ErrorResponse& error, TimePoint now);
  void register_refused(const msg::ErrorResponse& error, TimePoint now);
  void assign_refused(const msg::ErrorResponse& error, msg::MessageType type, TimePoint now);
  void refuse_remote(const msg::ErrorResponse& error, TimePoint now);
  bool try_other_terms(const msg::ErrorResponse& error);
  bool try_other_block(msg::ErrorCode code);
  void give_up_block(const msg::ErrorResponse& error, TimePoint now);
  void listen_refused(const msg::ErrorResponse& error, TimePoint now);
  void query_refused(const msg::ErrorResponse& error, TimePoint now);
  void extend_refused(const Request& request, const msg::ErrorResponse& error, TimePoint now);
  void free_refused(const Request& request, TimePoint now);

  // session_ipsec.cpp: leases of SPIs (RFC 3104).
  void handle(const SpisWanted& event, TimePoint now);
  void handle(const SpisUnwanted& event, TimePoint now);
  void receive(const msg::AssignResponseRsipsec& message, TimePoint now);
  [[nodiscard]] bool wants_ipsec() const;
  /// What a lease for this peer has to name.
  [[nodiscard]] RemoteScope spi_scope(const std::optional<Ipv4Address>& peer) const;
  void want_spis();
  void want_spis_for(const std::optional<Ipv4Address>& peer);
  void want_ports(SpiNeed& need) const;
  [[nodiscard]] bool has_spis_for(const std::optional<Ipv4Address>& peer) const;
  void want_spis_again(const Lease& lost, bool forgotten);
  /// Why there is no point in asking; nothing: there is.
  [[nodiscard]] std::optional<Error> objection_to(const SpisWanted& wanted) const;
  /// SPIs that may be leased further.
  [[nodiscard]] std::size_t spi_room() const;
  [[nodiscard]] bool is_leased_exactly(const SpisWanted& event) const;
  void drop_fulfilled_growth();
  [[nodiscard]] SpiNeed growth_for(const SpisWanted& event) const;
  [[nodiscard]] TimePoint spis_at() const;
  [[nodiscard]] bool is_leased(Ipv4Address local) const;
  [[nodiscard]] SpiNeed fitted(SpiNeed need) const;
  void request_spis(TimePoint now);
  void accept_spis(const Grant& grant, const Request& request, TimePoint now);
  void give_up_spis(SpiNeed& need, const Error& error, TimePoint now);
  void spis_refused(const msg::ErrorResponse& error, TimePoint now);
  bool try_other_spis(SpiNeed& need, msg::ErrorCode code, TimePoint now);
  void refuse_spi_growth(const Error& why);
  void end_ipsec(Error why);
  void spis_interrupted(const Error& reason, TimePoint now);
  void renew_spi_needs();
  void fit_spi_needs();

  // session_requests.cpp: the choice of the next request.
  void proceed(TimePoint now);
  void proceed_to_stop(TimePoint now);
  void proceed_to_register(TimePoint now);
  void proceed_as_registered(TimePoint now);
  void request(msg::Message message, TimePoint now, BindId bind = {});
  void request_free(std::vector<BindId>& of, TimePoint now);
  void request_block(TimePoint now);
  void request_listen(const Listens::Item& item, TimePoint now);
  static msg::Address remote_address(const RemoteScope& scope);
  static msg::Ports remote_ports(const RemoteScope& scope);
  [[nodiscard]] msg::Message assign_request(const Wanted& wanted) const;
  [[nodiscard]] std::optional<msg::LeaseTime> lease_time() const;
  [[nodiscard]] std::optional<Ipv4Address> usual_address() const;
  [[nodiscard]] msg::MessageType assign_type() const;
  /// When proceed() has something to send, judged by what is wanted and held now.
  [[nodiscard]] TimePoint next_request() const;
  [[nodiscard]] TimePoint renew_at() const;
  [[nodiscard]] TimePoint register_again_at() const;
  [[nodiscard]] TimePoint assign_at() const;
  [[nodiscard]] TimePoint listen_at() const;
  [[nodiscard]] TimePoint query_at() const;

  SessionSettings settings_;
  Offer offer_;
  LeaseBook book_;
  Demand demand_;
  Listens listens_;
  std::vector<ListenWish> fulfilled_;
  SpiNeeds spis_;
  Queries queries_;
  RefusedRemotes refused_;
  RequestTracker tracker_;
  std::vector<Ipv4Address> own_;
  std::vector<SessionAction> actions_;

  Link link_ = Link::kDown;
  std::optional<ClientId> client_;
  std::optional<ClientId> stale_client_;  ///< To de-register before registering (section 10.2).
  TimePoint registered_until_ = TimePoint::max();
  TimePoint register_again_at_ = TimePoint::max();  ///< If nothing is leased by then.

  std::vector<BindId> refused_grants_;  ///< To be freed at once (section 9.7).
  std::vector<BindId> given_back_;      ///< To be freed when there is nothing better to do.
  ListenWish asked_listen_;             ///< What the LISTEN_REQUEST that is outstanding is for.

  SpiNeed asked_spis_;  ///< What the ASSIGN_REQUEST_RSIPSEC that is outstanding asks for.
  std::optional<Error> ipsec_obstacle_;  ///< Why this registration has no SPIs to give.
  std::optional<Error> ipsec_told_;      ///< The last obstacle that was told.
  int unanswered_spis_ = 0;              ///< Requests for SPIs that the connection ended on.
  bool plain_spis_ = false;              ///< As plain_, for these alone.

  Backoff reconnect_;
  Backoff pace_;                 ///< After answers that got us nowhere: no request at all.
  Backoff assign_;               ///< After refused assignments: none of these.
  bool plain_ = false;           ///< The gateway stumbles over optional parameters: none are sent.
  bool counter_wanted_ = false;  ///< But this one.
  TimePoint register_not_before_ = TimePoint::min();
  std::optional<TimePoint> grow_again_at_;    ///< Growth pauses until then.
  std::optional<TimePoint> suspended_until_;  ///< At the latest.
  TimePoint next_notice_at_ = TimePoint::min();
  TimePoint next_check_at_ = TimePoint::min();
  TimePoint next_resynchronisation_at_ = TimePoint::min();
  std::mt19937_64 random_;
  bool stepped_ = false;
  bool changed_ = false;  ///< LeasesChanged is due.

  TimePoint stop_by_ = TimePoint::max();
  bool stopping_ = false;
  bool finished_ = false;
};

}  // namespace rsip::agent
