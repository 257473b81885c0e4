#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/gateway/app/accounting.h"
#include "tests/gateway/app/agent_poll.h"
#include "tests/gateway/app/parent_leases.h"
#include "tests/gateway/config/config.h"
#include "tests/gateway/engine/engine.h"
#include "tests/gateway/script/driver.h"
#include "tests/gateway/server/control_server.h"
#include "tests/gateway/slp/slp_agent.h"
#include "tests/gateway/tunnel/network.h"
#include "tests/gateway/tunnel/pump.h"

namespace rsip::gateway {

/// The running gateway: feeds the engine with messages and time, and makes server and tunnel do
/// what it says.
class Gateway {
 public:
  Gateway(boost::asio::io_context& io, Config config, std::uint32_t first_client);
  ~Gateway();

  /// errors   what is wrong on this machine: address, port, permission, routes; nothing is left
  ///          behind then
  Result<void> start();
  /// Lets go of files that somebody has moved away, and writes on in new ones.
  void reopen_files();
  /// Tells all hosts and ends; the event loop runs out of work within a second.
  void stop();
  /// Called when it stops, by itself or not.
  void on_stop(std::function<void()> stopped) { stopped_ = std::move(stopped); }
  /// Why it has stopped by itself.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  PumpEvents pump_events();
  Result<void> check_addresses();
  Result<void> open_tunnel();
  Result<void> set_up_network();
  Result<void> add_arp_proxies();
  [[nodiscard]] std::vector<Ipv4Prefix> pool_prefixes() const;

  Result<void> advertise();
  [[nodiscard]] int load() const;
  Result<void> start_script();
  script::Gateway script_gateway();
  std::vector<msg::Message> received(const Sender& from, const Engine::Decoded& message);
  ServerEvents server_events();
  /// Publishes, logs and sends, in this order; returns the replies.
  std::vector<msg::Message> carry_out(std::vector<Action> actions);
  void send(const Notify& notify);
  void wake_in_time();
  void log_stats();
  void log_stats_regularly();
  void start_accounting();
  void follow_parent();
  void on_parent(const Result<std::string>& reply);
  void route(const ParentPools::Changes& changes);
  void account_regularly();

  boost::asio::io_context& io_;
  Config config_;
  Engine engine_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer stats_;
  boost::asio::steady_timer interim_;
  std::unique_ptr<Accounting> accounting_;  ///< Null: off.
  std::unique_ptr<Network> network_;
  std::vector<OwnAddress> own_addresses_;
  std::shared_ptr<const DemuxTable> published_;
  std::unique_ptr<Pump> pump_;
  ControlServer server_;
  std::unique_ptr<SlpAgent> slp_;      ///< Null: hosts have to know the gateway.
  std::unique_ptr<AgentPoll> parent_;  ///< Null: this gateway has none above it.
  ParentPools parent_pools_;
  bool parent_answers_ = true;
  std::unique_ptr<script::Driver> script_;  ///< Null: the gateway does not lie.
  bool stopping_ = false;
  std::optional<Error> failure_;
  std::function<void()> stopped_;
};

}  // namespace rsip::gateway
