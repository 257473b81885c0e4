#include "tests/gateway/script/line_socket.h"

#include <exception>
#include <list>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

namespace rsip::gateway::script {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxLineBytes = 1 << 18;  ///< Room for a whole message in hexadecimal.
constexpr std::size_t kMaxConnections = 16;

std::string answer_to(const Result<void>& done) {
  boost::json::object answer{{"ok", done.has_value()}};
  if (!done) answer["error"] = to_line(done.error());
  return boost::json::serialize(answer) + "\n";
}

/// Whether somebody listens on the socket.
bool is_alive(asio::any_io_executor executor, const std::string& path) {
  stream_protocol::socket probe(std::move(executor));
  error_code refused;
  probe.connect(stream_protocol::endpoint(path), refused);
  return !refused;
}

tl::unexpected<Error> cannot_listen(const std::string& path, const error_code& error) {
  const bool denied = error == asio::error::access_denied;
  return fail(denied ? ErrorKind::kPermission : ErrorKind::kOther,
              "cannot listen on " + path + ": " + error.message(),
              "name a path in a folder that exists and may be written to");
}

}  // namespace

class LineSocket::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, Take take) : acceptor_(io), take_(std::move(take)) {}

  Result<void> listen(const std::string& path) {
    struct sockaddr_un limit{};
    if (path.empty() || path.size() >= sizeof limit.sun_path) {
      return fail(ErrorKind::kUsage, "the socket path is empty or too long: " + path);
    }
    if (is_alive(acceptor_.get_executor(), path)) {
      return fail(ErrorKind::kInUse, path + " is in use", "another gateway listens there");
    }
    struct stat found{};
    if (lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode)) ::unlink(path.c_str());
    error_code error;
    acceptor_.open(stream_protocol(), error);
    const mode_t before = umask(0177);
    if (!error) acceptor_.bind(stream_protocol::endpoint(path), error);
    umask(before);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return cannot_listen(path, error);
    path_ = path;
    asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()),
                   [self = shared_from_this()](const std::exception_ptr&) { self->stop(); });
    return {};
  }

  void stop() {
    error_code ignored;
    acceptor_.close(ignored);
    for (stream_protocol::socket* const client : clients_) client->close(ignored);
    if (!path_.empty()) ::unlink(path_.c_str());
    path_.clear();
  }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
    while (self->acceptor_.is_open()) {
      auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
      if (error) co_return;
      if (self->clients_.size() >= kMaxConnections) continue;
      asio::co_spawn(self->acceptor_.get_executor(), serve(self, std::move(socket)),
                     [](const std::exception_ptr&) {});
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<Impl> self, stream_protocol::socket socket) {
    const auto place = self->clients_.insert(self->clients_.end(), &socket);
    std::string received;
    for (;;) {
      const auto [error, size] = co_await asio::async_read_until(
          socket, asio::dynamic_buffer(received, kMaxLineBytes), '\n', kAwait);
      if (error) break;
      const std::string answer =
          answer_to(self->take_(std::string_view(received).substr(0, size - 1)));
      received.erase(0, size);
      const auto [failed, sent] = co_await asio::async_write(socket, asio::buffer(answer), kAwait);
      if (failed) break;
    }
    self->clients_.erase(place);
  }

  stream_protocol::acceptor acceptor_;
  Take take_;
  std::list<stream_protocol::socket*> clients_;
  std::string path_;
};

LineSocket::LineSocket(asio::io_context& io, Take take)
    : impl_(std::make_shared<Impl>(io, std::move(take))) {}

LineSocket::~LineSocket() {
  impl_->stop();
}

Result<void> LineSocket::listen(const std::string& path) {
  return impl_->listen(path);
}

void LineSocket::stop() {
  impl_->stop();
}

}  // namespace rsip::gateway::script
