#include "tests/gateway/server/connection.h"

#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "tests/gateway/server/tls_server.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLinger(1000);

/// Finds out within about two minutes that a silent host is gone for good.
void detect_dead_peer(asio::ip::tcp::socket& socket) {
  const int on = 1;
  const int idle_s = 60;
  const int interval_s = 15;
  const int probes = 4;
  setsockopt(socket.native_handle(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof idle_s);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof interval_s);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, asio::ssl::context* tls,
                       const ConnectionLimits& limits, ConnectionEvents events)
    : socket_(std::move(socket)),
      limits_(limits),
      events_(std::move(events)),
      message_limit_(socket_.get_executor()),
      write_limit_(socket_.get_executor()),
      room_(socket_.get_executor()) {
  if (tls != nullptr) tls_.emplace(socket_, *tls);
}

void Connection::start() {
  detect_dead_peer(socket_);
  asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr& fault) {
                   self->close(fault ? "internal_error" : "closed_by_host");
                 });
}

void Connection::send(std::vector<std::uint8_t> message) {
  if (closed_ || finishing_ || !ready_) return;
  if (queue_.size() >= limits_.max_queue) return close("too_slow");
  queue_.push_back(std::move(message));
  if (queue_.size() == 1) write_front();
}

void Connection::finish() {
  finishing_ = true;
  if (queue_.empty()) return close("gateway_stops");
  limit(message_limit_, kLinger, "gateway_stops");
}

void Connection::close(const char* reason) {
  if (closed_) return;
  closed_ = true;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  message_limit_.cancel();
  write_limit_.cancel();
  room_.cancel();
  events_.closed(reason);
}

asio::awaitable<void> Connection::serve(std::shared_ptr<Connection> self) {
  bool secured = true;  // GCC 12 breaks a co_await behind || or &&
  if (self->tls_) secured = co_await self->secure();
  if (!secured) co_return;
  self->ready_ = true;
  co_await self->read_messages();
}

asio::awaitable<bool> Connection::secure() {
  limit(message_limit_, limits_.handshake_patience, "no_handshake");
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
  message_limit_.cancel();
  if (error && !closed_) {
    events_.handshake_failed(TlsServer::explain(error));
    close("no_tls");
  }
  co_return !closed_;
}

asio::awaitable<void> Connection::read_messages() {
  while (!closed_) {
    const auto [error, count] = co_await read_some();
    if (error) co_return;
    framer_.feed(std::span(buffer_).first(count));
    if (!co_await take_messages()) co_return co_await linger();
    watch_for_rest_of_message();
  }
}

asio::awaitable<std::tuple<error_code, std::size_t>> Connection::read_some() {
  if (tls_) co_return co_await tls_->async_read_some(asio::buffer(buffer_), kAwait);
  co_return co_await socket_.async_read_some(asio::buffer(buffer_), kAwait);
}

asio::awaitable<bool> Connection::take_messages() {
  while (!closed_ && !finishing_) {
    const auto frame = framer_.next();
    if (!frame) {
      answer(tl::unexpected(frame.error()));
      co_return false;
    }
    if (!*frame) break;
    message_limit_.cancel();
    message_pending_ = false;
    answer(**frame);
    co_await wait_for_room();
  }
  co_return true;
}

void Connection::answer(const Result<std::span<const std::uint8_t>, msg::DecodeError>& received) {
  for (auto& reply : events_.received(received)) send(std::move(reply));
}

asio::awaitable<void> Connection::wait_for_room() {
  while (!closed_ && queue_.size() >= limits_.max_queue / 2) {
    room_.expires_at(asio::steady_timer::time_point::max());
    co_await room_.async_wait(kAwait);
  }
}

asio::awaitable<void> Connection::linger() {
  limit(message_limit_, kLinger, "not_rsip");
  while (!closed_ && !queue_.empty()) {
    room_.expires_at(asio::steady_timer::time_point::max());
    co_await room_.async_wait(kAwait);
  }
  error_code failed;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  while (!closed_ && !failed) {
    std::tie(failed, std::ignore) = co_await read_some();
  }
  close("not_rsip");
}

void Connection::watch_for_rest_of_message() {
  if (framer_.pending() == 0 || message_pending_) return;
  message_pending_ = true;
  limit(message_limit_, limits_.patience, "half_a_message");
}

void Connection::write_front() {
  limit(write_limit_, limits_.patience, "does_not_read");
  const auto done = [self = shared_from_this()](error_code error, std::size_t) {
    self->written(error);
  };
  if (tls_) return asio::async_write(*tls_, asio::buffer(queue_.front()), done);
  asio::async_write(socket_, asio::buffer(queue_.front()), done);
}

void Connection::written(error_code error) {
  write_limit_.cancel();
  if (error) return close("closed_by_host");
  queue_.pop_front();
  room_.cancel();
  if (!queue_.empty()) return write_front();
  if (finishing_) close("gateway_stops");
}

void Connection::limit(asio::steady_timer& timer, std::chrono::milliseconds time,
                       const char* reason) {
  timer.expires_after(time);
  timer.async_wait([self = shared_from_this(), reason](error_code cancelled) {
    if (!cancelled) self->close(reason);
  });
}

}  // namespace rsip::gateway
