#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/app/config.h"
#include "agent/app/happenings.h"
#include "agent/app/lease_notes.h"
#include "agent/app/tunnel_keeper.h"
#include "agent/app/waiting_calls.h"
#include "agent/app/wall_clock.h"
#include "agent/control/session.h"
#include "agent/discovery/found_gateway.h"
#include "agent/ipsec/coordinator.h"
#include "agent/transport/gateway_link.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// Where the control connection of a gateway leads to.
struct LinkTarget {
  Ipv4Address address;
  std::uint16_t port = 0;
  Transport transport = Transport::kTcp;
};

/// What a client needs of the machine and of its agent. Callbacks come from the event loop.
struct ClientPlatform {
  std::function<TimePoint()> now;
  /// Runs it later, from the event loop; to be called from any thread.
  std::function<void(std::function<void()>)> post;
  std::function<std::unique_ptr<GatewayLink>(const GatewayConfig&, const LinkTarget&, LinkEvents)>
      make_link;
  /// Looks for gateways once; may call back never if it is called again.
  std::function<void(const GatewayConfig&, std::function<void(std::vector<FoundGateway>)>)> find;
  /// Keeps IKE daemons in step with leased SPIs.
  std::function<std::unique_ptr<Coordinator>(const GatewayIpsec&, CoordinatorEvents)>
      make_coordinator;
  /// Where an IKE daemon was told to listen in an earlier life of the agent.
  std::function<std::optional<std::uint16_t>()> last_ike_port;
  NetworkKeeper& network;
  TunnelFactory& tunnels;
  WallClock wall;
};

/// Told by a client.
struct ClientEvents {
  /// Its next deadline or what its status says, perhaps.
  std::function<void()> changed;
  /// It cannot go on, and why: it gives everything back. Or it could not clean up behind it.
  std::function<void(const Error&)> failed;
  /// What it was asked by stop() is done.
  std::function<void()> stopped;
  std::function<void(ipc::Happening)> happened{};
};

/// One [[gateway]]: carries out what its session decides, and follows what happens to the host's
/// network. A host that has lost its way to the gateway, or its device, keeps its leases; only one
/// that can carry no tunnel at all ends the client.
///
/// thread   everything on the event loop's thread
class GatewayClient {
 public:
  /// position    in the configuration
  /// fail_fast   end with the first problem that keeps it from leasing anything
  GatewayClient(const GatewayConfig& config, std::size_t position, ClientPlatform platform,
                ClientEvents events, bool fail_fast, std::uint64_t seed);
  GatewayClient(const GatewayClient&) = delete;
  GatewayClient& operator=(const GatewayClient&) = delete;

  /// Looks for the gateway if need be, connects and leases. Called within the loop.
  void start();
  /// Gives everything back, then ClientEvents::stopped.
  void stop();
  /// next_deadline() has come.
  void wake();
  [[nodiscard]] TimePoint next_deadline() const;
  void network_changed();

  // What people ask for.
  void put_down();
  void put_up();
  void renew(const std::vector<BindId>& binds);
  void listen(const ListenWish& wish, WaitingCalls::ListenAnswered answered);
  /// errors   kNotFound if there is no such wish
  Result<void> unlisten(std::uint16_t server_port);
  void query(const QueryWanted& query, WaitingCalls::QueryAnswered answered);
  /// errors   kState if not registered or it makes no sense, kUsage without a remote where the
  ///          gateway wants one, kDenied, kNoResources
  Result<void> request_lease(const RemoteScope& remote);
  /// errors   kState for what has to stay
  [[nodiscard]] Result<void> may_release(const std::vector<BindId>& binds) const;
  void release(const std::vector<BindId>& binds);
  /// errors   kState if it cannot be known what is in use
  Result<void> release_unused();
  void hold(BindId bind, bool hold);

  [[nodiscard]] const GatewayConfig& config() const { return config_; }
  [[nodiscard]] bool holds(BindId bind) const { return lease_of(bind) != nullptr; }
  /// There is a way to it or, if it has to be found, to wherever.
  [[nodiscard]] bool has_way() const { return has_way_; }
  [[nodiscard]] ipc::GatewayStatus status() const;
  [[nodiscard]] ipc::IpsecStatus ipsec_status() const;

 private:
  // gateway_client.cpp: its life, and the host's network.
  void begin(const LinkTarget& target, std::string found_by);
  void end_session();
  void tell_stopped();
  void find_gateway();
  void found(std::vector<FoundGateway> gateways);
  void try_next_gateway();
  [[nodiscard]] bool gave_up() const;
  void feed(const SessionEvent& event);
  void follow(const std::optional<Ipv4Address>& source);
  void match_host();
  void host_trouble(const Error& error);
  void tell_own_addresses();
  void look_for_way();
  void check_use();
  void want_an_address();
  [[nodiscard]] bool is_anchor(BindId bind) const;
  [[nodiscard]] const Lease* lease_of(BindId bind) const;
  [[nodiscard]] std::optional<Ipv4Address> source_to_gateway() const;
  void fail_for_good(const Error& error);
  LinkEvents link_events();
  DatapathEvents datapath_events();
  [[nodiscard]] SessionSettings session_settings() const;

  // gateway_calls.cpp: what people ask for.
  void answer_met_listens();

  // gateway_leases.cpp: single leases.
  [[nodiscard]] Result<void> check_remote(const RemoteScope& remote) const;
  [[nodiscard]] TimePoint next_overdue() const;
  void look_after_renewals(TimePoint now);

  // gateway_ipsec.cpp: IKE daemons and leased SPIs.
  [[nodiscard]] IpsecWish ipsec_wish() const;
  [[nodiscard]] bool is_for_ipsec(BindId bind) const;
  void start_ipsec();
  void match_ipsec();
  void look_into(const IkeHold& hold);
  void end_ipsec();
  CoordinatorEvents coordinator_events();
  void log_ipsec();

  // gateway_actions.cpp: what the session wants done.
  void carry_out(const std::vector<SessionAction>& actions);
  void carry_out(const OpenLink&);
  void carry_out(const CloseLink&);
  void carry_out(const Send& action);
  void carry_out(const SendAgain&);
  void carry_out(const UseTcp&);
  void carry_out(const LeasesChanged&);
  void carry_out(const LocalityKnown& action);
  void carry_out(const SpisRefused& action);
  void carry_out(const ListenFailed& action);
  void carry_out(const LeaseGranted& action);
  void carry_out(const LeaseExtended& action);
  void carry_out(const LeaseLost& action);
  void carry_out(const Registered& action);
  void carry_out(const Problem& action);
  void tell_trouble(const Problem& action, const Error& error);
  void carry_out(const Finished&);

  const GatewayConfig& config_;
  ClientPlatform platform_;
  ClientEvents events_;
  bool fail_fast_;
  std::uint64_t seed_;
  TunnelKeeper tunnel_;
  std::unique_ptr<Coordinator> ipsec_;         ///< Null: no IPsec, or every SPI is ours.
  CharonState charon_ = CharonState::kAbsent;  ///< As it was logged last.
  std::optional<Error> ipsec_problem_;         ///< Same.
  bool ipsec_ending_ = false;                  ///< It terminates what hangs on the leases.

  bool up_ = true;         ///< Whether people want it.
  bool stopping_ = false;  ///< For good.
  bool stopped_ = false;   ///< That it has stopped was told.
  bool finished_ = false;  ///< The session at hand has given everything back.
  std::optional<LinkTarget> target_;
  std::string found_by_;
  std::vector<FoundGateway> candidates_;  ///< Not tried yet, the best one last.
  Backoff search_;
  bool searching_ = false;
  std::optional<Session> session_;
  std::unique_ptr<GatewayLink> link_;
  std::optional<Ipv4Address> link_source_;  ///< Our end when the link was opened last.
  std::optional<Ipv4Address> last_source_;  ///< When the network changed last.
  std::vector<Ipv4Prefix> local_networks_;  ///< As the gateway says.
  std::vector<ListenWish> listens_;         ///< Wanted, whatever session there is.
  WaitingCalls calls_;
  LeaseNotes notes_;
  Happenings happenings_;
  bool has_way_ = true;
  std::uint64_t tunnels_ = 0;          ///< Opened so far.
  std::optional<Error> problem_;       ///< The session's last trouble, until it is over.
  std::optional<Error> host_problem_;  ///< Same, of the host; what it hides is less urgent.
  TimePoint match_again_at_ = TimePoint::max();
  TimePoint check_use_at_ = TimePoint::max();
  std::optional<msg::DecodeError> unread_;  ///< Came since the last request and said nothing.
  bool failed_ = false;                     ///< It cannot go on.
};

}  // namespace rsip::agent
