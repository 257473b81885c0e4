#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "agent/transport/gateway_link.h"
#include "agent/transport/link_settings.h"
#include "agent/transport/outbox.h"

namespace rsip::agent {

class StreamConnection;

/// RSIP over TCP (RFC 3103 section 5), or over TLS on top of it if the settings say so.
class StreamLink : public GatewayLink {
 public:
  StreamLink(boost::asio::io_context& io, const LinkSettings& settings, LinkEvents events);
  ~StreamLink() override;
  StreamLink(const StreamLink&) = delete;
  StreamLink& operator=(const StreamLink&) = delete;

  void open() override;
  void send(const msg::Message& message) override;
  void send_again() override {}  ///< TCP does.
  [[nodiscard]] bool authenticated() const override;
  void close() override;

 private:
  boost::asio::io_context& io_;
  LinkSettings settings_;
  LinkEvents events_;
  Outbox outbox_;
  std::shared_ptr<StreamConnection> connection_;
};

}  // namespace rsip::agent
