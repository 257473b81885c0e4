#pragma once

#include <cstdint>

#include <boost/intrusive/list.hpp>

#include "agent/datapath/expiry_wheel.h"
#include "agent/datapath/flow_key.h"
#include "agent/datapath/flow_life.h"

namespace rsip::agent {

struct HeldBinding;
struct PortMapping;
struct ScopePool;

namespace intrusive = boost::intrusive;

/// Links an object into one list per tag. It leaves the list when it is destroyed.
template <class Tag>
using ListHook =
    intrusive::list_base_hook<intrusive::tag<Tag>, intrusive::link_mode<intrusive::auto_unlink>>;
template <class Object, class Tag>
using HookedList = intrusive::list<Object, intrusive::base_hook<ListHook<Tag>>,
                                   intrusive::constant_time_size<false>>;

/// Traffic between one socket of an application and one remote, or the tuple it left behind.
struct Flow : ExpiryWheel::Entry, ListHook<struct OfMapping>, ListHook<struct Unproven> {
  Flow(const FlowKey& app_side, std::uint16_t leased_port, BegunBy whose)
      : app(app_side),
        leased(leased_port),
        begun_by(whose),
        life(app_side.protocol, app_side.remote_port, whose) {}

  FlowKey app;  ///< The application's side.
  std::uint16_t leased;
  BegunBy begun_by;
  FlowLife life;
  PortMapping* mapping = nullptr;  ///< Null: it ended, only its tuple is remembered.
  /// Inner bytes that passed, without later fragments: these do not say whose they are.
  std::uint64_t sent_bytes = 0;
  std::uint64_t received_bytes = 0;

  [[nodiscard]] FlowKey leased_side() const {
    return {app.protocol, app.local, leased, app.remote, app.remote_port};
  }
};

/// How a socket came by its leased port.
enum class MappingKind : std::uint8_t {
  kPort,       ///< Taken from a pool; no other socket has it meanwhile.
  kWhole,      ///< The whole address is leased: the application's own number.
  kListening,  ///< The port of a LISTEN, whose server the socket is.
};

/// The leased port of one socket of an application, as long as it has flows.
struct PortMapping : ListHook<struct OfBinding> {
  SocketKey socket;
  std::uint16_t leased = 0;
  MappingKind kind = MappingKind::kPort;
  ScopePool* pool = nullptr;
  HeldBinding* binding = nullptr;  ///< Null while the port is not leased (FlowTable::suspended).
  HookedList<Flow, struct OfMapping> flows;
};

}  // namespace rsip::agent
