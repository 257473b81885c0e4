#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/transport/inbox.h"
#include "agent/transport/tls_client.h"
#include "common/rsip/framer.h"

namespace rsip::agent {

/// One TCP connection, with or without TLS in it, from open() to its end. The coroutines that serve
/// it hold it alive; after close() it no longer has an owner to tell anything.
class StreamConnection : public std::enable_shared_from_this<StreamConnection> {
 public:
  StreamConnection(boost::asio::io_context& io, const LinkSettings& settings, LinkEvents events,
                   std::uint64_t newer_than);

  void start();
  void send(std::vector<std::uint8_t> bytes);
  [[nodiscard]] bool authenticated() const {
    return inbox_.sealed() || (up_ && settings_.transport == Transport::kTls);
  }
  /// May be called from within an event, so the handlers themselves stay until destruction.
  void close();

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  using error_code = boost::system::error_code;
  using Socket = boost::asio::ip::tcp::socket;

  static Awaitable<void> serve(std::shared_ptr<StreamConnection> self);
  /// Until the gateway can be talked to.
  Awaitable<Result<void>> connect();
  error_code open_socket();
  Awaitable<Result<void>> secure();
  void limit_connecting();
  Awaitable<void> read();
  Awaitable<std::tuple<error_code, std::size_t>> read_some(std::span<std::uint8_t> buffer);
  /// Hands on every whole message; why the connection has to end, if so.
  std::optional<Error> take_messages();
  void write_front();
  void written(error_code error);
  void fail(const Error& reason);
  void shut();
  [[nodiscard]] Error explain(const char* what, const error_code& error) const;

  Socket socket_;
  std::shared_ptr<TlsClient> tls_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_stream_;  ///< Over socket_; none: plain.
  boost::asio::steady_timer timeout_;
  LinkSettings settings_;
  LinkEvents events_;
  Inbox inbox_;
  msg::Framer framer_;
  std::deque<std::vector<std::uint8_t>> queue_;
  bool up_ = false;
  bool timed_out_ = false;
  bool closed_ = false;  ///< Nobody wants to hear from it any more.
};

}  // namespace rsip::agent
