#include "tests/gateway/slp/registrar.h"

#include <algorithm>
#include <array>
#include <exception>
#include <random>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
const std::vector<std::chrono::milliseconds> kLastWaits = {std::chrono::milliseconds(250),
                                                           std::chrono::milliseconds(500)};

asio::ip::address_v4 to_asio(Ipv4Address address) {
  return asio::ip::address_v4(address.value);
}

}  // namespace

Registrar::Registrar(const asio::any_io_executor& executor, const SlpAgentSettings& settings,
                     Ipv4Address directory_agent,
                     std::shared_ptr<const Advertisement> advertisement)
    : settings_(settings),
      directory_agent_(to_asio(directory_agent), settings.port),
      advertisement_(std::move(advertisement)),
      socket_(executor),
      answer_timer_(executor),
      rest_timer_(executor),
      xid_(static_cast<std::uint16_t>(std::random_device()())) {}

Result<void> Registrar::start() {
  error_code error;
  socket_.open(asio::ip::udp::v4(), error);
  if (!error) socket_.bind({to_asio(settings_.address), 0}, error);
  if (!error) socket_.non_blocking(true, error);
  if (error) {
    return fail(ErrorKind::kConfigInvalid,
                "cannot speak SLP from " + settings_.address.to_string() + ": " + error.message(),
                "it must be an address of this machine");
  }
  asio::co_spawn(socket_.get_executor(), run(shared_from_this()),
                 [self = shared_from_this()](const std::exception_ptr& /*ends with it*/) {
                   error_code ignored;
                   self->socket_.close(ignored);
                 });
  return {};
}

void Registrar::changed() {
  changed_ = true;
  rest_timer_.cancel();
}

void Registrar::register_anew() {
  forgotten_ = true;
  rest_timer_.cancel();
}

void Registrar::stop() {
  stopping_ = true;
  error_code ignored;
  rest_timer_.cancel();
  socket_.cancel(ignored);
}

asio::awaitable<void> Registrar::run(std::shared_ptr<Registrar> self) {
  while (!self->stopping_) {
    self->changed_ = self->forgotten_ = false;
    const bool registered =
        co_await self->tell(self->advertisement_->registration(), self->settings_.retries);
    co_await self->rest(registered);
  }
  // Even if no registration was acknowledged: the acknowledgement may be what was lost.
  co_await self->tell(self->advertisement_->deregistration(), kLastWaits);
}

asio::awaitable<bool> Registrar::tell(slp::Body body,
                                      std::vector<std::chrono::milliseconds> waits) {
  slp::Message message{{}, std::move(body)};
  message.header.xid = ++xid_;
  message.header.fresh = std::holds_alternative<slp::ServiceRegistration>(message.body);
  const auto bytes = slp::encode(message);
  if (!bytes) co_return false;
  const bool stopping = stopping_;
  for (const auto wait : waits) {
    if (stopping_ != stopping) co_return false;
    error_code ignored;
    socket_.send_to(asio::buffer(*bytes), directory_agent_, 0, ignored);
    const auto accepted = co_await wait_for_acknowledgement(
        message.header.xid, std::chrono::steady_clock::now() + wait);
    if (accepted) co_return *accepted;
  }
  co_return false;
}

asio::awaitable<std::optional<bool>> Registrar::wait_for_acknowledgement(std::uint16_t xid,
                                                                         Time until) {
  const bool stopping = stopping_;
  std::array<std::uint8_t, slp::kMaxDatagramBytes> buffer{};
  while (std::chrono::steady_clock::now() < until && stopping_ == stopping) {
    answer_timer_.expires_at(until);
    answer_timer_.async_wait(
        [self = shared_from_this(), until](error_code /*also when cancelled*/) {
          error_code ignored;
          if (std::chrono::steady_clock::now() >= until) self->socket_.cancel(ignored);
        });
    asio::ip::udp::endpoint source;
    const auto [error, count] =
        co_await socket_.async_receive_from(asio::buffer(buffer), source, kAwait);
    answer_timer_.cancel();
    if (error || source != directory_agent_) continue;
    const auto message = slp::decode(std::span(buffer).first(count));
    if (!message || message->header.xid != xid) continue;
    const auto* reply = std::get_if<slp::ServiceAcknowledge>(&message->body);
    if (reply != nullptr) co_return reply->error == slp::ErrorCode::kNone;
  }
  co_return std::nullopt;
}

/// Waits until it is time to register again, which changes can bring nearer.
asio::awaitable<void> Registrar::rest(bool registered) {
  const Time last = std::chrono::steady_clock::now();
  for (;;) {
    const Time next = next_registration(registered, last);
    if (stopping_ || std::chrono::steady_clock::now() >= next) co_return;
    rest_timer_.expires_at(next);
    co_await rest_timer_.async_wait(kAwait);
  }
}

Registrar::Time Registrar::next_registration(bool registered, Time last) const {
  if (forgotten_) return last;
  const Time retry = last + settings_.pause;
  if (!registered) return retry;
  const Time refresh = last + std::chrono::milliseconds(settings_.lifetime_s * 750);
  return changed_ ? std::min(refresh, last + settings_.load_interval) : refresh;
}

}  // namespace rsip::gateway
