#include "tests/gateway/slp/stream_server.h"

#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/slp/codec.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxConnections = 16;
constexpr std::chrono::seconds kPatience(10);
constexpr std::chrono::milliseconds kPauseWithoutDescriptors(100);
constexpr std::size_t kLengthBytes = 5;

}  // namespace

struct SlpStreamServer::Connection : std::enable_shared_from_this<Connection> {
  explicit Connection(tcp::socket accepted)
      : socket(std::move(accepted)), limit(socket.get_executor()) {}

  void start_limit() {
    limit.expires_after(kPatience);
    limit.async_wait([weak = weak_from_this()](error_code cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self) self->close();
    });
  }

  void close() {
    error_code ignored;
    socket.close(ignored);
  }

  tcp::socket socket;
  asio::steady_timer limit;
};

SlpStreamServer::SlpStreamServer(const asio::any_io_executor& executor, Answer answer)
    : acceptor_(executor), answer_(std::move(answer)) {}

error_code SlpStreamServer::start(const tcp::endpoint& endpoint) {
  error_code error;
  acceptor_.open(tcp::v4(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kMaxConnections, error);
  if (error) return error;
  asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr& /*ends with it*/) {});
  return {};
}

void SlpStreamServer::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  answer_ = nullptr;
  for (const auto& weak : connections_) {
    if (const auto connection = weak.lock()) connection->close();
  }
}

asio::awaitable<void> SlpStreamServer::accept(std::shared_ptr<SlpStreamServer> self) {
  while (self->acceptor_.is_open()) {
    auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
    if (error) {
      asio::steady_timer pause(self->acceptor_.get_executor(), kPauseWithoutDescriptors);
      if (self->acceptor_.is_open()) co_await pause.async_wait(kAwait);
      continue;
    }
    std::erase_if(self->connections_, [](const auto& weak) { return weak.expired(); });
    if (self->connections_.size() >= kMaxConnections) continue;
    const auto connection = std::make_shared<Connection>(std::move(socket));
    connection->start_limit();
    self->connections_.push_back(connection);
    asio::co_spawn(
        self->acceptor_.get_executor(), serve(self, connection),
        [connection](const std::exception_ptr& /*ends with it*/) { connection->limit.cancel(); });
  }
}

asio::awaitable<void> SlpStreamServer::serve(std::shared_ptr<SlpStreamServer> self,
                                             std::shared_ptr<Connection> connection) {
  tcp::socket& socket = connection->socket;
  for (;;) {
    Bytes request(kLengthBytes);
    const auto [ended, head] = co_await asio::async_read(socket, asio::buffer(request), kAwait);
    const auto length = ended ? std::nullopt : slp::message_length(request).value_or(std::nullopt);
    if (!length) co_return;
    request.resize(*length);
    const auto rest = asio::buffer(request.data() + kLengthBytes, *length - kLengthBytes);
    const auto [cut_off, body] = co_await asio::async_read(socket, rest, kAwait);
    if (cut_off || !self->answer_) co_return;
    const auto reply = self->answer_(request);
    if (!reply) co_return;
    const auto [lost, sent] = co_await asio::async_write(socket, asio::buffer(*reply), kAwait);
    if (lost) co_return;
  }
}

}  // namespace rsip::gateway
