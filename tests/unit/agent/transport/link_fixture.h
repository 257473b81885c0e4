#pragma once

#include <chrono>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "agent/transport/gateway_link.h"
#include "agent/transport/link_settings.h"

namespace rsip::agent {

/// Everything a link has told its owner.
struct LinkLog {
  int ups = 0;
  int downs = 0;
  Error reason;
  std::vector<msg::Message> messages;
  std::vector<msg::DecodeError> discarded;
  std::vector<Error> rejected;

  LinkEvents events() {
    return {[this] { ++ups; },
            [this](const Error& why) {
              ++downs;
              reason = why;
            },
            [this](const msg::Message& m) { messages.push_back(m); },
            [this](const msg::DecodeError& e) { discarded.push_back(e); },
            [this](const Error& e) { rejected.push_back(e); }};
  }
};

/// For tests of a link against a socket on loopback that the test plays itself.
class LinkFixture : public testing::Test {
 protected:
  static LinkSettings settings(std::uint16_t port, Transport transport) {
    LinkSettings all;
    all.address = Ipv4Address{0x7F000001};
    all.port = port;
    all.transport = transport;
    all.connect_timeout = std::chrono::milliseconds(500);
    all.close_timeout = std::chrono::milliseconds(100);
    return all;
  }

  static msg::Message response(std::uint32_t client) {
    msg::DeRegisterResponse message;
    message.client = ClientId{client};
    return message;
  }

  /// Runs the loop until the condition holds, five seconds at most.
  template <class Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
    EXPECT_TRUE(condition());
  }
  /// Lets everything happen that is about to.
  void settle() {
    io_.restart();
    io_.run_for(std::chrono::milliseconds(30));
  }

  boost::asio::io_context io_;
  LinkLog log_;
};

}  // namespace rsip::agent
