#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/ipc/requests.h"

namespace rsip::agent {

/// A client that wants to know what changes: which events it gets, and the lines that wait until it
/// reads them.
///
/// thread   the event loop's
class Subscription : public std::enable_shared_from_this<Subscription> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  using Clock = std::chrono::steady_clock;
  using Line = std::shared_ptr<const std::string>;  ///< With its newline; shared by all.

  /// Who has not read as much is disconnected, and begins again with a new snapshot.
  static constexpr std::size_t kMostWaitingBytes = 1 << 20;

  /// may_log   whether this client may read the log at all
  Subscription(std::shared_ptr<Socket> socket, const ipc::SubscribeRequest& request, bool may_log);

  /// 0: no counters.
  [[nodiscard]] std::uint32_t traffic_seconds() const { return traffic_seconds_; }
  [[nodiscard]] bool wants_log() const { return log_; }
  /// Whether the event is for this client; counters then count as told.
  bool takes(const ipc::EventBody& event, Clock::time_point now);
  /// Sends a line after all those before.
  void send(Line line);
  /// Ends the connection once all that waits is sent, or is not read for too long.
  void finish();

 private:
  struct Told {
    Clock::time_point at;
    ipc::TrafficStatus traffic;
    ipc::PortUsage ports;
  };

  bool takes_traffic(const ipc::TrafficChanged& event, Clock::time_point now);
  void write_next();
  void close();

  std::shared_ptr<Socket> socket_;
  std::uint32_t traffic_seconds_;
  bool log_;
  std::map<std::string, Told> told_;  ///< Counters, by gateway.
  std::deque<Line> waiting_;          ///< The first one is being written.
  std::size_t waiting_bytes_ = 0;
  bool writing_ = false;
  bool finishing_ = false;
  boost::asio::steady_timer patience_;
};

}  // namespace rsip::agent
