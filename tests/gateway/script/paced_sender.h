#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/gateway/script/script.h"

namespace rsip::gateway::script {

/// Sends bytes to hosts when their time has come: late, byte by byte, or very many of them, without
/// filling the server's queues.
class PacedSender {
 public:
  using Send = std::function<bool(Ipv4Address host, std::span<const std::uint8_t> bytes)>;

  PacedSender(boost::asio::io_context& io, Send send) : timer_(io), send_(std::move(send)) {}

  void send(Ipv4Address host, const std::vector<Outgoing>& all);
  /// Forgets what has not been sent.
  void stop();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  using Time = boost::asio::steady_timer::time_point;
  struct Item {
    Ipv4Address host;
    Outgoing what;
    std::size_t sent = 0;
  };

  void wake();
  void send_due();
  void send_front();

  boost::asio::steady_timer timer_;
  Send send_;
  std::multimap<Time, Item> waiting_;
};

}  // namespace rsip::gateway::script
