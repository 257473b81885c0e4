#include "agent/ipc/agent_server.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <filesystem>
#include <optional>
#include <sys/stat.h>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "agent/ipc/client_limits.h"
#include "agent/ipc/socket_lock.h"
#include "agent/ipc/subscription.h"
#include "common/ipc/protocol.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMostClients = 64;
/// The longest request names every lease there can be to a gateway with many: some thousand.
constexpr std::size_t kMostRequestBytes = 16'384;
/// A client that asks nothing for this long only takes somebody's place.
constexpr auto kIdleLimit = std::chrono::seconds(30);
constexpr auto kAnswerLimit = std::chrono::seconds(20);

}  // namespace

/// Listening socket and its connections. The coroutines that serve them hold it alive.
class AgentServer::Listener : public std::enable_shared_from_this<Listener> {
 public:
  Listener(asio::io_context& io, std::string path, CallHandler handler, WhoIs who)
      : acceptor_(io),
        path_(std::move(path)),
        handler_(std::move(handler)),
        who_is_(std::move(who)) {}

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
    for (const auto& client : clients_) client->finish();
    std::error_code gone;
    std::filesystem::remove(path_, gone);
    lock_.release();
  }

  /// Encoded once, if anybody wants it.
  void publish(const ipc::Event& event) {
    const auto now = Subscription::Clock::now();
    Subscription::Line line;
    for (const auto& client : clients_) {
      if (client->subscription == nullptr || !client->subscription->takes(event.body, now))
        continue;
      if (line == nullptr) line = line_of(ipc::encode_event(event));
      client->subscription->send(line);
    }
  }

  void on_wishes(std::function<void(const SubscriberWishes&)> changed) {
    wishes_changed_ = std::move(changed);
  }

 private:
  /// One connection.
  struct Client {
    explicit Client(stream_protocol::socket accepted)
        : socket(std::make_shared<stream_protocol::socket>(std::move(accepted))) {
      if (const auto peer = peer_of(socket->native_handle())) user = peer->user;
    }
    void close() const {
      error_code ignored;
      socket->close(ignored);
    }
    void finish() const { subscription != nullptr ? subscription->finish() : close(); }

    std::shared_ptr<stream_protocol::socket> socket;
    uid_t user = 0;
    std::shared_ptr<Subscription> subscription;  ///< Null: it asks and is answered.
  };

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
      if (self->clients_.size() >= kMostClients) self->close_one();
      self->spawn(serve(self, std::make_shared<Client>(std::move(socket))));
    }
  }

  /// Out of file descriptors, most likely: trying again at once would only burn the processor.
  asio::awaitable<void> breathe() {
    asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(100));
    co_await pause.async_wait(kAwait);
  }

  void close_one() {
    std::vector<ClientFacts> facts;
    for (const auto& client : clients_) {
      facts.push_back({client->user, client->subscription != nullptr});
    }
    const auto position = client_to_close(facts);
    if (!position) return;
    const auto at = clients_.begin() + static_cast<std::ptrdiff_t>(*position);
    (*at)->close();
    clients_.erase(at);
    tell_wishes();
  }

  static asio::awaitable<void> serve(std::shared_ptr<Listener> self,
                                     std::shared_ptr<Client> client) {
    self->clients_.push_back(client);
    try {
      co_await self->converse(client);
    } catch (const std::exception&) {  // out of memory: the client notices by its lost connection
    }
    client->close();
    std::erase(self->clients_, client);
    self->tell_wishes();
  }

  asio::awaitable<void> converse(std::shared_ptr<Client> client) {
    auto& socket = *client->socket;
    std::string buffer;
    std::string out = ipc::encode_hello(RSIP_VERSION);
    asio::steady_timer idle(socket.get_executor());
    for (;;) {
      out += '\n';
      idle.expires_after(kIdleLimit);
      idle.async_wait([client](error_code cancelled) {
        if (!cancelled) client->close();
      });
      const auto [unsent, written] = co_await asio::async_write(socket, asio::buffer(out), kAwait);
      if (unsent) co_return;
      const auto [unread, length] = co_await asio::async_read_until(
          socket, asio::dynamic_buffer(buffer, kMostRequestBytes), '\n', kAwait);
      if (unread) co_return;
      idle.cancel();
      out = co_await answer(client, std::string_view(buffer).substr(0, length - 1));
      buffer.erase(0, length);
      if (client->subscription != nullptr) co_return co_await listen_to_subscriber(client, buffer);
    }
  }

  /// Until it goes. It has nothing to ask any more.
  asio::awaitable<void> listen_to_subscriber(std::shared_ptr<Client> client, std::string buffer) {
    for (;;) {
      const auto [unread, length] = co_await asio::async_read_until(
          *client->socket, asio::dynamic_buffer(buffer, kMostRequestBytes), '\n', kAwait);
      if (unread) co_return;
      const auto request = ipc::parse_request(std::string_view(buffer).substr(0, length - 1));
      client->subscription->send(line_of(
          request ? ipc::encode_failure(request->id, {ErrorKind::kUsage,
                                                      "this connection is for events from now on",
                                                      "open another one for requests"})
                  : ipc::encode_refusal(request.error())));
      buffer.erase(0, length);
    }
  }

  /// Empty if the client is subscribed by it, and told so.
  asio::awaitable<std::string> answer(std::shared_ptr<Client> client, std::string_view line) {
    const auto request = ipc::parse_request(line);
    if (!request) co_return ipc::encode_refusal(request.error());
    const auto caller = caller_at(*client->socket, request->call);
    const auto allowed = caller.and_then(
        [&](const ipc::Caller& c) { return ipc::permit(c.who, ipc::access_of(request->call)); });
    if (!allowed) co_return ipc::encode_failure(request->id, allowed.error());
    const auto outcome = co_await handle(*request, *caller, client);
    if (client->subscription != nullptr) co_return std::string();
    co_return outcome ? ipc::encode_answer(request->id, *outcome)
                      : ipc::encode_failure(request->id, outcome.error());
  }

  /// Who it is takes a look into data bases of the system, which may be slow: only for what depends
  /// on it.
  Result<ipc::Caller> caller_at(stream_protocol::socket& socket, const ipc::Call& call) const {
    const bool matters = ipc::access_of(call) != ipc::Access::kRead ||
                         std::holds_alternative<ipc::SubscribeRequest>(call) ||
                         std::holds_alternative<ipc::FlowsRequest>(call);
    return peer_of(socket.native_handle()).map([&](const Peer& peer) {
      return ipc::Caller{matters ? who_is_(peer) : ipc::Who::kOther, peer.user};
    });
  }

  /// Waits for the answer: some calls are for the gateway to decide.
  asio::awaitable<Result<ipc::Answer>> handle(const ipc::Request& request, ipc::Caller caller,
                                              std::shared_ptr<Client> client) {
    struct Waiting {
      asio::steady_timer answered;
      std::optional<Result<ipc::Answer>> answer;
    };
    const auto waiting = std::make_shared<Waiting>(
        Waiting{asio::steady_timer(acceptor_.get_executor(), kAnswerLimit), std::nullopt});
    handler_(request.call, caller, [=, this, weak = weak_from_this()](Result<ipc::Answer> answer) {
      if (waiting->answer || weak.expired()) return;
      waiting->answer = std::move(answer);
      waiting->answered.cancel();
      subscribe(request, caller, *waiting->answer, client);
    });
    if (!waiting->answer) co_await waiting->answered.async_wait(kAwait);
    if (!waiting->answer)
      waiting->answer = fail(ErrorKind::kTimeout, "the gateway does not answer");
    co_return *waiting->answer;
  }

  /// If the answer is a snapshot. At once, so that no event gets lost between it and the first one.
  void subscribe(const ipc::Request& request, ipc::Caller caller, const Result<ipc::Answer>& answer,
                 const std::shared_ptr<Client>& client) {
    const auto* const wishes = std::get_if<ipc::SubscribeRequest>(&request.call);
    const auto* const made = answer ? std::get_if<ipc::Snapshot>(&*answer) : nullptr;
    if (wishes == nullptr || made == nullptr || !client->socket->is_open()) return;
    const auto may_change = ipc::permit(caller.who, ipc::Access::kChange);
    ipc::Snapshot snapshot = *made;
    snapshot.may_change = may_change.has_value();
    if (!may_change) snapshot.why_not = to_line(may_change.error());
    client->subscription = std::make_shared<Subscription>(
        client->socket, *wishes, ipc::is_allowed(caller.who, ipc::LogRequest::kAccess));
    client->subscription->send(line_of(ipc::encode_answer(request.id, snapshot)));
    tell_wishes();
  }

  void tell_wishes() {
    SubscriberWishes wishes;
    for (const auto& client : clients_) {
      if (client->subscription == nullptr) continue;
      ++wishes.subscribers;
      wishes.log = wishes.log || client->subscription->wants_log();
      const std::uint32_t seconds = client->subscription->traffic_seconds();
      if (seconds == 0) continue;
      auto& shortest = wishes.shortest_traffic_seconds;
      shortest = shortest == 0 ? seconds : std::min(shortest, seconds);
      wishes.longest_traffic_seconds = std::max(wishes.longest_traffic_seconds, seconds);
    }
    if (std::exchange(wishes_, wishes) != wishes && wishes_changed_) wishes_changed_(wishes);
  }

  static Subscription::Line line_of(std::string text) {
    return std::make_shared<const std::string>(std::move(text) + '\n');
  }

  stream_protocol::acceptor acceptor_;
  std::string path_;
  CallHandler handler_;
  WhoIs who_is_;
  SocketLock lock_;
  std::deque<std::shared_ptr<Client>> clients_;  ///< Oldest first.
  SubscriberWishes wishes_;
  std::function<void(const SubscriberWishes&)> wishes_changed_;
};

AgentServer::AgentServer(asio::io_context& io, std::string path, CallHandler handler, WhoIs who)
    : listener_(
          std::make_shared<Listener>(io, std::move(path), std::move(handler), std::move(who))) {}

AgentServer::~AgentServer() {
  stop();
}

Result<void> AgentServer::start() {
  return listener_->start();
}

void AgentServer::publish(const ipc::Event& event) {
  listener_->publish(event);
}

void AgentServer::on_wishes(std::function<void(const SubscriberWishes&)> changed) {
  listener_->on_wishes(std::move(changed));
}

void AgentServer::stop() {
  listener_->stop();
}

}  // namespace rsip::agent
