#include "tests/gateway/server/control_server.h"

#include <algorithm>
#include <list>
#include <unordered_map>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/gateway/server/connection.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPauseWithoutDescriptors(100);

tl::unexpected<Error> cannot_listen(const ServerSettings& settings, const error_code& error) {
  const std::string message = "cannot listen on " + settings.listen.to_string() + ":" +
                              std::to_string(settings.port) + ": ";
  if (error == asio::error::address_in_use) {
    return fail(ErrorKind::kInUse, message + "the port is in use",
                "find out by what with: ss -ltnp sport = " + std::to_string(settings.port));
  }
  if (error == asio::error::access_denied) {
    return fail(ErrorKind::kPermission, message + "not permitted", "run it as root");
  }
  if (error == error_code(EADDRNOTAVAIL, boost::system::system_category())) {
    return fail(ErrorKind::kConfigInvalid, message + "the address is not one of this machine's",
                "listen has to be the gateway's address in the private network, see: ip address");
  }
  return fail(ErrorKind::kOther, message + error.message());
}

}  // namespace

class ControlServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, ServerSettings settings, ServerEvents events)
      : acceptor_(io), settings_(settings), events_(std::move(events)) {}

  Result<void> listen() {
    const tcp::endpoint at(asio::ip::address_v4(settings_.listen.value), settings_.port);
    error_code error;
    acceptor_.open(tcp::v4(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(at, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return cannot_listen(settings_, error);
    asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()),
                   [self = shared_from_this()](const std::exception_ptr&) { self->stop(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  bool send(Ipv4Address host, const msg::Message& message) {
    const auto known = hosts_.find(host);
    if (known == hosts_.end()) return false;
    // A copy: sending may close the connection and so change the list.
    std::shared_ptr(known->second.back())->send(message);
    return true;
  }

  bool send_bytes(Ipv4Address host, std::span<const std::uint8_t> bytes) {
    const auto known = hosts_.find(host);
    if (known == hosts_.end()) return false;
    std::shared_ptr(known->second.back())->send_bytes({bytes.begin(), bytes.end()});
    return true;
  }

  void stop() {
    error_code ignored;
    acceptor_.close(ignored);
    std::vector<std::shared_ptr<Connection>> all;
    for (const auto& [host, connections] : hosts_) {
      all.insert(all.end(), connections.begin(), connections.end());
    }
    for (const auto& connection : all) connection->finish();
  }

 private:
  using Connections = std::list<std::shared_ptr<Connection>>;  ///< The one heard last is last.

  static asio::awaitable<void> accept(std::shared_ptr<Impl> self) {
    asio::steady_timer pause(self->acceptor_.get_executor());
    while (self->acceptor_.is_open()) {
      auto [error, socket] = co_await self->acceptor_.async_accept(kAwait);
      if (!error) {
        self->take_in(std::move(socket));
      } else if (self->acceptor_.is_open()) {  // out of descriptors, most likely
        pause.expires_after(kPauseWithoutDescriptors);
        co_await pause.async_wait(kAwait);
      }
    }
  }

  void take_in(tcp::socket socket) {
    error_code error;
    const tcp::endpoint peer = socket.remote_endpoint(error);
    if (error || count_ >= settings_.max_connections) return;
    const Ipv4Address host{peer.address().to_v4().to_uint()};
    while (hosts_[host].size() >= settings_.max_connections_per_host) {
      std::shared_ptr(hosts_[host].front())->close("too_many_connections");
    }
    Connections& connections = hosts_[host];
    const auto place = connections.emplace(connections.end());
    *place = std::make_shared<Connection>(std::move(socket), settings_, events_of(host, place));
    ++count_;
    (*place)->start();
  }

  ConnectionEvents events_of(Ipv4Address host, Connections::iterator place) {
    const std::weak_ptr<Impl> weak = weak_from_this();
    return {[weak, host, place](const auto& received) -> std::vector<msg::Message> {
              const auto self = weak.lock();
              if (self == nullptr) return {};
              Connections& connections = self->hosts_[host];
              connections.splice(connections.end(), connections, place);
              return self->events_.received(host, received);
            },
            [weak, host, place](const char* reason) {
              if (const auto self = weak.lock()) self->remove(host, place, reason);
            }};
  }

  void remove(Ipv4Address host, Connections::iterator place, const char* reason) {
    const auto known = hosts_.find(host);
    known->second.erase(place);
    if (known->second.empty()) hosts_.erase(known);
    --count_;
    events_.closed(host, reason);
  }

  tcp::acceptor acceptor_;
  ServerSettings settings_;
  ServerEvents events_;
  std::unordered_map<Ipv4Address, Connections> hosts_;
  std::size_t count_ = 0;
};

ControlServer::ControlServer(asio::io_context& io, ServerSettings settings, ServerEvents events)
    : impl_(std::make_shared<Impl>(io, settings, std::move(events))) {}

ControlServer::~ControlServer() {
  impl_->stop();
}

Result<void> ControlServer::listen() {
  return impl_->listen();
}

std::uint16_t ControlServer::port() const {
  return impl_->port();
}

bool ControlServer::send(Ipv4Address host, const msg::Message& message) {
  return impl_->send(host, message);
}

bool ControlServer::send_bytes(Ipv4Address host, std::span<const std::uint8_t> bytes) {
  return impl_->send_bytes(host, bytes);
}

void ControlServer::stop() {
  impl_->stop();
}

}  // namespace rsip::gateway
