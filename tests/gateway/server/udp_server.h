#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "common/base/result.h"
#include "tests/gateway/server/last_messages.h"
#include "tests/gateway/server/message_desk.h"

namespace rsip::gateway {

/// Hosts over UDP: one message per datagram, and a copy of the last request gets the very same
/// answer again (RFC 3103 sections 9 and 10.1).
class UdpServer : public std::enable_shared_from_this<UdpServer> {
 public:
  UdpServer(boost::asio::io_context& io, const ServerSettings& settings,
            std::shared_ptr<MessageDesk> desk);

  /// errors   as ControlServer::listen()
  Result<void> listen(std::uint16_t port);

  /// The tick when the host was heard last; nothing if it is not known (any more).
  [[nodiscard]] std::optional<std::uint64_t> heard(Ipv4Address host);
  /// Sends to the port from which the host was heard last.
  void send(Ipv4Address host, const std::vector<std::uint8_t>& message);
  void stop();

 private:
  using Endpoint = boost::asio::ip::udp::endpoint;
  using Bytes = std::vector<std::uint8_t>;

  static boost::asio::awaitable<void> serve(std::shared_ptr<UdpServer> self);
  void take(std::span<const std::uint8_t> datagram);
  void take_new(Ipv4Address host, std::span<const std::uint8_t> datagram);
  void send_to(const Endpoint& host, const std::vector<Bytes>& messages);

  boost::asio::ip::udp::socket socket_;
  Ipv4Address listen_;
  std::shared_ptr<MessageDesk> desk_;
  LastMessages last_;
  Allowance strangers_;
  Bytes buffer_;
  Endpoint from_;  ///< Of the datagram at hand.
};

}  // namespace rsip::gateway
