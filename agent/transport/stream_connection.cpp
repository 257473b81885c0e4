#include "agent/transport/stream_connection.h"

#include <algorithm>
#include <array>
#include <exception>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

/// Requests wait for their answers, so that more than a few are queued only if the gateway's
/// machine takes nothing any more.
constexpr std::size_t kMostQueued = 64;

void set_option(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

/// Has the kernel find out that the gateway's machine is gone: probes when nothing is sent, a limit
/// for what is sent and not acknowledged.
void limit_silence(int descriptor, std::chrono::seconds limit) {
  const int probes = 3;
  const int seconds = static_cast<int>(limit.count());
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, std::max(1, seconds / 2));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, seconds / 2 / probes));
  set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, probes);
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * 1000);
}

const char* what_to_do(const error_code& error) {
  if (error == asio::error::connection_refused) {
    return "check that the address and port are those of an RSIP gateway and that it runs";
  }
  if (error == asio::error::timed_out) {
    return "check the address, and that the network lets TCP through to it";
  }
  return "check the network connection";
}

/// Without a TLS goodbye, too: what has come is whole messages, so nothing can be cut off
/// unnoticed.
bool is_end(const error_code& error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

}  // namespace

StreamConnection::StreamConnection(asio::io_context& io, const LinkSettings& settings,
                                   LinkEvents events, std::uint64_t newer_than)
    : socket_(io),
      timeout_(io),
      settings_(settings),
      events_(std::move(events)),
      inbox_(settings, newer_than) {}

void StreamConnection::start() {
  asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr& fault) {
                   if (fault) self->fail({ErrorKind::kOther, "internal error on the link", ""});
                 });
}

void StreamConnection::send(std::vector<std::uint8_t> bytes) {
  if (!up_) return;
  if (queue_.size() >= kMostQueued) {
    up_ = false;
    return asio::post(socket_.get_executor(), [self = shared_from_this()] {
      self->fail({ErrorKind::kUnreachable,
                  gateway_name(self->settings_) + " takes no more messages",
                  "the agent connects again by itself"});
    });
  }
  queue_.push_back(std::move(bytes));
  if (queue_.size() == 1) write_front();
}

void StreamConnection::close() {
  closed_ = true;
  if (queue_.empty()) return shut();
  timeout_.expires_after(settings_.close_timeout);
  timeout_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->shut();
  });
}

asio::awaitable<void> StreamConnection::serve(std::shared_ptr<StreamConnection> self) {
  co_await asio::post(asio::use_awaitable);  // no event from within open()
  if (self->closed_) co_return;
  const auto connected = co_await self->connect();
  if (!connected) co_return self->fail(connected.error());
  if (self->closed_) co_return;
  self->up_ = true;
  if (self->events_.up) self->events_.up();
  co_await self->read();
}

asio::awaitable<Result<void>> StreamConnection::connect() {
  error_code error = open_socket();
  if (error) co_return tl::unexpected(explain("cannot reach", error));
  limit_connecting();
  const tcp::endpoint gateway(asio::ip::address_v4(settings_.address.value), settings_.port);
  std::tie(error) = co_await socket_.async_connect(gateway, kAwait);
  if (timed_out_) error = asio::error::timed_out;
  if (error) co_return tl::unexpected(explain("cannot reach", error));
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  limit_silence(socket_.native_handle(), settings_.silence_limit);
  Result<void> secured;
  if (settings_.transport == Transport::kTls) secured = co_await secure();
  timeout_.cancel();
  co_return secured;
}

error_code StreamConnection::open_socket() {
  error_code error;
  socket_.open(tcp::v4(), error);
  if (error) return error;
  const std::uint32_t mark = settings_.mark;
  if (mark != 0 &&
      setsockopt(socket_.native_handle(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) {
    return {errno, boost::system::system_category()};
  }
  return {};
}

asio::awaitable<Result<void>> StreamConnection::secure() {
  auto client = TlsClient::make(settings_);
  if (!client) co_return tl::unexpected(client.error());
  tls_ = std::move(*client);
  tls_stream_.emplace(socket_, tls_->context());
  SSL* const handle = tls_stream_->native_handle();
  if (auto expected = tls_->expect_gateway(handle); !expected) co_return expected;
  const auto [error] =
      co_await tls_stream_->async_handshake(asio::ssl::stream_base::client, kAwait);
  if (!error) co_return Result<void>();
  if (timed_out_) {
    co_return rsip::fail(ErrorKind::kProtocol,
                         gateway_name(settings_) + " does not answer with TLS in time",
                         "check that the port is the gateway's TLS port");
  }
  co_return tl::unexpected(tls_->explain(handle, error));
}

void StreamConnection::limit_connecting() {
  timeout_.expires_after(settings_.connect_timeout);
  timeout_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->up_) return;
    self->timed_out_ = true;
    self->shut();
  });
}

asio::awaitable<void> StreamConnection::read() {
  std::array<std::uint8_t, 4096> buffer{};
  for (;;) {
    const auto [error, count] = co_await read_some(buffer);
    if (error) co_return fail(explain("lost connection to", error));
    framer_.feed(std::span(buffer).first(count));
    if (const auto reason = take_messages()) co_return fail(*reason);
  }
}

asio::awaitable<std::tuple<error_code, std::size_t>> StreamConnection::read_some(
    std::span<std::uint8_t> buffer) {
  const auto room = asio::buffer(buffer.data(), buffer.size());
  if (tls_stream_) co_return co_await tls_stream_->async_read_some(room, kAwait);
  co_return co_await socket_.async_read_some(room, kAwait);
}

std::optional<Error> StreamConnection::take_messages() {
  for (;;) {
    const auto frame = framer_.next();
    if (!frame) {
      if (!closed_ && events_.discarded) events_.discarded(frame.error());
      return Error{ErrorKind::kProtocol,
                   gateway_name(settings_) + " does not speak RSIP on this connection",
                   "check that address and port are those of an RSIP gateway"};
    }
    if (!*frame || closed_) return std::nullopt;
    if (auto reason = inbox_.take(**frame, events_)) return reason;
  }
}

void StreamConnection::write_front() {
  const auto done = [self = shared_from_this()](error_code error, std::size_t) {
    self->written(error);
  };
  if (tls_stream_) return asio::async_write(*tls_stream_, asio::buffer(queue_.front()), done);
  asio::async_write(socket_, asio::buffer(queue_.front()), done);
}

// A failed write needs no word of its own: the read fails too.
void StreamConnection::written(error_code error) {
  queue_.pop_front();
  if (error) queue_.clear();
  if (!queue_.empty()) return write_front();
  if (closed_) shut();
}

void StreamConnection::fail(const Error& reason) {
  shut();
  if (!std::exchange(closed_, true) && events_.down) events_.down(reason);
}

void StreamConnection::shut() {
  up_ = false;
  error_code ignored;
  socket_.close(ignored);
  timeout_.cancel();
}

Error StreamConnection::explain(const char* what, const error_code& error) const {
  const std::string why = is_end(error) ? "closed by the gateway" : error.message();
  return {ErrorKind::kUnreachable, std::string(what) + " " + gateway_name(settings_) + ": " + why,
          what_to_do(error)};
}

}  // namespace rsip::agent
