#include "tests/gateway/server/udp_server.h"

#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "common/rsip/registry.h"
#include "tests/gateway/server/listen_error.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kPauseAfterError(100);

}  // namespace

UdpServer::UdpServer(asio::io_context& io, const ServerSettings& settings,
                     std::shared_ptr<MessageDesk> desk)
    : socket_(io),
      listen_(settings.listen),
      desk_(std::move(desk)),
      last_(settings.udp),
      strangers_(settings.udp.stranger_rate),
      buffer_(msg::kMaxMessageBytes + 1) {}

Result<void> UdpServer::listen(std::uint16_t port) {
  error_code error;
  socket_.open(udp::v4(), error);
  if (!error) socket_.non_blocking(true, error);
  if (!error) socket_.bind({asio::ip::address_v4(listen_.value), port}, error);
  if (error) return tl::unexpected(listen_error("udp", listen_, port, error));
  asio::co_spawn(socket_.get_executor(), serve(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr&) { self->stop(); });
  return {};
}

std::optional<std::uint64_t> UdpServer::heard(Ipv4Address host) {
  const LastMessages::Entry* const entry = last_.find(host);
  return entry != nullptr ? std::optional(entry->heard) : std::nullopt;
}

void UdpServer::send(Ipv4Address host, const Bytes& message) {
  if (const LastMessages::Entry* const entry = last_.find(host)) send_to(entry->from, {message});
}

void UdpServer::stop() {
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<void> UdpServer::serve(std::shared_ptr<UdpServer> self) {
  asio::steady_timer pause(self->socket_.get_executor());
  while (self->socket_.is_open()) {
    const auto [error, size] =
        co_await self->socket_.async_receive_from(asio::buffer(self->buffer_), self->from_, kAwait);
    if (!error) {
      self->take(std::span(self->buffer_).first(size));
    } else if (self->socket_.is_open()) {
      pause.expires_after(kPauseAfterError);
      co_await pause.async_wait(kAwait);
    }
  }
}

void UdpServer::take(std::span<const std::uint8_t> datagram) {
  const auto now = std::chrono::steady_clock::now();
  const Ipv4Address host{from_.address().to_v4().to_uint()};
  LastMessages::Entry* const entry = last_.find(host);
  Allowance& allowance = entry != nullptr ? entry->allowance : strangers_;
  if (!allowance.take(now)) return desk_->refused(host, "too many datagrams");
  if (entry != nullptr && last_.is_copy(*entry, from_, datagram, now)) {
    return send_to(from_, entry->replies);
  }
  take_new(host, datagram);
}

void UdpServer::take_new(Ipv4Address host, std::span<const std::uint8_t> datagram) {
  const Endpoint from = from_;
  const MessageDesk::Admission admission = desk_->admit(host, datagram);
  if (!admission.message) return send_to(from, admission.refusal);
  last_.begin(host, from, datagram, std::chrono::steady_clock::now()).heard = desk_->tick();
  auto replies = desk_->answer(host, Transport::kUdp, *admission.message);
  send_to(from, replies);
  last_.keep(host, std::move(replies));
}

/// A datagram for which the kernel has no room is lost like one that the network loses: the host
/// asks again.
void UdpServer::send_to(const Endpoint& host, const std::vector<Bytes>& messages) {
  for (const Bytes& message : messages) {
    error_code lost;
    socket_.send_to(asio::buffer(message), host, 0, lost);
  }
}

}  // namespace rsip::gateway
