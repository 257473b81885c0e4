#include "agent/transport/tcp_link.h"

#include <algorithm>
#include <array>
#include <deque>
#include <exception>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/rsip/framer.h"

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

}  // namespace

/// One TCP connection from open() to its end. The coroutines that serve it hold it alive; after
/// close() it no longer has an owner to tell anything.
class TcpLink::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& io, TcpLinkSettings settings, LinkEvents events)
      : socket_(io), timeout_(io), settings_(settings), events_(std::move(events)) {}

  void start() {
    asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                   [self = shared_from_this()](const std::exception_ptr& fault) {
                     if (fault) self->fail({ErrorKind::kOther, "internal error on the link", ""});
                   });
  }

  void send(std::vector<std::uint8_t> bytes) {
    if (!up_) return;
    if (queue_.size() >= kMostQueued) {
      up_ = false;
      return asio::post(socket_.get_executor(), [self = shared_from_this()] {
        self->fail({ErrorKind::kUnreachable, self->name() + " takes no more messages",
                    "the agent connects again by itself"});
      });
    }
    queue_.push_back(std::move(bytes));
    if (queue_.size() == 1) write_front();
  }

  /// May be called from within an event, so the handlers themselves stay until destruction.
  void close() {
    closed_ = true;
    if (queue_.empty()) return shut();
    timeout_.expires_after(settings_.close_timeout);
    timeout_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->shut();
    });
  }

 private:
  static asio::awaitable<void> serve(std::shared_ptr<Connection> self) {
    const error_code error = co_await self->connect();
    if (error) co_return self->fail(self->explain("cannot reach", error));
    self->up_ = true;
    if (!self->closed_ && self->events_.up) self->events_.up();
    co_await self->read();
  }

  asio::awaitable<error_code> connect() {
    error_code error;
    socket_.open(tcp::v4(), error);
    if (error) co_return error;
    const std::uint32_t mark = settings_.mark;
    if (mark != 0 &&
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) {
      co_return error_code(errno, boost::system::system_category());
    }
    timeout_.expires_after(settings_.connect_timeout);
    timeout_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (cancelled || self->up_) return;
      self->timed_out_ = true;
      self->shut();
    });
    const tcp::endpoint gateway(asio::ip::address_v4(settings_.address.value), settings_.port);
    std::tie(error) = co_await socket_.async_connect(gateway, kAwait);
    timeout_.cancel();
    if (timed_out_) co_return asio::error::timed_out;
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    limit_silence(socket_.native_handle(), settings_.silence_limit);
    co_return error;
  }

  asio::awaitable<void> read() {
    std::array<std::uint8_t, 4096> buffer{};
    for (;;) {
      const auto [error, count] = co_await socket_.async_read_some(asio::buffer(buffer), kAwait);
      if (error) co_return fail(explain("lost connection to", error));
      framer_.feed(std::span(buffer).first(count));
      if (!take_messages()) {
        co_return fail({ErrorKind::kProtocol, name() + " does not speak RSIP on this connection",
                        "check that address and port are those of an RSIP gateway"});
      }
    }
  }

  /// Hands on every whole message; false if the stream is broken.
  bool take_messages() {
    for (;;) {
      const auto frame = framer_.next();
      if (!frame) {
        if (!closed_ && events_.discarded) events_.discarded(frame.error());
        return false;
      }
      if (!*frame || closed_) return true;
      const auto message = msg::decode(**frame);
      if (message && events_.message) events_.message(*message);
      if (!message && events_.discarded) events_.discarded(message.error());
    }
  }

  void write_front() {
    asio::async_write(
        socket_, asio::buffer(queue_.front()),
        [self = shared_from_this()](error_code error, std::size_t) { self->written(error); });
  }

  // A failed write needs no word of its own: the read fails too.
  void written(error_code error) {
    queue_.pop_front();
    if (error) queue_.clear();
    if (!queue_.empty()) return write_front();
    if (closed_) shut();
  }

  void fail(const Error& reason) {
    shut();
    if (!std::exchange(closed_, true) && events_.down) events_.down(reason);
  }

  void shut() {
    up_ = false;
    error_code ignored;
    socket_.close(ignored);
    timeout_.cancel();
  }

  [[nodiscard]] std::string name() const {
    return "gateway " + settings_.address.to_string() + ":" + std::to_string(settings_.port);
  }

  [[nodiscard]] Error explain(const char* what, const error_code& error) const {
    const std::string why = error == asio::error::eof ? "closed by the gateway" : error.message();
    return {ErrorKind::kUnreachable, std::string(what) + " " + name() + ": " + why,
            what_to_do(error)};
  }

  tcp::socket socket_;
  asio::steady_timer timeout_;
  TcpLinkSettings settings_;
  LinkEvents events_;
  msg::Framer framer_;
  std::deque<std::vector<std::uint8_t>> queue_;
  bool up_ = false;
  bool timed_out_ = false;
  bool closed_ = false;  ///< Nobody wants to hear from it any more.
};

TcpLink::TcpLink(asio::io_context& io, TcpLinkSettings settings, LinkEvents events)
    : io_(io), settings_(settings), events_(std::move(events)) {}

TcpLink::~TcpLink() {
  close();
}

void TcpLink::open() {
  close();
  connection_ = std::make_shared<Connection>(io_, settings_, events_);
  connection_->start();
}

void TcpLink::send(const msg::Message& message) {
  if (connection_ == nullptr) return;
  if (auto bytes = msg::encode(message)) connection_->send(std::move(*bytes));
}

void TcpLink::close() {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->close();
}

}  // namespace rsip::agent
