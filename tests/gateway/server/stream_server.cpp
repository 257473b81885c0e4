#include "tests/gateway/server/stream_server.h"

#include <algorithm>
#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/gateway/server/listen_error.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPauseWithoutDescriptors(100);

}  // namespace

StreamServer::StreamServer(asio::io_context& io, const ServerSettings& settings,
                           std::shared_ptr<MessageDesk> desk)
    : plain_(io), secured_(io), settings_(settings), desk_(std::move(desk)) {}

Result<void> StreamServer::listen() {
  if (settings_.tls) {
    auto tls = TlsServer::make(*settings_.tls);
    if (!tls) return tl::unexpected(tls.error());
    tls_ = std::move(*tls);
    if (auto listening = listen(secured_, settings_.tls->port); !listening) return listening;
  }
  if (auto listening = listen(plain_, settings_.port); !listening) return listening;
  spawn_accept(plain_, nullptr);
  if (tls_) spawn_accept(secured_, &tls_->context());
  return {};
}

Result<void> StreamServer::listen(Acceptor& acceptor, std::uint16_t port) {
  const tcp::endpoint at(asio::ip::address_v4(settings_.listen.value), port);
  error_code error;
  acceptor.open(tcp::v4(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(at, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return tl::unexpected(listen_error("tcp", settings_.listen, port, error));
}

std::optional<std::uint64_t> StreamServer::heard(Ipv4Address host) const {
  const auto known = hosts_.find(host);
  if (known == hosts_.end()) return std::nullopt;
  return std::ranges::max_element(known->second, {}, &Line::heard)->heard;
}

void StreamServer::send(Ipv4Address host, std::vector<std::uint8_t> message) {
  const auto known = hosts_.find(host);
  if (known == hosts_.end()) return;
  const auto last = std::ranges::max_element(known->second, {}, &Line::heard);
  // A copy: sending may close the connection and so change the list.
  std::shared_ptr(last->connection)->send(std::move(message));
}

void StreamServer::stop() {
  error_code ignored;
  plain_.close(ignored);
  secured_.close(ignored);
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [host, lines] : hosts_) {
    for (const Line& line : lines) all.push_back(line.connection);
  }
  for (const auto& connection : all) connection->finish();
}

void StreamServer::spawn_accept(Acceptor& acceptor, asio::ssl::context* tls) {
  asio::co_spawn(acceptor.get_executor(), accept(shared_from_this(), acceptor, tls),
                 [self = shared_from_this()](const std::exception_ptr&) { self->stop(); });
}

asio::awaitable<void> StreamServer::accept(std::shared_ptr<StreamServer> self, Acceptor& acceptor,
                                           asio::ssl::context* tls) {
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(kAwait);
    if (!error) {
      self->take_in(std::move(socket), tls);
    } else if (acceptor.is_open()) {  // out of descriptors, most likely
      pause.expires_after(kPauseWithoutDescriptors);
      co_await pause.async_wait(kAwait);
    }
  }
}

void StreamServer::take_in(tcp::socket socket, asio::ssl::context* tls) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  if (error || count_ >= settings_.max_connections) return;
  const Ipv4Address host{peer.address().to_v4().to_uint()};
  while (hosts_[host].size() >= settings_.max_connections_per_host) {
    std::shared_ptr(hosts_[host].front().connection)->close("too_many_connections");
  }
  Lines& lines = hosts_[host];
  const auto place = lines.emplace(lines.end());
  place->connection = std::make_shared<Connection>(std::move(socket), tls, settings_.connection,
                                                   events_of(host, place));
  ++count_;
  place->connection->start();
}

ConnectionEvents StreamServer::events_of(Ipv4Address host, Lines::iterator place) {
  const std::weak_ptr<StreamServer> weak = weak_from_this();
  return {[weak, host, place](const auto& received) -> std::vector<MessageDesk::Bytes> {
            const auto self = weak.lock();
            return self != nullptr ? self->answer(host, place, received)
                                   : std::vector<MessageDesk::Bytes>();
          },
          [weak, host, place](const char* reason) {
            if (const auto self = weak.lock()) self->remove(host, place, reason);
          },
          [weak, host](const char* reason) {
            if (const auto self = weak.lock()) self->desk_->refused(host, reason);
          }};
}

std::vector<MessageDesk::Bytes> StreamServer::answer(
    Ipv4Address host, Lines::iterator place,
    const Result<std::span<const std::uint8_t>, msg::DecodeError>& received) {
  if (!received) return desk_->answer(host, Transport::kTcp, received.error());
  const MessageDesk::Admission admission = desk_->admit(host, *received);
  if (!admission.message) return admission.refusal;
  place->heard = desk_->tick();
  Lines& lines = hosts_[host];
  lines.splice(lines.end(), lines, place);
  return desk_->answer(host, Transport::kTcp, *admission.message);
}

void StreamServer::remove(Ipv4Address host, Lines::iterator place, const char* reason) {
  const auto known = hosts_.find(host);
  known->second.erase(place);
  if (known->second.empty()) hosts_.erase(known);
  --count_;
  desk_->closed(host, reason);
}

}  // namespace rsip::gateway
