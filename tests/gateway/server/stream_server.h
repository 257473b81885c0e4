#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "tests/gateway/server/connection.h"
#include "tests/gateway/server/message_desk.h"
#include "tests/gateway/server/tls_server.h"

namespace rsip::gateway {

/// Accepts hosts over TCP and TLS, and keeps their connections. The limits count both together.
class StreamServer : public std::enable_shared_from_this<StreamServer> {
 public:
  StreamServer(boost::asio::io_context& io, const ServerSettings& settings,
               std::shared_ptr<MessageDesk> desk);

  /// Both sockets, or none.
  ///
  /// errors   as ControlServer::listen()
  Result<void> listen();
  [[nodiscard]] std::uint16_t port() const { return plain_.local_endpoint().port(); }
  [[nodiscard]] std::uint16_t tls_port() const { return secured_.local_endpoint().port(); }

  /// The tick when the host was heard last on a connection that is still there: 0 if it has
  /// connected, but was not heard; nothing if it has not.
  [[nodiscard]] std::optional<std::uint64_t> heard(Ipv4Address host) const;
  /// Sends to the connection on which the host was heard last.
  void send(Ipv4Address host, std::vector<std::uint8_t> message);
  void stop();

 private:
  using Acceptor = boost::asio::ip::tcp::acceptor;
  struct Line {
    std::shared_ptr<Connection> connection;
    std::uint64_t heard = 0;
  };
  using Lines = std::list<Line>;  ///< The one heard last is last, unless newer ones are silent.

  Result<void> listen(Acceptor& acceptor, std::uint16_t port);
  static boost::asio::awaitable<void> accept(std::shared_ptr<StreamServer> self, Acceptor& acceptor,
                                             boost::asio::ssl::context* tls);
  void spawn_accept(Acceptor& acceptor, boost::asio::ssl::context* tls);
  void take_in(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls);
  ConnectionEvents events_of(Ipv4Address host, Lines::iterator place);
  std::vector<MessageDesk::Bytes> answer(
      Ipv4Address host, Lines::iterator place,
      const Result<std::span<const std::uint8_t>, msg::DecodeError>& received);
  void remove(Ipv4Address host, Lines::iterator place, const char* reason);

  Acceptor plain_;
  Acceptor secured_;
  ServerSettings settings_;
  std::shared_ptr<MessageDesk> desk_;
  std::unique_ptr<TlsServer> tls_;
  std::unordered_map<Ipv4Address, Lines> hosts_;
  std::size_t count_ = 0;
};

}  // namespace rsip::gateway
