#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/app/tunnel.h"
#include "tests/fakes/journal.h"

namespace rsip::fakes {

/// Tunnels that move no packets and remember what they were told.
class FakeTunnels : public agent::TunnelFactory {
 public:
  explicit FakeTunnels(Journal* journal = nullptr) : journal_(journal) {}

  Result<std::unique_ptr<agent::Datapath>> open(const std::string& name, const agent::TunnelEnd& to,
                                                agent::DatapathEvents handlers) override {
    if (failure) return tl::unexpected(*std::exchange(failure, std::nullopt));
    device = name;
    end = to;
    far_end = to.endpoint;
    events = std::move(handlers);
    ++alive;
    ++opened;
    return std::make_unique<Tunnel>(*this);
  }

  std::optional<Error> failure;  ///< Of the next open().
  std::string device;
  agent::TunnelEnd end;  ///< Opened last.
  Ipv4Address far_end;
  agent::DatapathEvents events;
  std::shared_ptr<const agent::FlowTable> table;  ///< Published last.
  agent::DatapathStats stats;
  std::vector<agent::BindingUse> uses;
  int alive = 0;
  int opened = 0;  ///< In all.

 private:
  void note(std::string line) {
    if (journal_ != nullptr) journal_->add(std::move(line));
  }

  class Tunnel : public agent::Datapath {
   public:
    explicit Tunnel(FakeTunnels& owner) : owner_(owner) {}
    ~Tunnel() override {
      --owner_.alive;
      owner_.note("tunnel closed");
    }
    Tunnel(const Tunnel&) = delete;
    Tunnel& operator=(const Tunnel&) = delete;

    void publish(std::shared_ptr<const agent::FlowTable> flows) override {
      owner_.table = std::move(flows);
      owner_.note("published " + std::to_string(owner_.table->bindings.size()));
    }
    [[nodiscard]] agent::DatapathStats stats() const override { return owner_.stats; }
    [[nodiscard]] std::vector<agent::BindingUse> use() const override { return owner_.uses; }
    void release(std::uint64_t hold, bool send) override {
      owner_.note((send ? "sent held " : "dropped held ") + std::to_string(hold));
    }

   private:
    FakeTunnels& owner_;
  };

  Journal* journal_;
};

}  // namespace rsip::fakes
