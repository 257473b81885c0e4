#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "agent/transport/gateway_link.h"
#include "agent/transport/link_settings.h"
#include "agent/transport/outbox.h"

namespace rsip::agent {

/// RSIP over UDP, one message per datagram (RFC 3103 sections 5 and 9). It is up as soon as it is
/// open: whether anybody listens shows only by answers, or by an ICMP error, which takes it down.
/// When to send again is the owner's to decide.
class UdpLink : public GatewayLink {
 public:
  UdpLink(boost::asio::io_context& io, const LinkSettings& settings, LinkEvents events);
  ~UdpLink() override;
  UdpLink(const UdpLink&) = delete;
  UdpLink& operator=(const UdpLink&) = delete;

  void open() override;
  void send(const msg::Message& message) override;
  void send_again() override;
  [[nodiscard]] bool authenticated() const override;
  void close() override;

 private:
  class Port;

  boost::asio::io_context& io_;
  LinkSettings settings_;
  LinkEvents events_;
  Outbox outbox_;
  std::vector<std::uint8_t> last_;  ///< What send_again() sends; empty: nothing.
  std::shared_ptr<Port> port_;
};

}  // namespace rsip::agent
