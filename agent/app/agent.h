#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "agent/app/config.h"
#include "agent/app/tunnel.h"
#include "agent/control/session.h"
#include "agent/platform/host_network.h"
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
  TunnelFactory& tunnels;
};

/// Composition root: feeds the session with events, carries out its actions, keeps device, routes
/// and data path in step with the leases.
///
/// thread   everything on the event loop's thread
class Agent {
 public:
  /// fail_fast   end with the first problem that keeps the agent from leasing anything
  Agent(boost::asio::io_context& io, Config config, AgentPlatform platform, bool fail_fast,
        std::uint64_t seed);
  ~Agent();
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
  void carry_out(std::vector<SessionAction> actions);
  void carry_out(const OpenLink&);
  void carry_out(const CloseLink&);
  void carry_out(const Send& action);
  void carry_out(const LeasesChanged&);
  void carry_out(const LeaseGranted& action);
  void carry_out(const LeaseExtended& action);
  void carry_out(const LeaseLost& action);
  void carry_out(const Registered& action);
  void carry_out(const Problem& action);
  void carry_out(const Finished&);

  LinkEvents link_events();
  Result<void> match_host_to_leases();
  Result<void> open_tunnel();
  void close_tunnel();
  void fail_for_good(Error error);

  boost::asio::io_context& io_;
  Config config_;
  AgentPlatform platform_;
  bool fail_fast_;
  Session session_;
  std::unique_ptr<GatewayLink> link_;
  std::unique_ptr<Datapath> tunnel_;
  std::uint32_t tunnel_mtu_ = 0;
  std::uint64_t generation_ = 0;
  std::optional<Error> problem_;  ///< The last trouble, until it is over.
  std::optional<Error> failure_;
  std::function<void()> finished_;
};

}  // namespace rsip::agent
