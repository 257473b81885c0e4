#include "agent/app/gateway_client.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "agent/app/status_report.h"

// The life of a client, and the host's network under it. What its session wants done is in
// gateway_actions.cpp, what people ask for in gateway_calls.cpp.
namespace rsip::agent {
namespace {

using std::chrono::seconds;

constexpr Duration kMatchAgainAfter = seconds(5);
constexpr Duration kShortestUseCheck = seconds(1);
constexpr Duration kLongestUseCheck = seconds(30);

/// A host that cannot carry a tunnel stays unusable however often one tries.
bool is_final(ErrorKind kind) {
  return kind == ErrorKind::kPermission || kind == ErrorKind::kInUse ||
         kind == ErrorKind::kNotFound || kind == ErrorKind::kConfigInvalid;
}

/// Some address of the internet (TEST-NET-1): the way to it is the default route.
constexpr Ipv4Address kAnywhere{0xC0000201};

/// What was said on the network about the transport does not weaken what the user has asked for.
Transport transport_to(const FoundGateway& gateway, Transport configured) {
  if (configured == Transport::kTls || gateway.source != "slp") return configured;
  return gateway.transport == OfferedTransport::kUdp ? Transport::kUdp : Transport::kTcp;
}

}  // namespace

GatewayClient::GatewayClient(const GatewayConfig& config, std::size_t position,
                             ClientPlatform platform, ClientEvents events, bool fail_fast,
                             std::uint64_t seed)
    : config_(config),
      platform_(std::move(platform)),
      events_(std::move(events)),
      fail_fast_(fail_fast),
      seed_(seed),
      tunnel_(config_, position, platform_.network, platform_.tunnels,
              [this] { return datapath_events(); }),
      search_(seed),
      happenings_(config_.name, [this](ipc::Happening happening) {
        if (events_.happened) events_.happened(std::move(happening));
      }) {
  for (const std::uint16_t port : config_.listen) listens_.push_back({port, {}, false, {}});
}

void GatewayClient::start() {
  look_for_way();
  if (config_.address)
    return begin({*config_.address, config_.port, config_.transport}, "configuration");
  find_gateway();
}

void GatewayClient::begin(const LinkTarget& target, std::string found_by) {
  target_ = target;
  found_by_ = std::move(found_by);
  finished_ = false;
  local_networks_.clear();
  session_.emplace(session_settings(), ++seed_);
  start_ipsec();
  tell_own_addresses();
  for (const ListenWish& wish : listens_)
    carry_out(session_->on(ListenWanted{wish}, platform_.now()));
  carry_out(session_->start(platform_.now()));
  events_.changed();
}

SessionSettings GatewayClient::session_settings() const {
  SessionSettings settings;
  settings.gateway = target_->address;
  settings.method = config_.method;
  settings.block_ports = config_.ports;
  settings.max_ports = config_.max_ports;
  settings.addresses = config_.addresses;
  settings.lease = msg::LeaseTime(static_cast<std::uint32_t>(config_.lease.count()));
  settings.tunnels = config_.tunnels;
  settings.ipsec = ipsec_wish();
  if (target_->transport == Transport::kUdp) settings.first_wait = config_.first_wait;
  return settings;
}

void GatewayClient::stop() {
  stopping_ = true;
  searching_ = false;
  if (!session_) return tell_stopped();
  end_ipsec();
}

/// Once, however often it is told to stop: the agent counts.
void GatewayClient::tell_stopped() {
  if (!std::exchange(stopped_, true)) events_.stopped();
}

void GatewayClient::end_session() {
  session_.reset();
  ipsec_.reset();
  if (link_ != nullptr) link_->close();
  link_.reset();
  link_source_.reset();
  match_again_at_ = check_use_at_ = TimePoint::max();
  host_problem_.reset();
  calls_.give_up({ErrorKind::kState, "gateway " + config_.name + " is not in use any more", ""});
  if (auto cleaned = tunnel_.clear(); !cleaned && !failed_) {
    events_.failed({ErrorKind::kOther, cleaned.error().message,
                    "the next start of rsipd removes what is left"});
  }
  if (stopping_) tell_stopped();
}

void GatewayClient::find_gateway() {
  searching_ = true;
  spdlog::debug("gateway.searching name={}", config_.name);
  platform_.find(config_, [this](std::vector<FoundGateway> gateways) {
    if (searching_) found(std::move(gateways));
  });
}

void GatewayClient::found(std::vector<FoundGateway> gateways) {
  searching_ = false;
  candidates_.assign(gateways.rbegin(), gateways.rend());
  if (!candidates_.empty()) return try_next_gateway();
  problem_ = Error{ErrorKind::kUnreachable, "no RSIP gateway was found for " + config_.name,
                   "name one: address = \"10.1.0.1\"; or ask the network's operator"};
  spdlog::warn("problem: {}", to_line(*problem_));
  if (has_way_) happenings_.trouble(*problem_, platform_.now());
  search_.fail(platform_.now());
  events_.changed();
}

void GatewayClient::try_next_gateway() {
  const FoundGateway gateway = candidates_.back();
  candidates_.pop_back();
  spdlog::info("gateway.found name={} address={} port={} by={}", config_.name,
               gateway.address.to_string(), gateway.port, gateway.source);
  begin({gateway.address, gateway.port, transport_to(gateway, config_.transport)}, gateway.source);
}

/// A gateway that was found, not named, and leads nowhere.
bool GatewayClient::gave_up() const {
  return !config_.address && !stopping_ && session_ && session_->leases().empty() &&
         !session_->suspended() && session_->state() == SessionState::kUnregistered;
}

void GatewayClient::feed(const SessionEvent& event) {
  if (!session_) return;
  carry_out(session_->on(event, platform_.now()));
  if (!finished_) want_an_address();
  if (finished_) {
    end_session();
    if (up_ && !stopping_) start();  // wanted again while the session gave everything back
  } else if (gave_up()) {
    end_session();
    search_.fail(platform_.now());
  }
  events_.changed();
}

void GatewayClient::wake() {
  const TimePoint now = platform_.now();
  if (now >= match_again_at_) {
    match_host();
    events_.changed();
  }
  if (now >= check_use_at_) check_use();
  look_after_renewals(now);
  if (session_ && now >= session_->next_deadline()) return feed(Tick{});
  const bool idle = !session_ && !searching_ && up_ && !stopping_ && !config_.address;
  if (idle && search_.over(now)) candidates_.empty() ? find_gateway() : try_next_gateway();
}

TimePoint GatewayClient::next_deadline() const {
  if (session_) {
    return std::min({session_->next_deadline(), match_again_at_, check_use_at_, next_overdue()});
  }
  const bool waits = !searching_ && up_ && !stopping_ && !config_.address;
  return waits ? search_.until() : TimePoint::max();
}

LinkEvents GatewayClient::link_events() {
  LinkEvents events;
  events.up = [this] { feed(LinkUp{}); };
  events.down = [this](const Error& reason) { feed(LinkDown{reason}); };
  events.message = [this](const msg::Message& message) {
    happenings_.alive();
    feed(Received{message});
  };
  events.discarded = [this](const msg::DecodeError& error) {
    unread_ = error;
    spdlog::warn("message.discarded error={} offset={} detail=\"{}\"", msg::to_string(error.code),
                 error.offset, error.detail);
  };
  events.rejected = [this](const Error& reason) {
    if (problem_ != reason) spdlog::warn("message.rejected {}", to_line(reason));
    problem_ = reason;
    events_.changed();
  };
  return events;
}

// Called from the pump's thread.
DatapathEvents GatewayClient::datapath_events() {
  DatapathEvents events;
  events.ports_wanted = [this](std::vector<RemoteScope> remotes) {
    platform_.post(
        [this, remotes = std::move(remotes)]() mutable { feed(PortsWanted{std::move(remotes)}); });
  };
  const std::uint64_t tunnel = ++tunnels_;
  events.ike_held = [this, tunnel](const IkeHold& hold) {
    platform_.post([this, tunnel, hold] {
      if (tunnel == tunnels_) look_into(hold);
    });
  };
  events.device_gone = [this, tunnel] {
    platform_.post([this, tunnel] {
      if (tunnel != tunnels_ || !session_) return;  // that tunnel was closed meanwhile
      tunnel_.device_gone();
      match_host();
      events_.changed();
    });
  };
  return events;
}

void GatewayClient::network_changed() {
  look_for_way();
  if (!session_) return;
  tell_own_addresses();
  // What fails for another reason takes back what it did, which is a change, too.
  const bool hopeful = !host_problem_ || host_problem_->kind == ErrorKind::kUnreachable;
  if (hopeful) match_host();
  const auto source = source_to_gateway();
  follow(source);
  const bool back = source && source != last_source_;
  last_source_ = source;
  if (back) feed(NetworkBack{});
}

void GatewayClient::look_for_way() {
  has_way_ = platform_.network.path_to(config_.address.value_or(kAnywhere)).has_value();
}

void GatewayClient::tell_own_addresses() {
  auto own = platform_.network.own_addresses();
  if (own) carry_out(session_->on(OwnAddresses{std::move(*own)}, platform_.now()));
}

// To the gateway a host is its address: from another one it registers anew.
void GatewayClient::follow(const std::optional<Ipv4Address>& source) {
  if (!source || !link_source_ || *source == *link_source_ || !session_) return;
  if (session_->state() == SessionState::kStopping) return;
  spdlog::info("network.source_changed gateway={} from={} to={}", config_.name,
               link_source_->to_string(), source->to_string());
  link_source_.reset();
  link_->close();
  feed(LinkDown{{ErrorKind::kUnreachable,
                 "the network changed: the way to gateway " + target_->address.to_string() +
                     " now begins at " + source->to_string(),
                 "the agent connects again by itself"}});
}

std::optional<Ipv4Address> GatewayClient::source_to_gateway() const {
  const auto path = platform_.network.path_to(target_->address);
  return path ? std::optional(path->source) : std::nullopt;
}

void GatewayClient::match_host() {
  match_again_at_ = TimePoint::max();
  const auto matched = tunnel_.match(*session_, target_->address, local_networks_);
  if (matched) {
    host_problem_.reset();
  } else if (is_final(matched.error().kind)) {
    fail_for_good(matched.error());
  } else {
    host_trouble(matched.error());
  }
  answer_met_listens();
  match_ipsec();
  if (session_->leases().empty()) {
    check_use_at_ = TimePoint::max();
  } else if (check_use_at_ == TimePoint::max()) {
    check_use_at_ = platform_.now() + kShortestUseCheck;
  }
}

/// Under a remote flow policy nothing is leased before a flow names its remote (RFC 3103 section
/// 7.2), but there is no flow before there is an address to send from. So the first lease names the
/// gateway itself.
void GatewayClient::want_an_address() {
  const auto& policy = session_->policy();
  const bool named = policy && policy->remote != msg::RemoteFlowPolicy::kNone;
  if (!named || !session_->client() || !session_->leases().empty()) return;
  RemoteScope gateway{target_->address, std::nullopt};
  if (policy->remote == msg::RemoteFlowPolicy::kMicro) gateway.port = target_->port;
  carry_out(session_->on(PortsWanted{{gateway}}, platform_.now()));
}

bool GatewayClient::is_anchor(BindId bind) const {
  const Lease* const lease = lease_of(bind);
  return lease != nullptr && lease->remote.address == target_->address;
}

/// Null: there is no such bind.
const Lease* GatewayClient::lease_of(BindId bind) const {
  if (!session_) return nullptr;
  const auto& leases = session_->leases();
  const auto found = std::ranges::find(leases, bind, &Lease::bind);
  return found != leases.end() ? &*found : nullptr;
}

// What was leased stays leased: networks come back.
void GatewayClient::host_trouble(const Error& error) {
  if (host_problem_ != error) spdlog::warn("problem: {}", to_line(error));
  host_problem_ = error;
  match_again_at_ = platform_.now() + kMatchAgainAfter;
  events_.changed();
}

/// Tells the session which leases nothing uses. That a tuple rests after its last use (RFC 3102
/// section 6.1) is the data path's business: so long it counts as in use.
void GatewayClient::check_use() {
  check_use_at_ =
      platform_.now() + std::clamp(Duration(config_.idle) / 4, kShortestUseCheck, kLongestUseCheck);
  if (config_.forward) return;  // what the hosts behind us use we cannot know
  LeasesIdle idle;
  for (const BindingUse& use : tunnel_.use()) {
    if (use.in_use || is_anchor(use.bind) || is_for_ipsec(use.bind)) continue;
    if (notes_.is_held(use.bind)) continue;
    if (use.retiring) idle.retiring.push_back(use.bind);
    if (!use.retiring && use.idle >= config_.idle) idle.idle.push_back(use.bind);
  }
  if (!idle.retiring.empty() || !idle.idle.empty()) feed(idle);
}

void GatewayClient::fail_for_good(const Error& error) {
  if (std::exchange(failed_, true)) return;
  problem_ = error;
  stopping_ = true;
  events_.failed(error);
  platform_.post([this] {
    if (session_) end_ipsec();
  });
}

ipc::GatewayStatus GatewayClient::status() const {
  GatewayReport report{config_,    target_, found_by_,
                       searching_, up_,     link_ != nullptr && link_->authenticated()};
  report.session = session_ ? &*session_ : nullptr;
  report.problem = host_problem_ ? host_problem_ : problem_;
  report.stats = tunnel_.stats();
  report.end = tunnel_.end();
  report.mtu = tunnel_.mtu();
  report.local_networks = local_networks_;
  report.notes = &notes_;
  return report_gateway(report, platform_.now());
}

}  // namespace rsip::agent
