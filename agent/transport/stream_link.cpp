#include "agent/transport/stream_link.h"

#include <utility>

#include "agent/transport/stream_connection.h"

namespace rsip::agent {

StreamLink::StreamLink(boost::asio::io_context& io, const LinkSettings& settings, LinkEvents events)
    : io_(io),
      settings_(settings),
      events_(std::move(events)),
      outbox_(settings.key, wall_clock_us()) {}

StreamLink::~StreamLink() {
  close();
}

void StreamLink::open() {
  close();
  connection_ = std::make_shared<StreamConnection>(io_, settings_, events_, outbox_.last_counter());
  connection_->start();
}

void StreamLink::send(const msg::Message& message) {
  if (connection_ == nullptr) return;
  if (auto bytes = outbox_.pack(message)) connection_->send(std::move(*bytes));
}

bool StreamLink::authenticated() const {
  return connection_ != nullptr && connection_->authenticated();
}

void StreamLink::close() {
  if (const auto connection = std::exchange(connection_, nullptr)) connection->close();
}

}  // namespace rsip::agent
