#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/transport/gateway_link.h"
#include "tests/fakes/journal.h"

namespace rsip::fakes {

/// A control connection whose far end is the test: it reads what was sent and calls the events.
class FakeLink : public agent::GatewayLink {
 public:
  explicit FakeLink(agent::LinkEvents handlers, Journal* journal = nullptr)
      : events(std::move(handlers)), journal_(journal) {}

  void open() override { ++opened; }
  void send(const msg::Message& message) override {
    sent.push_back(message);
    const bool question = std::holds_alternative<msg::QueryRequest>(message);  // changes nothing
    if (journal_ != nullptr && !question)
      journal_->add(std::string("sent ") + to_string(type_of(message)));
  }
  void send_again() override {
    ++sent_again;
    if (journal_ != nullptr) journal_->add("sent again");
  }
  void close() override { ++closed; }

  agent::LinkEvents events;
  std::vector<msg::Message> sent;
  int opened = 0;
  int closed = 0;
  int sent_again = 0;

 private:
  Journal* journal_;
};

}  // namespace rsip::fakes
