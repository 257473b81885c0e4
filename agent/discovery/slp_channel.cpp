#include "agent/discovery/slp_channel.h"

#include <cerrno>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "common/slp/codec.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using Bytes = std::vector<std::uint8_t>;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kMulticastHops = 255;  // RFC 2608 section 13; the group does not leave the site

asio::ip::address_v4 to_asio(Ipv4Address address) {
  return asio::ip::address_v4(address.value);
}

error_code set_mark(int descriptor, std::uint32_t mark) {
  if (mark == 0 || setsockopt(descriptor, SOL_SOCKET, SO_MARK, &mark, sizeof mark) == 0) return {};
  return {errno, boost::system::system_category()};
}

error_code prepare(udp::socket& socket, Ipv4Address local, std::uint32_t mark) {
  error_code error;
  socket.open(udp::v4(), error);
  if (!error) error = set_mark(socket.native_handle(), mark);
  if (!error) socket.bind({to_asio(local), 0}, error);
  if (!error) socket.set_option(asio::ip::multicast::outbound_interface(to_asio(local)), error);
  if (!error) socket.set_option(asio::ip::multicast::hops(kMulticastHops), error);
  if (!error) socket.non_blocking(true, error);
  return error;
}

/// One question over TCP: its socket, and the timer that ends it.
struct TcpCall : std::enable_shared_from_this<TcpCall> {
  explicit TcpCall(const asio::any_io_executor& executor) : socket(executor), timer(executor) {}

  void end_at(SlpTime until) {
    timer.expires_at(until);
    timer.async_wait([weak = weak_from_this()](error_code cancelled) {
      const auto self = weak.lock();
      error_code ignored;
      if (!cancelled && self) self->socket.close(ignored);
    });
  }

  error_code prepare(Ipv4Address local, std::uint32_t mark) {
    error_code error;
    socket.open(tcp::v4(), error);
    if (!error) error = set_mark(socket.native_handle(), mark);
    if (!error) socket.bind({to_asio(local), 0}, error);
    return error;
  }

  tcp::socket socket;
  asio::steady_timer timer;
};

/// Reads count more bytes behind those that are there already.
asio::awaitable<error_code> read_more(tcp::socket& socket, Bytes& bytes, std::size_t count) {
  const std::size_t had = bytes.size();
  bytes.resize(had + count);
  const auto [error, got] =
      co_await asio::async_read(socket, asio::buffer(bytes.data() + had, count), kAwait);
  co_return error;
}

asio::awaitable<std::optional<Bytes>> read_message(tcp::socket& socket) {
  Bytes bytes;
  if (co_await read_more(socket, bytes, 5)) co_return std::nullopt;
  const auto length = slp::message_length(bytes);
  if (!length || !*length) co_return std::nullopt;
  if (co_await read_more(socket, bytes, **length - bytes.size())) co_return std::nullopt;
  co_return bytes;
}

}  // namespace

Result<std::shared_ptr<SlpChannel>> SlpChannel::open(const asio::any_io_executor& executor,
                                                     Ipv4Address local, std::uint32_t mark) {
  auto channel = std::make_shared<SlpChannel>(executor);
  const error_code error = prepare(channel->socket_, local, mark);
  if (!error) return channel;
  const bool forbidden = error == asio::error::access_denied || error == asio::error::no_permission;
  return fail(forbidden ? ErrorKind::kPermission : ErrorKind::kUnreachable,
              "cannot look for gateways from " + local.to_string() + ": " + error.message(),
              forbidden ? "give the agent CAP_NET_ADMIN" : "check that the interface is up");
}

void SlpChannel::send(std::span<const std::uint8_t> bytes, const udp::endpoint& target) {
  error_code ignored;
  socket_.send_to(asio::buffer(bytes.data(), bytes.size()), target, 0, ignored);
}

void SlpChannel::cancel_at(SlpTime until) {
  timer_.expires_at(until);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    error_code ignored;
    if (!cancelled && self) self->socket_.cancel(ignored);
  });
}

asio::awaitable<std::optional<SlpDatagram>> SlpChannel::receive(SlpTime until) {
  const auto self = shared_from_this();
  while (std::chrono::steady_clock::now() < until) {
    cancel_at(until);
    SlpDatagram datagram;
    datagram.bytes.resize(slp::kMaxMessageBytes);
    const auto [error, count] =
        co_await socket_.async_receive_from(asio::buffer(datagram.bytes), datagram.source, kAwait);
    timer_.cancel();
    // An error here may be the ICMP answer to what was sent to one of several.
    if (error) continue;
    datagram.bytes.resize(count);
    co_return datagram;
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<Bytes>> ask_over_tcp(Bytes request, tcp::endpoint target,
                                                   Ipv4Address local, std::uint32_t mark,
                                                   SlpTime until) {
  const auto call = std::make_shared<TcpCall>(co_await asio::this_coro::executor);
  if (call->prepare(local, mark)) co_return std::nullopt;
  call->end_at(until);
  const auto [refused] = co_await call->socket.async_connect(target, kAwait);
  std::optional<Bytes> answer;
  if (!refused) {
    const auto [lost, sent] =
        co_await asio::async_write(call->socket, asio::buffer(request), kAwait);
    if (!lost) answer = co_await read_message(call->socket);
  }
  call->timer.cancel();
  co_return answer;
}

}  // namespace rsip::agent
