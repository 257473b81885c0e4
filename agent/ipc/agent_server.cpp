#include "agent/ipc/agent_server.h"

#include <chrono>
#include <deque>
#include <exception>
#include <filesystem>
#include <optional>
#include <sys/stat.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "agent/ipc/peer.h"
#include "agent/ipc/socket_lock.h"
#include "common/ipc/protocol.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostClients = 64;
/// A request is a short line; a client that sends none for this long only takes somebody's place.
constexpr std::size_t kMostRequestBytes = 4096;
constexpr auto kIdleLimit = std::chrono::seconds(30);
constexpr auto kAnswerLimit = std::chrono::seconds(20);

}  // namespace

/// Listening socket and its connections. The coroutines that serve them hold it alive.
class AgentServer::Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(asio::io_context& io, std::string path, CallHandler handler)
      : acceptor_(io), path_(std::move(path)), handler_(std::move(handler)) {}

  Result<void> start() {
    std::error_code made;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), made);
    if (auto locked = lock_.acquire(path_); !locked) return locked;
    if (auto freed = free_path(); !freed) return freed;
    if (auto listening = listen(); !listening) return listening;
    spawn(accept_all(shared_from_this()));
    return {};
  }

  void stop() {
    if (!acceptor_.is_open()) return;
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& client : clients_) client->close(ignored);
    std::error_code gone;
    std::filesystem::remove(path_, gone);
    lock_.release();
  }

 private:
  /// Removes the socket of an agent that was killed: the lock is ours. Never another file.
  Result<void> free_path() {
    std::error_code error;
    const auto kind = std::filesystem::symlink_status(path_, error).type();
    if (somebody_listens()) {
      return fail(ErrorKind::kInUse, "another program listens on " + path_,
                  "set [agent] socket to another path");
    }
    if (kind == std::filesystem::file_type::socket) std::filesystem::remove(path_, error);
    if (kind == std::filesystem::file_type::socket ||
        kind == std::filesystem::file_type::not_found) {
      return {};
    }
    return fail(ErrorKind::kOther, path_ + " is there already and is no socket",
                "remove it, or set [agent] socket to another path");
  }

  [[nodiscard]] bool somebody_listens() {
    stream_protocol::socket probe(acceptor_.get_executor());
    error_code error;
    probe.connect(stream_protocol::endpoint(path_), error);
    return !error;
  }

  Result<void> listen() {
    error_code error;
    const stream_protocol::endpoint endpoint(path_);
    acceptor_.open(stream_protocol(), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return fail(ErrorKind::kOther, "cannot listen on " + path_ + ": " + error.message(),
                  "set [agent] socket to another path");
    }
    chmod(path_.c_str(), 0666);  // reading the status is for every local user (decision D5)
    return {};
  }

  // A connection that fails concerns nobody but its client, which notices by itself.
  template <class Coroutine>
  void spawn(Coroutine coroutine) {
    asio::co_spawn(acceptor_.get_executor(), std::move(coroutine), [](std::exception_ptr) {});
  }

  static asio::awaitable<void> accept_all(std::shared_ptr<Listener> self) {
    for (;;) {
      auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
      if (!self->acceptor_.is_open()) co_return;  // stopped, perhaps just after this one came in
      if (error) co_await self->breathe();
      if (error) continue;
      if (self->clients_.size() >= kMostClients) self->close_oldest();
      self->spawn(serve(self, std::make_shared<stream_protocol::socket>(std::move(socket))));
    }
  }

  /// Out of file descriptors, most likely: trying again at once would only burn the processor.
  asio::awaitable<void> breathe() {
    asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(100));
    co_await pause.async_wait(kAwait);
  }

  /// Nobody may lock others out by holding connections.
  void close_oldest() {
    error_code ignored;
    clients_.front()->close(ignored);
    clients_.pop_front();
  }

  static asio::awaitable<void> serve(std::shared_ptr<Listener> self,
                                     std::shared_ptr<stream_protocol::socket> socket) {
    self->clients_.push_back(socket);
    try {
      co_await self->converse(socket);
    } catch (const std::exception&) {  // out of memory: the client notices by its lost connection
    }
    std::erase(self->clients_, socket);
  }

  asio::awaitable<void> converse(std::shared_ptr<stream_protocol::socket> socket) {
    std::string buffer;
    std::string out = ipc::encode_hello(RSIP_VERSION);
    asio::steady_timer idle(socket->get_executor());
    for (;;) {
      out += '\n';
      idle.expires_after(kIdleLimit);
      idle.async_wait([socket](error_code cancelled) {
        error_code ignored;
        if (!cancelled) socket->close(ignored);
      });
      const auto [unsent, written] = co_await asio::async_write(*socket, asio::buffer(out), kAwait);
      if (unsent) co_return;
      const auto [unread, length] = co_await asio::async_read_until(
          *socket, asio::dynamic_buffer(buffer, kMostRequestBytes), '\n', kAwait);
      if (unread) co_return;
      idle.cancel();
      out = co_await answer(socket, std::string_view(buffer).substr(0, length - 1));
      buffer.erase(0, length);
    }
  }

  asio::awaitable<std::string> answer(std::shared_ptr<stream_protocol::socket> socket,
                                      std::string_view line) {
    const auto request = ipc::parse_request(line);
    if (!request) co_return ipc::encode_refusal(request.error());
    const auto caller = caller_at(*socket);
    const auto allowed = caller.and_then([&](const ipc::Caller& c) {
      return ipc::permit(c.who, ipc::access_of(request->call));
    });
    if (!allowed) co_return ipc::encode_failure(request->id, allowed.error());
    const auto outcome = co_await handle(request->call, *caller);
    co_return outcome ? ipc::encode_answer(request->id, *outcome)
                      : ipc::encode_failure(request->id, outcome.error());
  }

  static Result<ipc::Caller> caller_at(stream_protocol::socket& socket) {
    return peer_of(socket.native_handle()).map([](const Peer& peer) {
      return ipc::Caller{who_is(peer), peer.user};
    });
  }

  /// Waits for the answer: some calls are for the gateway to decide.
  asio::awaitable<Result<ipc::Answer>> handle(const ipc::Call& call, const ipc::Caller& caller) {
    struct Waiting {
      asio::steady_timer answered;
      std::optional<Result<ipc::Answer>> answer;
    };
    const auto waiting = std::make_shared<Waiting>(
        Waiting{asio::steady_timer(acceptor_.get_executor(), kAnswerLimit), std::nullopt});
    handler_(call, caller, [waiting](Result<ipc::Answer> answer) {
      if (waiting->answer) return;
      waiting->answer = std::move(answer);
      waiting->answered.cancel();
    });
    if (!waiting->answer) co_await waiting->answered.async_wait(kAwait);
    if (!waiting->answer)
      waiting->answer = fail(ErrorKind::kTimeout, "the gateway does not answer");
    co_return *waiting->answer;
  }

  stream_protocol::acceptor acceptor_;
  std::string path_;
  CallHandler handler_;
  SocketLock lock_;
  std::deque<std::shared_ptr<stream_protocol::socket>> clients_;  ///< Oldest first.
};

AgentServer::AgentServer(asio::io_context& io, std::string path, CallHandler handler)
    : listener_(std::make_shared<Listener>(io, std::move(path), std::move(handler))) {}

AgentServer::~AgentServer() {
  stop();
}

Result<void> AgentServer::start() {
  return listener_->start();
}

void AgentServer::stop() {
  listener_->stop();
}

}  // namespace rsip::agent
