#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "common/base/time.h"
#include "common/rsip/codec.h"
#include "tests/gateway/engine/actions.h"
#include "tests/gateway/engine/address_pool.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/engine/port_pool.h"
#include "tests/gateway/engine/registration.h"
#include "tests/gateway/engine/sender.h"
#include "tests/gateway/engine/settings.h"

namespace rsip::gateway {

/// The gateway's side of RSIP: who is registered, who leases what, and the answer that each
/// message is owed (RFC 3103 sections 6, 9 and 10). Local flow policy macro, remote none.
///
/// No I/O: messages and the time go in, actions come out.
class Engine {
 public:
  using Decoded = Result<msg::Message, msg::DecodeError>;

  /// first_client   where client ids start; an arbitrary number makes those of an earlier life of
  ///                the gateway recognisable as such
  Engine(EngineSettings settings, std::uint32_t first_client);

  /// A host sent something.
  std::vector<Action> on(const Sender& sender, const Decoded& received, TimePoint now);
  /// A host sent data that it may not send (RFC 3103 section 10.4).
  std::vector<Action> on_misuse(Ipv4Address host, msg::ErrorCode error);
  /// next_deadline() has come.
  std::vector<Action> on_time(TimePoint now);
  /// The gateway stops: every host is de-registered (RFC 3103 section 9.5).
  std::vector<Action> shut_down(TimePoint now);

  /// When on_time() is due; TimePoint::max() if nothing is leased.
  [[nodiscard]] TimePoint next_deadline() const;
  /// Who gets what now; the same object until that changes.
  [[nodiscard]] std::shared_ptr<const DemuxTable> table() { return table_.snapshot(); }

  [[nodiscard]] std::size_t host_count() const { return hosts_.size(); }
  [[nodiscard]] const Registration* find(Ipv4Address host) const;
  std::uint64_t free_ports(TimePoint now) { return ports_.free_count(now); }
  std::uint64_t free_addresses(TimePoint now) { return addresses_.free_count(now); }

 private:
  /// What the answer to a request refers to.
  struct Context {
    Ipv4Address host;
    TimePoint now;
    msg::MessageType type;
    std::optional<ClientId> client;
    std::optional<BindId> bind;
    std::optional<std::uint32_t> counter;
  };

  void handle(const Context& request, const msg::RegisterRequest& message);
  void handle(const Context& request, const msg::DeRegisterRequest& message);
  void handle(const Context& request, const msg::AssignRequestRsaIp& message);
  void handle(const Context& request, const msg::AssignRequestRsapIp& message);
  void handle(const Context& request, const msg::ExtendRequest& message);
  void handle(const Context& request, const msg::FreeRequest& message);
  void handle(const Context& request, const msg::QueryRequest& message);
  void handle(const Context& request, const msg::ListenRequest& message);
  void handle(const Context& request, const msg::AssignRequestRsipsec& message);
  void handle(const Context&, const msg::ErrorResponse&) {}  ///< Causes no error (section 9.1.3).
  template <class GatewaysOwn>
  void handle(const Context& request, const GatewaysOwn&) {
    refuse(request, msg::ErrorCode::kIllegalMessage);
  }

  /// The registration that a request is for; nullptr after refusing it with 301 or 305.
  Registration* admit(const Context& request);
  void refuse(const Context& request, msg::ErrorCode error);
  void refuse(const Context& request, msg::ErrorCode error, std::string_view detail);
  template <class Response>
  void reply(const Context& request, Response response) {
    response.trailer.counter = request.counter;
    act(Reply{std::move(response)});
  }
  void act(Action action) { actions_.push_back(std::move(action)); }
  std::vector<Action> take_actions() { return std::exchange(actions_, {}); }

  [[nodiscard]] bool serves(Ipv4Address host) const;
  [[nodiscard]] msg::LeaseTime lease_for(const std::optional<msg::LeaseTime>& suggested) const;
  ClientId next_client();
  /// Enters a new bind in the books; id and expiry are filled in.
  const Bind& add_bind(const Context& request, Registration& host, Bind bind, msg::LeaseTime lease);
  void end_bind(Ipv4Address host, Registration& registration, BindId id, const char* reason,
                TimePoint now);
  void end_registration(Ipv4Address host, const char* reason, TimePoint now);
  void expire_bind(Ipv4Address host, BindId id, TimePoint now);
  void set_expiry(Ipv4Address host, Registration& registration, TimePoint at);
  [[nodiscard]] bool is_local(const msg::NetworkTuple& tuple) const;

  /// Bind 0 stands for the registration itself and expires after the binds of the same instant.
  struct Deadline {
    TimePoint at;
    bool registration;
    Ipv4Address host;
    BindId bind;
    auto operator<=>(const Deadline&) const = default;
  };

  EngineSettings settings_;
  PortPool ports_;
  AddressPool addresses_;
  TableKeeper table_;
  std::unordered_map<Ipv4Address, Registration> hosts_;
  std::set<ClientId> clients_;
  std::set<Deadline> deadlines_;
  std::uint32_t last_client_;
  std::vector<Action> actions_;
};

}  // namespace rsip::gateway
