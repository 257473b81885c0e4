#include "agent/transport/udp_link.h"

#include <exception>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent/transport/inbox.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

/// The socket from one open() to its end. Connected, so that the kernel takes only what comes from
/// the gateway's address and port, and reports ICMP errors. Its coroutine holds it alive; after
/// close() it has no owner to tell anything.
class UdpLink::Port : public std::enable_shared_from_this<Port> {
 public:
  Port(asio::io_context& io, const LinkSettings& settings, LinkEvents events,
       std::uint64_t newer_than)
      : socket_(io),
        settings_(settings),
        events_(std::move(events)),
        inbox_(settings, newer_than),
        buffer_(msg::kMaxMessageBytes + 1) {}

  void start() {
    asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                   [self = shared_from_this()](const std::exception_ptr& fault) {
                     if (fault) self->fail({ErrorKind::kOther, "internal error on the link", ""});
                   });
  }

  /// False if the link is not up. A datagram for which the kernel has no room is lost like one that
  /// the network loses.
  bool send(std::span<const std::uint8_t> bytes) {
    if (!up_) return false;
    error_code error;
    socket_.send(asio::buffer(bytes.data(), bytes.size()), 0, error);
    if (error && error != asio::error::would_block && error != asio::error::no_buffer_space) {
      up_ = false;
      asio::post(socket_.get_executor(),
                 [self = shared_from_this(), error] { self->fail(self->explain(error)); });
    }
    return true;
  }

  void close() {
    closed_ = true;
    shut();
  }

  [[nodiscard]] bool authenticated() const { return inbox_.sealed(); }

 private:
  static asio::awaitable<void> serve(std::shared_ptr<Port> self) {
    co_await asio::post(asio::use_awaitable);  // no event from within open()
    if (self->closed_) co_return;
    const error_code error = self->connect();
    if (error) co_return self->fail(self->explain(error));
    self->up_ = true;
    if (self->events_.up) self->events_.up();
    co_await self->read();
  }

  error_code connect() {
    error_code error;
    socket_.open(udp::v4(), error);
    if (error) return error;
    const std::uint32_t mark = settings_.mark;
    if (mark != 0 &&
        setsockopt(socket_.native_handle(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0) {
      return {errno, boost::system::system_category()};
    }
    socket_.non_blocking(true, error);
    const udp::endpoint gateway(asio::ip::address_v4(settings_.address.value), settings_.port);
    if (!error) socket_.connect(gateway, error);
    return error;
  }

  asio::awaitable<void> read() {
    while (!closed_) {
      const auto [error, size] = co_await socket_.async_receive(asio::buffer(buffer_), kAwait);
      if (closed_) co_return;
      if (error) co_return fail(explain(error));
      const auto reason = inbox_.take(std::span(buffer_).first(size), events_);
      if (reason) co_return fail(*reason);
    }
  }

  void fail(const Error& reason) {
    shut();
    if (!std::exchange(closed_, true) && events_.down) events_.down(reason);
  }

  void shut() {
    up_ = false;
    error_code ignored;
    socket_.close(ignored);
  }

  [[nodiscard]] Error explain(const error_code& error) const {
    const std::string name = gateway_name(settings_);
    if (error == asio::error::connection_refused) {
      return {ErrorKind::kUnreachable, name + " does not take UDP: " + error.message(),
              "check that the address and port are those of an RSIP gateway and that it runs, or "
              "use transport tcp"};
    }
    return {ErrorKind::kUnreachable, "cannot reach " + name + ": " + error.message(),
            "check the network connection"};
  }

  udp::socket socket_;
  LinkSettings settings_;
  LinkEvents events_;
  Inbox inbox_;
  std::vector<std::uint8_t> buffer_;
  bool up_ = false;
  bool closed_ = false;  ///< Nobody wants to hear from it any more.
};

UdpLink::UdpLink(asio::io_context& io, const LinkSettings& settings, LinkEvents events)
    : io_(io),
      settings_(settings),
      events_(std::move(events)),
      outbox_(settings.key, wall_clock_us()) {}

UdpLink::~UdpLink() {
  close();
}

void UdpLink::open() {
  close();
  port_ = std::make_shared<Port>(io_, settings_, events_, outbox_.last_counter());
  port_->start();
}

void UdpLink::send(const msg::Message& message) {
  if (port_ == nullptr) return;
  auto bytes = outbox_.pack(message);
  if (bytes && port_->send(*bytes)) last_ = std::move(*bytes);
}

void UdpLink::send_again() {
  if (port_ != nullptr && !last_.empty()) port_->send(last_);
}

bool UdpLink::authenticated() const {
  return port_ != nullptr && port_->authenticated();
}

void UdpLink::close() {
  last_.clear();
  if (const auto port = std::exchange(port_, nullptr)) port->close();
}

}  // namespace rsip::agent
