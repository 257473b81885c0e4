#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/base/result.h"
#include "common/rsip/framer.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

/// What a connection reports to the server that keeps it.
struct ConnectionEvents {
  using Bytes = std::vector<std::uint8_t>;

  /// One whole message, or why the stream has none any more; returns the answers.
  std::function<std::vector<Bytes>(const Result<std::span<const std::uint8_t>, msg::DecodeError>&)>
      received;
  std::function<void(const char* reason)> closed;
  std::function<void(const char* reason)> handshake_failed;
};

/// One TCP connection of a host, with or without TLS in it, from accept to close. Its coroutine and
/// its pending operations keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// tls   outlives the connection; nullptr: plain TCP
  Connection(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
             const ConnectionLimits& limits, ConnectionEvents events);

  void start();
  /// One whole message. Dropped as long as the TLS handshake is not over.
  void send(std::vector<std::uint8_t> message);
  /// Sends what is queued, then closes.
  void finish();
  void close(const char* reason);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using error_code = boost::system::error_code;

  static Awaitable<void> serve(std::shared_ptr<Connection> self);
  /// False if TLS could not be agreed on; the connection is closed then.
  Awaitable<bool> secure();
  Awaitable<void> read_messages();
  Awaitable<std::tuple<error_code, std::size_t>> read_some();
  /// False if the stream is beyond repair; the host has been told.
  Awaitable<bool> take_messages();
  Awaitable<void> wait_for_room();
  /// Reads on and throws away: closing with unread bytes would reset the connection and take the
  /// last answer with it.
  Awaitable<void> linger();
  void answer(const Result<std::span<const std::uint8_t>, msg::DecodeError>& received);
  /// Gives the rest of a message that has begun its time: once, however slowly bytes trickle in.
  void watch_for_rest_of_message();
  void write_front();
  void written(error_code error);
  /// Closes the connection unless the timer is cancelled or set again before its time.
  void limit(boost::asio::steady_timer& timer, std::chrono::milliseconds time, const char* reason);

  boost::asio::ip::tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;  ///< Over socket_.
  ConnectionLimits limits_;
  ConnectionEvents events_;
  msg::Framer framer_;
  std::array<std::uint8_t, 4096> buffer_{};
  std::deque<std::vector<std::uint8_t>> queue_;
  boost::asio::steady_timer message_limit_;
  boost::asio::steady_timer write_limit_;
  boost::asio::steady_timer room_;  ///< Cancelled whenever the queue gets shorter.
  bool ready_ = false;              ///< What is sent would arrive.
  bool message_pending_ = false;    ///< A message has begun that message_limit_ waits for.
  bool finishing_ = false;
  bool closed_ = false;
};

}  // namespace rsip::gateway
