#include "agent/ipc/subscription.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace rsip::agent {
namespace {

using boost::system::error_code;

constexpr auto kFinishLimit = std::chrono::seconds(1);

/// Counters come at a steady pace whose ticks are not quite equal.
constexpr std::chrono::milliseconds shortest_pause(std::uint32_t seconds) {
  return std::chrono::milliseconds(seconds * std::int64_t{900});
}

}  // namespace

Subscription::Subscription(std::shared_ptr<Socket> socket, const ipc::SubscribeRequest& request,
                           bool may_log)
    : socket_(std::move(socket)),
      traffic_seconds_(request.traffic_seconds),
      log_(request.log && may_log),
      patience_(socket_->get_executor()) {}

bool Subscription::takes(const ipc::EventBody& event, Clock::time_point now) {
  if (std::holds_alternative<ipc::LogLine>(event)) return log_;
  if (const auto* const traffic = std::get_if<ipc::TrafficChanged>(&event)) {
    return takes_traffic(*traffic, now);
  }
  // This one has counters of its own, which may have begun anew.
  if (const auto* const changed = std::get_if<ipc::GatewayChanged>(&event)) {
    told_.erase(changed->gateway.name);
  }
  return true;
}

bool Subscription::takes_traffic(const ipc::TrafficChanged& event, Clock::time_point now) {
  if (traffic_seconds_ == 0) return false;
  const auto told = told_.find(event.gateway);
  if (told != told_.end()) {
    const bool new_to_it =
        told->second.traffic != event.traffic || told->second.ports != event.ports;
    if (!new_to_it || now - told->second.at < shortest_pause(traffic_seconds_)) return false;
  }
  told_[event.gateway] = {now, event.traffic, event.ports};
  return true;
}

void Subscription::send(Line line) {
  if (!socket_->is_open() || finishing_) return;
  if (!waiting_.empty() && waiting_bytes_ + line->size() > kMostWaitingBytes) return close();
  waiting_bytes_ += line->size();
  waiting_.push_back(std::move(line));
  write_next();
}

void Subscription::write_next() {
  if (writing_ || !socket_->is_open()) return;
  if (waiting_.empty()) return finishing_ ? close() : void();
  writing_ = true;
  boost::asio::async_write(*socket_, boost::asio::buffer(*waiting_.front()),
                           [self = shared_from_this()](error_code error, std::size_t) {
                             self->writing_ = false;
                             if (error) return self->close();
                             self->waiting_bytes_ -= self->waiting_.front()->size();
                             self->waiting_.pop_front();
                             self->write_next();
                           });
}

void Subscription::finish() {
  finishing_ = true;
  patience_.expires_after(kFinishLimit);
  patience_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->close();
  });
  write_next();
}

void Subscription::close() {
  patience_.cancel();
  error_code ignored;
  socket_->close(ignored);
}

}  // namespace rsip::agent
