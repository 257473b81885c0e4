#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/base/ipv4.h"
#include "common/rsip/codec.h"

namespace rsip::gateway {

struct ServerSettings {
  Ipv4Address listen;
  std::uint16_t port = 0;  ///< 0: any free one, see ControlServer::port().
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_host = 4;  ///< One more closes the longest silent one.
  /// Messages that may wait to be sent to one connection. When half as many wait, it is no longer
  /// read from; when a message comes on top, it is closed.
  std::size_t max_queue = 256;
  /// How long the rest of a message, or room for ours, may take to come.
  std::chrono::milliseconds patience{30000};
};

/// Told by the server, from the event loop.
struct ServerEvents {
  /// A message, or what is wrong with it; returns the answers in order.
  std::function<std::vector<msg::Message>(Ipv4Address host,
                                          const Result<msg::Message, msg::DecodeError>&)>
      received;
  /// A connection ended by itself ("closed_by_host") or was ended; reason is static text.
  std::function<void(Ipv4Address host, const char* reason)> closed;
};

/// The TCP side of the control protocol (RFC 3103 section 5). It knows messages and hosts, but no
/// state of RSIP: a host may come with several connections, leave, and come back.
class ControlServer {
 public:
  ControlServer(boost::asio::io_context& io, ServerSettings settings, ServerEvents events);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  /// Starts to accept hosts.
  ///
  /// errors   kConfigInvalid if the address is none of this machine's, kInUse, kPermission
  Result<void> listen();
  [[nodiscard]] std::uint16_t port() const;

  /// Sends to the connection on which the host was heard last; false if there is none.
  bool send(Ipv4Address host, const msg::Message& message);
  /// The same with bytes that need not be a message: what a gateway that lies would send.
  bool send_bytes(Ipv4Address host, std::span<const std::uint8_t> bytes);
  /// Accepts nobody any more, sends what is queued and closes everything, at the latest after a
  /// second. Then the event loop has nothing left to do for the server.
  void stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rsip::gateway
