#pragma once

#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include "common/rsip/codec.h"

namespace rsip::gateway {

/// A host's UDP port, blocking, with a limit on how long it waits.
class UdpClient {
 public:
  explicit UdpClient(std::uint16_t gateway_port)
      : socket_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), gateway_port});
  }

  void send(const std::vector<std::uint8_t>& datagram) {
    socket_.send(boost::asio::buffer(datagram));
  }
  /// The next datagram; nothing if none comes in time.
  std::optional<std::vector<std::uint8_t>> receive_bytes() {
    const timeval patience{5, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::vector<std::uint8_t> datagram(65536);
    const ssize_t size = ::recv(socket_.native_handle(), datagram.data(), datagram.size(), 0);
    if (size < 0) return std::nullopt;
    datagram.resize(static_cast<std::size_t>(size));
    return datagram;
  }
  template <class Kind>
  std::optional<Kind> receive() {
    const auto datagram = receive_bytes();
    const auto message = datagram ? msg::decode(*datagram) : msg::decode({});
    const auto* kind = message ? std::get_if<Kind>(&*message) : nullptr;
    return kind != nullptr ? std::optional(*kind) : std::nullopt;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::udp::socket socket_;
};

}  // namespace rsip::gateway
