#include "tests/gateway/server/control_server.h"

#include "tests/gateway/server/message_desk.h"
#include "tests/gateway/server/stream_server.h"
#include "tests/gateway/server/udp_server.h"

namespace rsip::gateway {

ControlServer::ControlServer(boost::asio::io_context& io, const ServerSettings& settings,
                             ServerEvents events)
    : desk_(std::make_shared<MessageDesk>(settings.auth, std::move(events))),
      streams_(std::make_shared<StreamServer>(io, settings, desk_)),
      datagrams_(std::make_shared<UdpServer>(io, settings, desk_)) {}

ControlServer::~ControlServer() {
  stop();
}

Result<void> ControlServer::listen() {
  if (auto listening = streams_->listen(); !listening) return listening;
  return datagrams_->listen(port());
}

std::uint16_t ControlServer::port() const {
  return streams_->port();
}

std::uint16_t ControlServer::tls_port() const {
  return streams_->tls_port();
}

bool ControlServer::send(Ipv4Address host, const msg::Message& message) {
  if (!streams_->heard(host) && !datagrams_->heard(host)) return false;
  auto bytes = desk_->pack(host, message);
  return bytes && send_bytes(host, std::move(*bytes));
}

bool ControlServer::send_bytes(Ipv4Address host, std::vector<std::uint8_t> bytes) {
  const auto by_stream = streams_->heard(host);
  const auto by_datagram = datagrams_->heard(host);
  if (!by_stream && !by_datagram) return false;
  if (by_datagram > by_stream) {
    datagrams_->send(host, bytes);
  } else {
    streams_->send(host, std::move(bytes));
  }
  return true;
}

void ControlServer::stop() {
  datagrams_->stop();
  streams_->stop();
}

}  // namespace rsip::gateway
