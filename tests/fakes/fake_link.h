#pragma once

#include <utility>
#include <vector>

#include "agent/transport/gateway_link.h"

namespace rsip::fakes {

/// A control connection whose far end is the test: it reads what was sent and calls the events.
class FakeLink : public agent::GatewayLink {
 public:
  explicit FakeLink(agent::LinkEvents handlers) : events(std::move(handlers)) {}

  void open() override { ++opened; }
  void send(const msg::Message& message) override { sent.push_back(message); }
  void close() override { ++closed; }

  agent::LinkEvents events;
  std::vector<msg::Message> sent;
  int opened = 0;
  int closed = 0;
};

}  // namespace rsip::fakes
