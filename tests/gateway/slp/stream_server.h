#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace rsip::gateway {

/// SLP over TCP (RFC 2608 section 12): for replies that do not fit into a datagram. At most 16
/// connections, each for ten seconds at most.
class SlpStreamServer : public std::enable_shared_from_this<SlpStreamServer> {
 public:
  using Bytes = std::vector<std::uint8_t>;
  using Answer = std::function<std::optional<Bytes>(std::span<const std::uint8_t>)>;

  SlpStreamServer(const boost::asio::any_io_executor& executor, Answer answer);

  boost::system::error_code start(const boost::asio::ip::tcp::endpoint& endpoint);
  /// Closes everything; answer is not called any more.
  void stop();

 private:
  struct Connection;

  static boost::asio::awaitable<void> accept(std::shared_ptr<SlpStreamServer> self);
  static boost::asio::awaitable<void> serve(std::shared_ptr<SlpStreamServer> self,
                                            std::shared_ptr<Connection> connection);

  boost::asio::ip::tcp::acceptor acceptor_;
  Answer answer_;
  std::vector<std::weak_ptr<Connection>> connections_;
};

}  // namespace rsip::gateway
