#include "tests/gateway/app/agent_poll.h"

#include <exception>
#include <sys/un.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/ipc/protocol.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kPatience(5);

}  // namespace

class AgentPoll::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, std::string socket, std::chrono::milliseconds every, Got got)
      : path_(std::move(socket)),
        every_(every),
        got_(std::move(got)),
        socket_(io),
        patience_(io),
        pause_(io) {}

  void start() {
    asio::co_spawn(socket_.get_executor(), poll(shared_from_this()),
                   [](const std::exception_ptr&) {});
  }

  void stop() {
    stopped_ = true;
    error_code ignored;
    socket_.close(ignored);
    patience_.cancel();
    pause_.cancel();
  }

 private:
  static asio::awaitable<void> poll(std::shared_ptr<Impl> self) {
    while (!self->stopped_) {
      self->limit_time();
      const Result<std::string> reply = co_await self->ask();
      self->patience_.cancel();
      error_code ignored;
      self->socket_.close(ignored);
      if (self->stopped_) co_return;
      self->got_(reply);
      self->pause_.expires_after(self->every_);
      co_await self->pause_.async_wait(kAwait);
    }
  }

  void limit_time() {
    patience_.expires_after(kPatience);
    patience_.async_wait([self = shared_from_this()](error_code cancelled) {
      error_code ignored;
      if (!cancelled) self->socket_.close(ignored);
    });
  }

  asio::awaitable<Result<std::string>> ask() {
    const auto [refused] = co_await socket_.async_connect(stream_protocol::endpoint(path_), kAwait);
    if (refused) co_return failed(refused);
    received_.clear();
    auto hello = co_await read_line();
    if (!hello) co_return hello;
    if (const auto known = ipc::parse_hello(*hello); !known)
      co_return tl::unexpected(known.error());
    const std::string request = ipc::encode_request(1, ipc::StatusRequest{}) + "\n";
    const auto [lost, sent] = co_await asio::async_write(socket_, asio::buffer(request), kAwait);
    if (lost) co_return failed(lost);
    co_return co_await read_line();
  }

  asio::awaitable<Result<std::string>> read_line() {
    const auto [error, size] = co_await asio::async_read_until(
        socket_, asio::dynamic_buffer(received_, ipc::kMaxLineBytes), '\n', kAwait);
    if (error) co_return failed(error);
    std::string line = received_.substr(0, size - 1);
    received_.erase(0, size);
    co_return line;
  }

  [[nodiscard]] tl::unexpected<Error> failed(const error_code& error) const {
    return fail(ErrorKind::kAgentNotRunning,
                "no agent answers at " + path_ + ": " + error.message(),
                "rsipd has to run on this machine, see agent_socket in [parent]");
  }

  std::string path_;
  std::chrono::milliseconds every_;
  Got got_;
  stream_protocol::socket socket_;
  asio::steady_timer patience_;
  asio::steady_timer pause_;
  std::string received_;
  bool stopped_ = false;
};

AgentPoll::AgentPoll(asio::io_context& io, std::string socket, std::chrono::milliseconds every,
                     Got got)
    : impl_(std::make_shared<Impl>(io, std::move(socket), every, std::move(got))) {}

AgentPoll::~AgentPoll() {
  impl_->stop();
}

void AgentPoll::start() {
  impl_->start();
}

void AgentPoll::stop() {
  impl_->stop();
}

}  // namespace rsip::gateway
