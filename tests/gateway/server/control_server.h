#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/base/ipv4.h"
#include "common/base/result.h"
#include "common/rsip/messages.h"
#include "tests/gateway/server/server_events.h"
#include "tests/gateway/server/server_settings.h"

namespace rsip::gateway {

class MessageDesk;
class StreamServer;
class UdpServer;

/// The control protocol over TCP, UDP and TLS (RFC 3103 section 5), with seals or without (RFC 3102
/// section 3.3). It knows messages and hosts, but no state of RSIP: a host may come with several
/// connections and datagrams, leave, and come back.
class ControlServer {
 public:
  ControlServer(boost::asio::io_context& io, const ServerSettings& settings, ServerEvents events);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  /// Starts to hear hosts.
  ///
  /// errors   kConfigInvalid if the address is none of this machine's or a file of TLS is no good,
  ///          kInUse, kPermission
  Result<void> listen();
  /// Of TCP and of UDP.
  [[nodiscard]] std::uint16_t port() const;
  /// There must be TLS in the settings.
  [[nodiscard]] std::uint16_t tls_port() const;

  /// Sends to where the host was heard last, a connection or a UDP port; false if there is none.
  bool send(Ipv4Address host, const msg::Message& message);
  /// The same with bytes that need not be a message: what a gateway that lies would send.
  bool send_bytes(Ipv4Address host, std::vector<std::uint8_t> bytes);
  /// Hears nobody any more, sends what is queued and closes everything, at the latest after a
  /// second. Then the event loop has nothing left to do for the server.
  void stop();

 private:
  std::shared_ptr<MessageDesk> desk_;
  std::shared_ptr<StreamServer> streams_;
  std::shared_ptr<UdpServer> datagrams_;
};

}  // namespace rsip::gateway
