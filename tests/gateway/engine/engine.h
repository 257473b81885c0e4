#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/time.h"
#include "common/rsip/codec.h"
#include "tests/gateway/engine/actions.h"
#include "tests/gateway/engine/demux_table.h"
#include "tests/gateway/engine/pools.h"
#include "tests/gateway/engine/registration.h"
#include "tests/gateway/engine/request_limiter.h"
#include "tests/gateway/engine/sender.h"
#include "tests/gateway/engine/settings.h"
#include "tests/gateway/engine/wishes.h"

namespace rsip::gateway {

/// The gateway's side of RSIP: who is registered, who leases what, and the answer that each
/// message is owed (RFC 3103 sections 6, 9 and 10).
///
/// No I/O: messages and the time go in, actions come out.
class Engine {
 public:
  using Decoded = Result<msg::Message, msg::DecodeError>;
  using Registrations = std::unordered_map<Ipv4Address, Registration>;

  /// first_client   where client ids start; an arbitrary number makes those of an earlier life of
  ///                the gateway recognisable as such
  /// random         where SPIs are leased: who cannot see the requests must not be able to guess
  Engine(EngineSettings settings, std::uint32_t first_client, RandomBits random = system_random());

  /// A host sent something. Repeated datagrams are the server's business: each message is served.
  std::vector<Action> on(const Sender& sender, const Decoded& received, TimePoint now);
  /// A host sent data that it may not send (RFC 3103 section 10.4).
  std::vector<Action> on_misuse(Ipv4Address host, msg::ErrorCode error);
  /// next_deadline() has come.
  std::vector<Action> on_time(TimePoint now);
  /// The gateway stops: every host is de-registered (RFC 3103 section 9.5).
  std::vector<Action> shut_down(TimePoint now);

  /// Ends a bind before its time, and tells the host (RFC 3103 section 9.13).
  std::vector<Action> revoke(Ipv4Address host, BindId bind, TimePoint now);
  /// De-registers a host that did not ask for it, and tells it (RFC 3103 section 9.5).
  std::vector<Action> dismiss(Ipv4Address host, TimePoint now);

  /// One more pool, of which nothing is leased beyond until (RFC 3102 section 4.2.1): what a
  /// gateway higher up has leased to this one.
  PoolId add_pool(const PoolSettings& pool, TimePoint until);
  /// Moves the end of a pool. Binds that would last longer end with it.
  void limit_pool(PoolId pool, TimePoint until);
  /// The pool is gone: its binds end at once, and their hosts are told by FREE_RESPONSE.
  std::vector<Action> remove_pool(PoolId pool, TimePoint now);

  /// When on_time() is due; TimePoint::max() if nothing is leased.
  [[nodiscard]] TimePoint next_deadline() const;
  /// Who gets what now; the same object until that changes.
  [[nodiscard]] std::shared_ptr<const DemuxTable> table() { return table_.snapshot(); }

  [[nodiscard]] std::size_t host_count() const { return hosts_.size(); }
  [[nodiscard]] const Registration* find(Ipv4Address host) const;
  [[nodiscard]] const Registrations& registrations() const { return hosts_; }
  std::uint64_t free_ports(TimePoint now) { return pools_.ports.free_count(now); }
  std::uint64_t free_addresses(TimePoint now) { return pools_.addresses.free_count(now); }

 private:
  /// What the answer to a request refers to.
  struct Context {
    Sender sender;
    TimePoint now;
    msg::MessageType type;
    std::optional<ClientId> client;
    std::optional<BindId> bind;
    std::optional<std::uint32_t> counter;
  };
  struct Refusal {
    msg::ErrorCode error;
    std::string_view detail = {};  ///< Static text; empty: the request's type.
  };
  struct Granted {
    const Bind* bind;
    msg::LeaseTime lease;
  };

  /// An ASSIGN_REQUEST_RSIPSEC without address.
  struct IpsecWish {
    Ipv4Address host;
    std::optional<PortWish> ports;  ///< Nothing: none are needed.
    SpiWish spis;
  };

  void serve(const Context& request, const Decoded& received);
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
    refuse(request, {msg::ErrorCode::kIllegalMessage});
  }

  static Context context_of(const Sender& sender, const Decoded& received, TimePoint now);
  /// What is wrong with the way a message came (RFC 3103 sections 5 and 10.1).
  [[nodiscard]] std::optional<Refusal> transport_fault(const Context& request,
                                                       const Decoded& received) const;
  /// The registration that a request is for; nullptr after refusing it with 301 or 305.
  Registration* admit(const Context& request);
  void refuse(const Context& request, const Refusal& refusal);
  template <class Response>
  void reply(const Context& request, Response response) {
    response.trailer.counter = request.counter;
    act(Reply{std::move(response)});
  }
  void act(Action action) { actions_.push_back(std::move(action)); }
  std::vector<Action> take_actions() { return std::exchange(actions_, {}); }

  /// The class that serves a sender, an index of classes_; nothing if it is not served.
  [[nodiscard]] std::optional<std::size_t> class_of(const Sender& sender) const;
  [[nodiscard]] const ClassSettings& class_of(const Registration& host) const {
    return classes_[host.class_index];
  }
  [[nodiscard]] std::vector<msg::Method> methods_for(const ClassSettings& of, TimePoint now) const;
  [[nodiscard]] msg::LeaseTime lease_for(const std::optional<msg::LeaseTime>& suggested,
                                         const Quota& quota) const;
  /// The same for something of a pool, which may end before.
  [[nodiscard]] msg::LeaseTime lease_for(const std::optional<msg::LeaseTime>& suggested,
                                         const Quota& quota, PoolId pool, TimePoint now) const;
  ClientId next_client();

  /// Leases what a request wants, or says why not.
  Result<Granted, Refusal> grant(const Context& request, Registration& host, const Wanted& wanted);
  Result<void, Refusal> take_some(Bind& bind, const Context& request, const Registration& host,
                                  const Wanted& wanted, PoolIds pools);
  /// Fills in what the request says of tunnel and remote end.
  Result<Bind, Refusal> draft(const Wanted& wanted) const;
  Result<void, Refusal> take_address(Bind& bind, const Context& request, const Registration& host,
                                     const Wanted& wanted, PoolIds pools);
  Result<void, Refusal> take_ports(Bind& bind, const Context& request, const Registration& host,
                                   const Wanted& wanted, PoolIds pools);
  Result<void, Refusal> take_spis(Bind& bind, const Context& request, const Registration& host,
                                  const Wanted& wanted, PoolIds pools);
  Result<void, msg::ErrorCode> take_spis_anywhere(Bind& bind, const IpsecWish& wish,
                                                  const Registration& host, PoolIds pools,
                                                  TimePoint now);
  /// The same at one address. Nothing is taken if it fails.
  Result<void, msg::ErrorCode> take_spis_at(Ipv4Address address, Bind& bind, const IpsecWish& wish,
                                            PoolIds pools, TimePoint now);
  [[nodiscard]] std::optional<msg::Address> endpoint() const;
  /// Enters a new bind in the books; id and expiry are filled in.
  const Bind& add_bind(const Context& request, Registration& host, Bind bind, msg::LeaseTime lease);
  void end_bind(Ipv4Address host, Registration& registration, BindId id, const char* reason,
                TimePoint now);
  /// The same, and tells the host.
  void revoke_bind(Ipv4Address host, Registration& registration, BindId id, const char* reason,
                   TimePoint now);
  void end_registration(Ipv4Address host, const char* reason, TimePoint now);
  void set_expiry(Ipv4Address host, Registration& registration, TimePoint at);
  void set_expiry(Ipv4Address host, Bind& bind, TimePoint at);
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
  std::vector<ClassSettings> classes_;  ///< The settings' and, last, that of all other hosts.
  Pools pools_;
  TableKeeper table_;
  RequestLimiter limiter_;
  Registrations hosts_;
  std::set<std::uint16_t> tunnel_ids_;  ///< The low 16 bits of all client ids.
  std::set<Deadline> deadlines_;
  std::uint32_t last_client_;
  std::vector<Action> actions_;
};

}  // namespace rsip::gateway
