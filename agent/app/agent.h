#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "agent/app/config.h"
#include "agent/app/gateway_client.h"
#include "agent/app/log_memory.h"
#include "agent/app/network_keeper.h"
#include "agent/app/publisher.h"
#include "agent/app/tunnel.h"
#include "agent/platform/host_network.h"
#include "agent/platform/network_monitor.h"
#include "agent/platform/route_oracle.h"
#include "agent/platform/socket_owners.h"
#include "agent/usage/usage_account.h"
#include "common/base/time.h"
#include "common/ipc/permissions.h"
#include "common/ipc/requests.h"

namespace rsip::agent {

/// What the agent needs from the machine it runs on.
struct AgentPlatform {
  std::function<TimePoint()> now;
  /// Calls back once, from the event loop, when the time has come; a new call replaces the old one.
  std::function<void(TimePoint when, std::function<void()> due)> wake_at;
  std::function<std::unique_ptr<GatewayLink>(const GatewayConfig&, const LinkTarget&, LinkEvents)>
      make_link;
  std::function<void(const GatewayConfig&, std::function<void(std::vector<FoundGateway>)>)> find;
  std::function<std::unique_ptr<Coordinator>(const GatewayIpsec&, CoordinatorEvents)>
      make_coordinator;
  std::function<std::optional<std::uint16_t>()> last_ike_port;
  HostNetwork& network;
  NetworkMonitor& monitor;
  TunnelFactory& tunnels;
  SocketOwners& sockets;
  RouteOracle& routes;
  UsagePlatform usage{};
  /// Looks for gateways once, in every way that is configured. Not called again before it has
  /// called back.
  std::function<void(std::function<void(std::vector<FoundGateway>)>)> discover{};
  WallClock wall = std::chrono::system_clock::now;
  LogMemory* log = nullptr;  ///< Null: nothing is remembered. Outlives the agent.
};

/// Composition root: one client for each gateway, the clock and the network that they share, and
/// what people ask for.
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

  /// Runs until stop() has given everything back, or no gateway can be used any more. Called within
  /// the loop.
  void start();
  void stop();

  [[nodiscard]] ipc::Status status() const;
  /// Does what a client of the agent's socket asks for; answered once, now or later.
  void call(const ipc::Call& call, const ipc::Caller& caller,
            std::function<void(Result<ipc::Answer>)> answered);

  /// Told what happens, while anybody wants that.
  void on_event(std::function<void(const ipc::Event&)> tell) {
    publisher_.on_event(std::move(tell));
  }
  void want_events(const EventWishes& wishes);

  /// Why it ended; nothing after an ordinary stop.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  /// Called when the agent has finished.
  void on_finished(std::function<void()> finished) { finished_ = std::move(finished); }

 private:
  using Answered = std::function<void(Result<ipc::Answer>)>;

  ClientPlatform client_platform();
  ClientEvents client_events();
  void one_stopped();
  void wake();
  void wake_in_time();
  void network_changed();
  void look_at_network();
  void changed();

  // calls.cpp
  Result<std::vector<GatewayClient*>> clients_named(const std::string& name);
  Result<GatewayClient*> client_named(const std::string& name);
  void handle(const ipc::StatusRequest& request, const Answered& answered);
  void handle(const ipc::UpRequest& request, const Answered& answered);
  void handle(const ipc::DownRequest& request, const Answered& answered);
  void handle(const ipc::RenewRequest& request, const Answered& answered);
  void handle(const ipc::ListenAddRequest& request, const Answered& answered);
  void handle(const ipc::ListenRemoveRequest& request, const Answered& answered);
  void handle(const ipc::QueryRequest& request, const Answered& answered);
  void handle(const ipc::IpsecRequest& request, const Answered& answered);
  // calls_leases.cpp
  static Result<GatewayClient*> holder_of(const std::vector<GatewayClient*>& clients,
                                          std::uint32_t bind);
  Result<void> release(const ipc::ReleaseRequest& request);
  void handle(const ipc::LeaseRequest& request, const Answered& answered);
  void handle(const ipc::ReleaseRequest& request, const Answered& answered);
  void handle(const ipc::HoldRequest& request, const Answered& answered);
  // calls_agent.cpp
  [[nodiscard]] const ProfileConfig* used_profile() const;
  void follow_profile(const std::string& name, const std::vector<GatewayClient*>& clients);
  void end_log_level();
  void handle(const ipc::SubscribeRequest& request, const Answered& answered);
  void handle(const ipc::ProfileUseRequest& request, const Answered& answered);
  void handle(const ipc::DiscoverRequest& request, const Answered& answered);
  void handle(const ipc::LogRequest& request, const Answered& answered);
  void handle(const ipc::LogLevelRequest& request, const Answered& answered);
  void handle(const ipc::ConfigRequest& request, const Answered& answered);
  // calls_network.cpp
  struct FlowQuestion;
  void list_flows(const TunnelKeeper& tunnel, std::function<void(FlowList)> listed);
  void handle(const ipc::FlowsRequest& request, const ipc::Caller& caller,
              const Answered& answered);
  void handle(const ipc::PortsRequest& request, const Answered& answered);
  void handle(const ipc::RouteExplainRequest& request, const ipc::Caller& caller,
              const Answered& answered);
  void answer(const FlowQuestion& question);
  // calls_usage.cpp
  void open_usage();
  [[nodiscard]] TimePoint watch_usage();
  void look_at_usage();
  void finish_usage();
  void handle(const ipc::UsageRequest& request, const Answered& answered);

  boost::asio::io_context& io_;
  Config config_;
  AgentPlatform platform_;
  NetworkKeeper network_;
  std::vector<std::unique_ptr<GatewayClient>> clients_;
  Publisher publisher_;
  std::string started_at_;
  std::string profile_;                       ///< In use; empty: none.
  std::vector<Answered> searchers_;           ///< They wait for the end of a search.
  TimePoint level_until_ = TimePoint::max();  ///< Then the log is as configured again.
  bool no_network_ = false;                   ///< As it was told last.
  std::optional<UsageAccount> usage_;
  std::size_t running_ = 0;  ///< Clients that have not stopped for good.
  bool waking_ = false;
  std::map<std::uint64_t, std::function<void(FlowList)>> listings_;  ///< Tunnels are being asked.
  std::uint64_t next_listing_ = 0;
  std::optional<Error> failure_;
  std::function<void()> finished_;
};

}  // namespace rsip::agent
