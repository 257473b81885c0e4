#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "agent/app/config.h"
#include "agent/app/host_keeper.h"
#include "agent/app/tunnel.h"
#include "agent/control/session.h"
#include "agent/platform/host_network.h"
#include "agent/platform/network_monitor.h"
#include "agent/transport/gateway_link.h"
#include "common/base/time.h"
#include "common/ipc/status.h"

namespace rsip::agent {

/// What the agent needs from the machine it runs on.
struct AgentPlatform {
  std::function<TimePoint()> now;
  /// Calls back once, from the event loop, when the time has come; a new call replaces the old one.
  std::function<void(TimePoint when, std::function<void()> due)> wake_at;
  std::function<std::unique_ptr<GatewayLink>(LinkEvents)> make_link;
  HostNetwork& network;
  NetworkMonitor& monitor;
  TunnelFactory& tunnels;
};

/// Composition root: feeds the session with events, carries out its actions, and follows what
/// happens to the host's network. A host that has lost its way to the gateway, or its device, keeps
/// its leases; only one that can carry no tunnel at all ends the agent.
///
/// thread   everything on the event loop's thread
class Agent {
 public:
  /// fail_fast   end with the first problem that keeps the agent from leasing anything
  Agent(boost::asio::io_context& io, Config config, AgentPlatform platform, bool fail_fast,
        std::uint64_t seed);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  /// Runs until stop() has given everything back, or a failure ended it. Called within the loop.
  void start();
  void stop();

  [[nodiscard]] ipc::Status status() const;
  /// Why it ended; nothing after an ordinary stop.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  /// Called when the agent has finished.
  void on_finished(std::function<void()> finished) { finished_ = std::move(finished); }

 private:
  void feed(const SessionEvent& event);
  void carry_out(const std::vector<SessionAction>& actions);
  void carry_out(const OpenLink&);
  void carry_out(const CloseLink&);
  void carry_out(const Send& action);
  void carry_out(const SendAgain&) {}
  void carry_out(const UseTcp&) {}
  void carry_out(const LocalityKnown&) {}
  void carry_out(const ListenFailed&) {}
  void carry_out(const LeasesChanged&);
  void carry_out(const LeaseGranted& action);
  void carry_out(const LeaseExtended& action);
  void carry_out(const LeaseLost& action);
  void carry_out(const Registered& action);
  void carry_out(const Problem& action);
  void carry_out(const Finished&);

  LinkEvents link_events();
  DatapathEvents datapath_events();
  void wake();
  void wake_in_time();
  void network_changed();
  void follow(const std::optional<Ipv4Address>& source);
  void match_host();
  void host_trouble(const Error& error);
  [[nodiscard]] std::optional<Ipv4Address> source_to_gateway() const;
  void fail_for_good(Error error);

  boost::asio::io_context& io_;
  Config config_;
  AgentPlatform platform_;
  bool fail_fast_;
  Session session_;
  HostKeeper host_;
  std::unique_ptr<GatewayLink> link_;
  std::optional<Ipv4Address> link_source_;  ///< Our end when the link was opened last.
  std::optional<Ipv4Address> last_source_;  ///< When the network changed last.
  std::uint64_t tunnels_ = 0;               ///< Opened so far.
  std::optional<Error> problem_;            ///< The session's last trouble, until it is over.
  std::optional<Error> host_problem_;       ///< Same, of the host; what it hides is less urgent.
  TimePoint match_again_at_ = TimePoint::max();
  std::optional<Error> failure_;
  std::function<void()> finished_;
};

}  // namespace rsip::agent
