#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "agent/transport/gateway_link.h"
#include "common/base/ipv4.h"

namespace rsip::agent {

struct TcpLinkSettings {
  Ipv4Address address;
  std::uint16_t port = msg::kDefaultControlPort;
  std::uint32_t mark = 0;  ///< SO_MARK, so that the connection stays out of the tunnel; 0: none.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  /// After this long without a sign of life of the gateway's machine the connection is given up.
  std::chrono::seconds silence_limit = std::chrono::seconds(20);
  /// How long close() may take to get rid of what is queued.
  std::chrono::milliseconds close_timeout = std::chrono::seconds(1);
};

/// RSIP over TCP (RFC 3103 section 5).
class TcpLink : public GatewayLink {
 public:
  TcpLink(boost::asio::io_context& io, TcpLinkSettings settings, LinkEvents events);
  ~TcpLink() override;
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;

  void open() override;
  void send(const msg::Message& message) override;
  void close() override;

 private:
  class Connection;

  boost::asio::io_context& io_;
  TcpLinkSettings settings_;
  LinkEvents events_;
  std::shared_ptr<Connection> connection_;
};

}  // namespace rsip::agent
