#pragma once

#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "common/rsip/framer.h"
#include "tests/gateway/server/control_server.h"

namespace rsip::gateway {

namespace asio = boost::asio;
using asio::ip::tcp;
using Bytes = std::vector<std::uint8_t>;
using std::chrono::milliseconds;

inline constexpr Ipv4Address kLoopback{0x7F000001};

inline Bytes free_request(std::uint32_t bind, std::uint32_t counter) {
  msg::FreeRequest request{{1}, {bind}, {}};
  request.trailer.counter = counter;
  return *msg::encode(request);
}

/// A host's end of a connection, blocking, with a limit on how long it waits.
class Client {
 public:
  Client(std::uint16_t port, int receive_buffer = 0) : socket_(io_) {
    socket_.open(tcp::v4());
    if (receive_buffer > 0) {
      socket_.set_option(asio::socket_base::receive_buffer_size(receive_buffer));
    }
    const timeval patience{5, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    socket_.connect({asio::ip::address_v4::loopback(), port});
  }

  /// The number of bytes that went out before the server closed.
  std::size_t send(const Bytes& bytes) {
    boost::system::error_code ignored;
    return asio::write(socket_, asio::buffer(bytes), ignored);
  }
  std::size_t send_now(const Bytes& bytes) {
    const ssize_t sent =
        ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }
  /// The next message; nothing when the server has closed.
  std::optional<msg::Message> receive() {
    for (;;) {
      const auto frame = framer_.next();
      if (frame && *frame) return *msg::decode(**frame);
      std::uint8_t buffer[4096];
      const ssize_t count = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
      if (count <= 0) return std::nullopt;
      framer_.feed(std::span(buffer, static_cast<std::size_t>(count)));
    }
  }
  /// Reads until the server has closed.
  void drain() {
    std::uint8_t buffer[4096];
    while (::recv(socket_.native_handle(), buffer, sizeof buffer, 0) > 0) continue;
  }
  template <class Kind>
  std::optional<Kind> receive() {
    const auto message = receive();
    const auto* kind = message ? std::get_if<Kind>(&*message) : nullptr;
    return kind != nullptr ? std::optional(*kind) : std::nullopt;
  }

 private:
  asio::io_context io_;
  tcp::socket socket_;
  msg::Framer framer_;
};

/// A server that grants REGISTER_REQUEST and FREE_REQUEST, and answers faults with ERROR_RESPONSE.
class Server : public ::testing::Test {
 protected:
  void start(ServerSettings settings = {}) {
    settings.listen = kLoopback;
    server_.emplace(
        io_, settings,
        ServerEvents{[this](const Sender& from, const auto& received) {
                       senders_.push_back(from);
                       return answer(received);
                     },
                     [this](Ipv4Address, const char* reason) { closed_.emplace_back(reason); },
                     [this](Ipv4Address, const char* reason) { refused_.emplace_back(reason); }});
    ASSERT_TRUE(server_->listen());
    port_ = server_->port();
    thread_ = std::thread([this] { io_.run(); });
  }

  ~Server() override {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { server_->stop(); });
    thread_.join();
  }

  static std::vector<msg::Message> answer(const Result<msg::Message, msg::DecodeError>& received) {
    if (!received) {
      msg::Trailer trailer;
      trailer.counter = received.error().counter;
      return {msg::ErrorResponse{static_cast<std::uint16_t>(received.error().code),
                                 received.error().client, received.error().bind, trailer}};
    }
    if (const auto* request = std::get_if<msg::RegisterRequest>(&*received)) {
      return {msg::RegisterResponse{{7}, msg::LeaseTime(100), {}, {}, {}, request->trailer}};
    }
    const auto& request = std::get<msg::FreeRequest>(*received);
    return {msg::FreeResponse{request.client, request.bind, request.trailer}};
  }

  /// Sends from the server's own thread.
  void notify(const msg::Message& message) {
    asio::post(io_, [this, message] { server_->send(kLoopback, message); });
  }
  /// Ends the server; the members below may be read afterwards.
  void stop() {
    asio::post(io_, [this] { server_->stop(); });
    thread_.join();
  }

  asio::io_context io_;
  std::optional<ControlServer> server_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  std::vector<std::string> closed_;
  std::vector<std::string> refused_;
  std::vector<Sender> senders_;  ///< Of all that was received.
};

}  // namespace rsip::gateway
