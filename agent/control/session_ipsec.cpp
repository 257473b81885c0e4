#include <algorithm>
#include <string>
#include <utility>

#include "agent/control/refusals.h"
#include "agent/control/session.h"

// Leases of SPIs for IPsec (RFC 3104). Whatever becomes of them, the other leases go on.
namespace rsip::agent {
namespace {

using msg::ErrorCode;

constexpr std::uint16_t kIkePort = 500;
constexpr Duration kLongPause = std::chrono::minutes(5);
/// A gateway that ends the connection, or says nothing, so often in a row does not know RSIPSEC,
/// or is in trouble if it announces it.
constexpr int kMostUnanswered = 3;

Error no_rsipsec() {
  return {ErrorKind::kProtocol, "the gateway does not offer IPsec (RSIPSEC)",
          "IPsec needs another gateway or method = \"rsa-ip\"; everything else goes on"};
}

/// A gateway that never heard of RSIPSEC may put it in many ways.
bool is_about_what_it_does_not_know(ErrorCode code) {
  return code >= ErrorCode::kMissingParam && code <= ErrorCode::kUnsupportedMessage;
}

bool wants_less(ErrorCode code) {
  return code == ErrorCode::kExtraParam || code == ErrorCode::kIllegalParam;
}

msg::Spis spis_of(const SpiNeed& need) {
  if (need.spis.empty()) return msg::Spis::dont_care(need.count);
  if (need.spis.size() == 1) return msg::Spis::contiguous(need.spis.front().first, need.count);
  std::vector<std::uint32_t> numbers;
  for (const SpiRange& range : need.spis) {
    for (std::uint32_t i = 0; i < range.count; ++i) numbers.push_back(range.first + i);
  }
  return msg::Spis::listed(std::move(numbers));
}

msg::Ports ports_of(const SpiNeed& need) {
  if (need.port_count == 0) return msg::Ports::dont_need();
  if (need.ports.empty()) return msg::Ports::dont_care(need.port_count);
  return msg::Ports::contiguous({need.ports.front().first, need.port_count});
}

bool has_spis(const Lease& lease) {
  return !lease.spis.empty();
}

}  // namespace

/// With RSA-IP the SPIs of the address are this host's own, like its ports.
bool Session::wants_ipsec() const {
  return settings_.ipsec.spis > 0 && settings_.method == msg::Method::kRsapIp && !stopping_;
}

RemoteScope Session::spi_scope(const std::optional<Ipv4Address>& peer) const {
  if (!peer) return {};
  return offer_.scope_for({peer, kIkePort}).value_or(RemoteScope{});
}

/// What this host is to have: one lease or, where the gateway wants remotes named, one for each
/// peer.
void Session::want_spis() {
  if (!wants_ipsec() || !client_ || ipsec_obstacle_) return;
  if (!offer_.names_remotes()) return want_spis_for(std::nullopt);
  for (const Ipv4Address peer : settings_.ipsec.peers) want_spis_for(peer);
}

void Session::want_spis_for(const std::optional<Ipv4Address>& peer) {
  const bool under_way = std::ranges::any_of(spis_.all(), [&peer](const SpiNeed& need) {
    return need.kind != SpiNeed::Kind::kGrowth && (!peer || need.peer == peer);
  });
  if (under_way || has_spis_for(peer)) return;
  SpiNeed need;
  need.count = settings_.ipsec.spis;
  need.peer = peer;
  want_ports(need);
  spis_.add(std::move(need));
}

void Session::want_ports(SpiNeed& need) const {
  const IpsecWish& wish = settings_.ipsec;
  need.port_count = wish.ports;
  if (wish.first_port && wish.ports > 0) need.ports = {{*wish.first_port, wish.ports}};
}

/// With the ports that go with them.
bool Session::has_spis_for(const std::optional<Ipv4Address>& peer) const {
  const RemoteScope scope = spi_scope(peer);
  return std::ranges::any_of(leases(), [&](const Lease& lease) {
    return has_spis(lease) && lease.remote == scope &&
           (settings_.ipsec.ports == 0 || !lease.ports.empty());
  });
}

/// As they were (RFC 3103 section 10.5): security associations live on then.
void Session::want_spis_again(const Lease& lost, bool forgotten) {
  SpiNeed need;
  need.kind = SpiNeed::Kind::kLost;
  need.spis = lost.spis;
  need.count = static_cast<std::uint16_t>(spi_count(lost.spis));
  need.local = lost.local;
  need.peer = lost.remote.address;
  need.ports = lost.ports;
  need.port_count = static_cast<std::uint8_t>(port_count(lost.ports));
  need.again = forgotten;
  spis_.add(std::move(need));
}

std::optional<Error> Session::objection_to(const SpisWanted& wanted) const {
  if (settings_.method == msg::Method::kRsaIp) {
    return Error{ErrorKind::kState, "with method rsa-ip there are no SPIs to lease",
                 "every SPI of the address is this host's own already"};
  }
  if (settings_.ipsec.spis == 0) return Error{ErrorKind::kState, "IPsec is not wanted here", ""};
  if (ipsec_obstacle_) return ipsec_obstacle_;
  if (stopping_ || !client_ || link_ != Link::kUp) {
    return Error{ErrorKind::kUnreachable,
                 "there is no registration with gateway " + settings_.gateway.to_string(),
                 "the agent registers again by itself"};
  }
  if (wanted.exactly && *wanted.exactly < kFirstSpi) {
    return Error{ErrorKind::kDenied,
                 "SPI " + spi_to_string(*wanted.exactly) + " is reserved (RFC 4303)", ""};
  }
  if (wanted.local && !is_leased(*wanted.local)) {
    return Error{ErrorKind::kState, wanted.local->to_string() + " is not leased", ""};
  }
  if (offer_.names_remotes() && !wanted.peer) {
    return Error{ErrorKind::kState, "the gateway's flow policy wants the IPsec peer named",
                 "name the peer in the agent's configuration"};
  }
  if (spi_room() == 0) {
    return Error{ErrorKind::kNoResources,
                 "the limit of " + std::to_string(settings_.ipsec.max_spis) + " SPIs is reached",
                 "raise it in the agent's configuration"};
  }
  return std::nullopt;
}

std::size_t Session::spi_room() const {
  std::uint64_t taken = spis_.spis();
  for (const Lease& lease : leases()) taken += spi_count(lease.spis);
  const std::size_t most = settings_.ipsec.max_spis;
  return most > taken ? most - static_cast<std::size_t>(taken) : 0;
}

void Session::handle(const SpisWanted& event, TimePoint) {
  if (stopping_) return;
  const auto same = [&event](const SpiNeed& need) {
    return need.kind == SpiNeed::Kind::kGrowth && need.wanted.exactly == event.exactly &&
           need.wanted.local == event.local && need.wanted.peer == event.peer;
  };
  if (std::ranges::any_of(spis_.all(), same)) return;  // its answer is the answer to this one
  if (is_leased_exactly(event)) {
    changed_ = true;
    return;
  }
  if (const auto error = objection_to(event)) return act(SpisRefused{event, *error});
  if (!spis_.add(growth_for(event))) {
    act(SpisRefused{event, {ErrorKind::kNoResources, "too many SPIs are asked for at once", ""}});
  }
}

bool Session::is_leased_exactly(const SpisWanted& event) const {
  return event.exactly && std::ranges::any_of(leases(), [&event](const Lease& lease) {
           return contains(lease.spis, *event.exactly) &&
                  (!event.local || lease.local == event.local) &&
                  (!event.peer || lease.remote.allows(*event.peer, std::nullopt));
         });
}

/// What was leased as it was before may be what somebody waits for.
void Session::drop_fulfilled_growth() {
  spis_.remove_if([this](const SpiNeed& need) {
    return need.kind == SpiNeed::Kind::kGrowth && is_leased_exactly(need.wanted);
  });
}

SpiNeed Session::growth_for(const SpisWanted& event) const {
  SpiNeed need;
  need.kind = SpiNeed::Kind::kGrowth;
  need.wanted = event;
  need.count = static_cast<std::uint16_t>(
      std::clamp<std::size_t>(event.count, 1, std::max<std::size_t>(spi_room(), 1)));
  if (event.exactly) {
    need.count = 1;
    need.spis = {{*event.exactly, 1}};
  }
  const auto first = std::ranges::find_if(leases(), has_spis);
  need.local = event.local;
  if (!need.local && first != leases().end()) need.local = first->local;
  if (offer_.names_remotes()) need.peer = event.peer;
  if (!has_spis_for(need.peer)) want_ports(need);
  return need;
}

void Session::handle(const SpisUnwanted& event, TimePoint) {
  if (stopping_) return;
  for (const BindId bind : event.binds) {
    const Lease* const lease = book_.find(bind);
    if (lease != nullptr && has_spis(*lease)) give_back(bind, "idle");
  }
  want_spis();
}

// Not before the usual lease: what follows shall be under the same address.
TimePoint Session::spis_at() const {
  const bool possible = offer_.obstacle() == nullptr && !ipsec_obstacle_ &&
                        book_.outgoing_count() >= std::min<std::size_t>(base_target(), 1);
  return possible ? spis_.next_at() : TimePoint::max();
}

bool Session::is_leased(Ipv4Address local) const {
  return std::ranges::find(leases(), local, &Lease::local) != leases().end();
}

/// The need as this gateway can be asked for it now.
SpiNeed Session::fitted(SpiNeed need) const {
  const bool known = need.local && is_leased(*need.local);
  if (!known && !leases().empty()) {
    if (need.kind == SpiNeed::Kind::kLost) {
      need.spis.clear();
      need.ports.clear();
    }
    need.local = usual_address();
  }
  if (offer_.one_port_at_a_time() && need.port_count > 1) {
    need.port_count = 1;
    if (!need.ports.empty()) need.ports = {{need.ports.front().first, 1}};
  }
  return need;
}

// "An RSIP client MUST request an IP address and SPIs in one message" (RFC 3104 section 6.2).
void Session::request_spis(TimePoint now) {
  asked_spis_ = fitted(*spis_.next(now));
  const RemoteScope scope = spi_scope(asked_spis_.peer);
  const auto& local = asked_spis_.local;
  const bool plain = plain_ || plain_spis_;
  request(msg::AssignRequestRsipsec{*client_,
                                    local ? msg::Address(*local) : msg::Address(msg::DontCare{}),
                                    ports_of(asked_spis_),
                                    remote_address(scope),
                                    remote_ports(scope),
                                    spis_of(asked_spis_),
                                    plain ? std::nullopt : lease_time(),
                                    plain ? std::nullopt : std::optional(offer_.tunnel()),
                                    {}},
          now);
}

void Session::receive(const msg::AssignResponseRsipsec& message, TimePoint now) {
  const auto request =
      tracker_.take_answered(message.trailer, msg::MessageType::kAssignResponseRsipsec);
  if (request) accept_spis(grant_of(message), *request, now);
}

void Session::accept_spis(const Grant& grant, const Request& request, TimePoint now) {
  unanswered_spis_ = 0;
  if (stopping_) return refused_grants_.push_back(grant.bind);
  if (!client_) return step();
  SpiNeed* const need = spis_.find(asked_spis_.id);
  if (need == nullptr) return refuse_grant(grant);
  GrantTerms terms = terms_of(asked_spis_.local);
  terms.remote = spi_scope(asked_spis_.peer);
  terms.spis = &asked_spis_;
  const auto lease = examine(grant, terms);
  if (lease) {
    spis_.remove(asked_spis_.id);
    spis_.succeeded();
    take_in(*lease, grant, request);
    drop_fulfilled_growth();
    ipsec_told_.reset();
    return want_spis();
  }
  refuse_grant(grant);
  if (need->kind != SpiNeed::Kind::kBase) act(Problem{lease.error(), false});
  need->ports.clear();  // suggestions did not help; what it has it may give
  need->count = std::clamp<std::uint16_t>(grant.spis->count, 1, need->count);
  give_up_spis(*need, lease.error(), now);
}

/// Growth is answered, what was lost is not tried again, and what this host is to have is.
void Session::give_up_spis(SpiNeed& need, const Error& error, TimePoint now) {
  if (need.kind == SpiNeed::Kind::kBase) {
    act(Problem{error, false});
    return spis_.pause(need, now);
  }
  if (need.kind == SpiNeed::Kind::kGrowth) act(SpisRefused{need.wanted, error});
  spis_.remove(need.id);
  want_spis();
}

// RFC 3104 appendix B.
void Session::spis_refused(const msg::ErrorResponse& error, TimePoint now) {
  unanswered_spis_ = 0;
  SpiNeed* const need = spis_.find(asked_spis_.id);
  if (need == nullptr) return;
  const ErrorCode code = error.code();
  if (code == ErrorCode::kIpsecUnallowed) return end_ipsec(explain(error));
  const bool unknown = code == ErrorCode::kUnsupportedMessage || code == ErrorCode::kIllegalMessage;
  if (unknown ||
      (!offer_.announces(msg::Method::kRsipsec) && is_about_what_it_does_not_know(code))) {
    return end_ipsec(no_rsipsec());
  }
  if (wants_less(code) && !std::exchange(plain_spis_, true)) return;
  if (try_other_spis(*need, code, now)) return;
  const Error why = explain(error);
  give_up_spis(*need, why, now);
  if (is_about_what_it_does_not_know(code)) spis_.pause_until(now + kLongPause);
}

/// The same with less, or without what was suggested. False if there is nothing to change.
bool Session::try_other_spis(SpiNeed& need, ErrorCode code, TimePoint now) {
  if (code == ErrorCode::kIpsecSpiInuse && need.kind == SpiNeed::Kind::kLost &&
      !need.spis.empty()) {
    need.spis.clear();
    need.again = false;
    return true;
  }
  if (need.kind == SpiNeed::Kind::kLost) return false;
  if (code == ErrorCode::kIpsecSpiUnavailable && need.count > 1) {
    need.count /= 2;
    spis_.pause(need, now);
    return true;
  }
  const bool about_ports = code == ErrorCode::kLocalAddrportUnavailable ||
                           code == ErrorCode::kLocalAddrportInuse ||
                           code == ErrorCode::kLocalAddrportUnallowed;
  if (!about_ports || asked_spis_.port_count == 0) return false;
  if (!need.ports.empty()) {
    need.ports.clear();
    return true;
  }
  if (code != ErrorCode::kLocalAddrportUnavailable || asked_spis_.port_count == 1) return false;
  need.port_count = asked_spis_.port_count / 2;
  return true;
}

void Session::refuse_spi_growth(const Error& why) {
  for (const SpiNeed& need : spis_.take_growth()) act(SpisRefused{need.wanted, why});
}

/// No more SPIs from this registration; what is held stays.
void Session::end_ipsec(Error why) {
  refuse_spi_growth(why);
  spis_.clear();
  if (ipsec_told_ != why) act(Problem{why, false});
  ipsec_told_ = ipsec_obstacle_ = std::move(why);
}

/// The connection ended. If that is what a request for SPIs gets, it must not go on for ever.
void Session::spis_interrupted(const Error& reason, TimePoint now) {
  refuse_spi_growth(reason);
  const auto& request = tracker_.outstanding();
  if (!request || request->type != msg::MessageType::kAssignRequestRsipsec) return;
  const bool often = ++unanswered_spis_ >= kMostUnanswered;
  if (often && !offer_.announces(msg::Method::kRsipsec)) return end_ipsec(no_rsipsec());
  spis_.pause_all(now);
  if (often) spis_.pause_until(now + kLongPause);
}

/// A new registration, perhaps on other terms.
void Session::renew_spi_needs() {
  ipsec_obstacle_.reset();
  plain_spis_ = false;
  fit_spi_needs();
}

/// The flow policy may have changed.
void Session::fit_spi_needs() {
  refuse_spi_growth({ErrorKind::kState, "the gateway's flow policy changed", ""});
  if (offer_.names_remotes()) spis_.keep_named();
  want_spis();
}

}  // namespace rsip::agent
