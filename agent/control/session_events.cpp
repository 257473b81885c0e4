#include <algorithm>
#include <string>

#include "agent/control/session.h"

// What this host wants: ports for flows, to be reachable, to know where things are.
namespace rsip::agent {
namespace {

/// Hints that something may be wrong can come with every packet; the gateway is asked this often.
constexpr Duration kCheckSpacing = std::chrono::seconds(10);

}  // namespace

void Session::handle(const PortsWanted& event, TimePoint) {
  if (stopping_) return;
  if (offer_.policy() && !offer_.names_remotes()) return want_growth();
  for (const RemoteScope& remote : event.remotes) want_remote(remote);
  if (!offer_.policy()) want_growth();
}

/// Ports for whatever flow comes: a block of the address that is leased already.
void Session::want_growth() {
  if (unretire({}) || !may_grow() || demand_.has_growth() || book_.outgoing_count() == 0) return;
  Wanted block = any_block();
  block.local = usual_address();
  block.growth = true;
  demand_.add(std::move(block));
}

/// A block for one remote, unless it is leased or under way. There is one for each remote: it must
/// never be contacted with other local parameters (RFC 3103 section 7.2).
void Session::want_remote(const RemoteScope& remote) {
  const auto scope = offer_.scope_for(remote);
  if (!scope || !remote.address || refused_.contains(*scope)) return;
  const RemoteScope key = offer_.policy() ? *scope : remote;
  if (unretire(key) || demand_.names(key, offer_) || !may_grow()) return;
  const bool leased = std::ranges::any_of(leases(), [&key](const Lease& lease) {
    return !lease.listening && lease.spis.empty() && lease.remote == key;
  });
  if (leased) return;
  Wanted block = any_block();
  block.local = usual_address();
  block.remote = remote;
  block.growth = true;
  demand_.add(std::move(block));
}

/// A lease that was about to be given back is needed after all. False if there is none for that.
bool Session::unretire(const RemoteScope& scope) {
  const auto lease = std::ranges::find_if(leases(), [&scope](const Lease& candidate) {
    return candidate.retiring && candidate.remote == scope;
  });
  if (lease == leases().end()) return false;
  changed_ = true;
  return book_.set_retiring(lease->bind, false);
}

// In two steps: no flow may begin on a lease once it retires, and only when the data path says that
// none has is the lease freed (RFC 3102 section 6.6). The last block stays, it keeps the
// registration alive and the address that peers know.
void Session::handle(const LeasesIdle& event, TimePoint) {
  if (stopping_) return;
  for (const BindId bind : event.retiring) {
    const Lease* const lease = book_.find(bind);
    if (lease != nullptr && lease->retiring) give_back(bind, "idle");
  }
  retire(event.idle);
}

/// The oldest first; what has to stay for this host's sake is what flows use anyway, if they do.
void Session::retire(const std::vector<BindId>& idle) {
  const auto in_use = [](const Lease& lease) {
    return !lease.listening && !lease.retiring && lease.spis.empty();
  };
  const auto for_all = [&in_use](const Lease& lease) {
    return in_use(lease) && !lease.remote.address;
  };
  auto all = std::ranges::count_if(leases(), in_use);
  auto unscoped = std::ranges::count_if(leases(), for_all);
  const auto keep = static_cast<std::ptrdiff_t>(std::max<std::size_t>(base_target(), 1));
  for (const Lease& lease : std::vector<Lease>(leases())) {
    if (!in_use(lease) || std::ranges::find(idle, lease.bind) == idle.end()) continue;
    if (all <= keep || (for_all(lease) && unscoped <= keep)) continue;
    --all;
    if (for_all(lease)) --unscoped;
    book_.set_retiring(lease.bind, true);
    changed_ = true;
  }
}

void Session::handle(const ListenWanted& event, TimePoint) {
  if (stopping_) return;
  const std::uint16_t port = event.wish.server_port;
  if (const Listens::Item* const known = listens_.find(port)) {
    if (known->wish == event.wish) return;
    end_listen(port);
  }
  if (port == 0 || !listens_.add(event.wish)) {
    return act(ListenFailed{event.wish,
                            {ErrorKind::kState,
                             "port " + std::to_string(port) + " cannot be added to the " +
                                 std::to_string(Listens::kMost) + " that are listened on at most",
                             "give up others first"}});
  }
  drop_hopeless_listens();
}

void Session::handle(const ListenUnwanted& event, TimePoint) {
  if (!stopping_) end_listen(event.server_port);
}

void Session::end_listen(std::uint16_t server_port) {
  const Listens::Item* const item = listens_.find(server_port);
  if (item == nullptr) return;
  const auto bind = item->bind;
  listens_.remove(server_port);
  if (bind) give_back(*bind, "unwanted");
}

/// A first try is told and not repeated; what was granted before is worth more patience.
void Session::fail_listen(std::uint16_t server_port, Error error, TimePoint now) {
  Listens::Item* const item = listens_.find(server_port);
  if (item == nullptr) return;
  if (!item->reported) act(ListenFailed{item->wish, std::move(error)});
  if (item->granted_once) {
    listens_.refused(*item, now);
  } else {
    listens_.remove(server_port);
  }
}

/// Wishes that this gateway cannot fulfil, whatever happens: it says so by its flow policy or by
/// its errors 206 and 208.
void Session::drop_hopeless_listens() {
  if (!offer_.policy()) return;
  const bool supported =
      settings_.method == msg::Method::kRsaIp || offer_.supports(msg::MessageType::kListenRequest);
  for (const Listens::Item& item : std::vector<Listens::Item>(listens_.all())) {
    if (supported && offer_.scope_for(item.wish.remote)) continue;
    const Error why =
        supported
            ? Error{ErrorKind::kState,
                    "the gateway's flow policy lets one remote alone reach a server, and port " +
                        std::to_string(item.wish.server_port) + " was wanted without naming it",
                    "name the remote address (and port) that shall reach it"}
            : Error{ErrorKind::kProtocol, "the gateway does not support LISTEN",
                    "use method = \"rsa-ip\" or another gateway"};
    act(ListenFailed{item.wish, why});
    end_listen(item.wish.server_port);
  }
}

/// Which wishes are fulfilled follows from what is held.
void Session::update_listens() {
  std::vector<ListenWish> fulfilled;
  const bool by_address = settings_.method == msg::Method::kRsaIp && !leases().empty();
  for (const Listens::Item& item : listens_.all()) {
    if (by_address || item.bind) fulfilled.push_back(item.wish);
  }
  if (fulfilled == fulfilled_) return;
  fulfilled_ = std::move(fulfilled);
  changed_ = true;
}

void Session::handle(const QueryWanted& event, TimePoint now) {
  if (stopping_) return;
  queries_.ask(event, now);
  if (offer_.supports(msg::MessageType::kQueryRequest)) return;
  queries_.give_up();
  act(LocalityKnown{});
}

void Session::handle(const RenewWanted& event, TimePoint now) {
  if (event.binds.empty()) book_.verify_all(now);
  for (const BindId bind : event.binds) book_.verify(bind, now);
}

// A server that is reached by such a lease is not reached any more. The base is not filled up here:
// whoever gives up everything wants Stop.
void Session::handle(const ReleaseWanted& event, TimePoint) {
  if (stopping_) return;
  for (const BindId bind : event.binds) {
    const Lease* const lease = book_.find(bind);
    if (lease == nullptr) continue;
    const auto& servers = listens_.all();
    const auto server = std::ranges::find(servers, std::optional(bind), &Listens::Item::bind);
    if (server != servers.end()) listens_.remove(server->wish.server_port);
    give_back(bind, "released");
  }
}

void Session::handle(const HoldWanted& event, TimePoint) {
  const Lease* const lease = book_.find(event.bind);
  if (lease == nullptr || !lease->retiring) return;
  book_.set_retiring(event.bind, false);
  changed_ = true;
}

void Session::handle(const OwnAddresses& event, TimePoint) {
  own_ = event.addresses;
}

void Session::handle(const TunnelUnreachable&, TimePoint now) {
  verify_one(leases().empty() ? std::nullopt : std::optional(leases().front().bind), now);
}

/// Asks for an extension or, with nothing leased, a question, to see whether the gateway still
/// knows us; not more often than kCheckSpacing, whatever sets it off.
void Session::verify_one(std::optional<BindId> bind, TimePoint now) {
  if (!client_ || stopping_ || now < next_check_at_) return;
  next_check_at_ = now + kCheckSpacing;
  if (!bind || !book_.verify(*bind, now)) queries_.ask_everything(now);
}

}  // namespace rsip::agent
