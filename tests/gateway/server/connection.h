#pragma once

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/rsip/framer.h"
#include "tests/gateway/server/control_server.h"

namespace rsip::gateway {

/// What a connection reports to the server that keeps it.
struct ConnectionEvents {
  std::function<std::vector<msg::Message>(const Result<msg::Message, msg::DecodeError>&)> received;
  std::function<void(const char* reason)> closed;
};

/// One TCP connection of a host, from accept to close. Its coroutine and its pending operations
/// keep it alive.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, const ServerSettings& settings,
             ConnectionEvents events);

  void start();
  void send(const msg::Message& message);
  void send_bytes(std::vector<std::uint8_t> bytes);
  /// Sends what is queued, then closes.
  void finish();
  void close(const char* reason);

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;

  static Awaitable<void> serve(std::shared_ptr<Connection> self);
  Awaitable<void> read_messages();
  /// False if the stream is beyond repair; the host has been told.
  Awaitable<bool> take_messages();
  Awaitable<void> wait_for_room();
  /// Reads on and throws away: closing with unread bytes would reset the connection and take the
  /// last answer with it.
  Awaitable<void> linger();
  void answer(const Result<msg::Message, msg::DecodeError>& received);
  /// Gives the rest of a message that has begun its time: once, however slowly bytes trickle in.
  void watch_for_rest_of_message();
  void write_front();
  void written(boost::system::error_code error);
  /// Closes the connection unless the timer is cancelled or set again before its time.
  void limit(boost::asio::steady_timer& timer, std::chrono::milliseconds time, const char* reason);

  boost::asio::ip::tcp::socket socket_;
  ServerSettings settings_;
  ConnectionEvents events_;
  msg::Framer framer_;
  std::array<std::uint8_t, 4096> buffer_{};
  std::deque<std::vector<std::uint8_t>> queue_;
  boost::asio::steady_timer message_limit_;
  boost::asio::steady_timer write_limit_;
  boost::asio::steady_timer room_;  ///< Cancelled whenever the queue gets shorter.
  bool message_pending_ = false;    ///< A message has begun that message_limit_ waits for.
  bool finishing_ = false;
  bool closed_ = false;
};

}  // namespace rsip::gateway
