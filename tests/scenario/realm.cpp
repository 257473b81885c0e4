#include "tests/scenario/realm.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>

#include <gtest/gtest.h>

namespace rsip::scenario {
namespace {

using std::chrono::milliseconds;

constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kFirstHost{0x0A010100};

std::vector<std::uint8_t> bytes_of(const msg::Message& message) {
  const auto bytes = msg::encode(message);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes.value_or(std::vector<std::uint8_t>{});
}

/// A port or an SPI of a leased address.
struct Claim {
  Ipv4Address local;
  bool spi = false;
  std::uint32_t number = 0;
  auto operator<=>(const Claim&) const = default;
};

std::string to_string(const Claim& claim) {
  const std::string number =
      claim.spi ? " SPI " + spi_to_string(claim.number) : ":" + std::to_string(claim.number);
  return claim.local.to_string() + number;
}

std::vector<Claim> claims_of(const agent::Lease& lease) {
  std::vector<Claim> claims;
  for (const PortRange& range : lease.ports) {
    for (std::uint32_t port = range.first; port <= range.last(); ++port) {
      claims.push_back({lease.local, false, port});
    }
  }
  for (const SpiRange& range : lease.spis) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      claims.push_back({lease.local, true, range.first + i});
    }
  }
  return claims;
}

const gateway::Owner* owner_of(const gateway::DemuxTable& table, const Claim& claim) {
  const gateway::DemuxTable::Row* const row = table.find(claim.local);
  if (row == nullptr) return nullptr;
  return claim.spi ? gateway::owner_of_spi(*row, claim.number)
                   : gateway::owner_of(*row, static_cast<std::uint16_t>(claim.number));
}

std::string describe(BindId bind, Ipv4Address local, std::span<const PortRange> ports,
                     std::span<const SpiRange> spis) {
  return "bind " + std::to_string(bind.value) + " of " + local.to_string() + ", ports " +
         to_string(ports) + ", SPIs " + to_string(spis);
}

/// What a host believes that it has, in words.
std::set<std::string> believed_by(const agent::Session& session) {
  std::set<std::string> all;
  for (const agent::Lease& lease : session.leases()) {
    all.insert(describe(lease.bind, lease.local, lease.ports, lease.spis));
  }
  return all;
}

/// What the gateway believes that the host has, in words.
std::set<std::string> believed_of(const gateway::Registration* host) {
  std::set<std::string> all;
  if (host == nullptr) return all;
  for (const auto& [id, bind] : host->binds) {
    all.insert(describe(id, bind.address, bind.ports, bind.spis));
  }
  return all;
}

}  // namespace

agent::SessionSettings host_settings() {
  agent::SessionSettings settings{kGateway};
  settings.block_ports = 8;
  settings.max_ports = 64;
  settings.lease = msg::LeaseTime(600);
  return settings;
}

Realm::Realm(std::size_t hosts, gateway::EngineSettings settings, std::uint64_t seed,
             agent::SessionSettings host)
    : settings_(std::move(settings)), host_settings_(std::move(host)), random_(seed) {
  start_gateway();
  for (std::size_t i = 0; i < hosts; ++i) {
    const Ipv4Address address{kFirstHost.value + static_cast<std::uint32_t>(i)};
    hosts_.push_back({address, agent::Session(host_settings_, random_()),
                      host_settings_.first_wait > Duration::zero()});
  }
  for (std::size_t i = 0; i < hosts; ++i) carry_out(i, hosts_[i].session.start(now_));
}

void Realm::run(Duration span) {
  const TimePoint end = now_ + span;
  for (int steps = 0; steps < 10'000'000; ++steps) {
    TimePoint next = events_.empty() ? end : std::min(end, events_.begin()->first);
    if (engine_) next = std::min(next, engine_->next_deadline());
    for (const Host& host : hosts_) next = std::min(next, host.session.next_deadline());
    now_ = std::max(now_, next);
    if (now_ >= end) break;
    if (!events_.empty() && events_.begin()->first <= now_) {
      events_.extract(events_.begin()).mapped()();
    } else if (engine_ && engine_->next_deadline() <= now_) {
      carry_out(engine_->on_time(now_), {});
    } else {
      const auto due = std::ranges::find_if(
          hosts_, [this](const Host& host) { return host.session.next_deadline() <= now_; });
      feed(static_cast<std::size_t>(due - hosts_.begin()), agent::Tick{});
    }
    after_each();
  }
  ASSERT_GE(now_, end) << "time does not pass: somebody asks to be woken without end";
}

Duration Realm::latency() {
  return milliseconds(1 + random_() % 40);
}

void Realm::crash_gateway() {
  engine_ = nullptr;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    hosts_[i].at_gateway = {};
    if (!hosts_[i].cut && !hosts_[i].udp) lose_connection(i, "reset by peer");
  }
}

void Realm::start_gateway() {
  engine_ =
      std::make_unique<gateway::Engine>(settings_, static_cast<std::uint32_t>(random_()),
                                        [this] { return static_cast<std::uint32_t>(random_()); });
}

void Realm::cut(std::size_t host) {
  hosts_[host].cut = true;
}

void Realm::mend(std::size_t host) {
  hosts_[host].cut = false;
}

void Realm::restart(std::size_t host) {
  Host& old = hosts_[host];
  Host fresh{old.address, agent::Session(host_settings_, random_()),
             host_settings_.first_wait > Duration::zero()};
  fresh.cut = old.cut;
  fresh.connection = old.connection + 1;
  fresh.life = old.life + 1;
  old = std::move(fresh);
  carry_out(host, old.session.start(now_));
}

void Realm::feed(std::size_t host, const agent::SessionEvent& event) {
  carry_out(host, hosts_[host].session.on(event, now_));
}

void Realm::carry_out(std::size_t host, std::vector<agent::SessionAction> actions) {
  for (const agent::SessionAction& action : actions) {
    on_action(host, action);
    if (std::holds_alternative<agent::OpenLink>(action)) connect(host);
    if (std::holds_alternative<agent::CloseLink>(action)) {
      hosts_[host].connected = false;
      ++hosts_[host].connection;
    }
    if (std::holds_alternative<agent::Finished>(action)) hosts_[host].finished = true;
    if (std::holds_alternative<agent::UseTcp>(action)) hosts_[host].udp = false;
    if (const auto* const sent = std::get_if<agent::Send>(&action)) {
      to_gateway(host, hosts_[host].last_sent = bytes_of(sent->message));
    }
    if (std::holds_alternative<agent::SendAgain>(action)) to_gateway(host, hosts_[host].last_sent);
    if (const auto* const failed = std::get_if<agent::ListenFailed>(&action)) {
      listens_failed_.push_back(*failed);
    }
  }
}

void Realm::connect(std::size_t host) {
  const std::uint64_t connection = ++hosts_[host].connection;
  if (hosts_[host].udp) {  // nobody has to be there
    hosts_[host].connected = true;
    return at(now_, [this, host, connection] {
      if (hosts_[host].connection == connection) feed(host, agent::LinkUp{});
    });
  }
  const bool lost = hosts_[host].cut;
  at(now_ + (lost ? Duration(std::chrono::seconds(5)) : latency()), [this, host, connection, lost] {
    if (hosts_[host].connection != connection) return;
    if (lost || hosts_[host].cut || !engine_) {
      feed(host, agent::LinkDown{{ErrorKind::kUnreachable, "cannot connect", ""}});
    } else {
      hosts_[host].connected = true;
      feed(host, agent::LinkUp{});
    }
  });
}

void Realm::lose_connection(std::size_t host, const char* why) {
  if (!hosts_[host].connected) return;
  hosts_[host].connected = false;
  const std::uint64_t connection = ++hosts_[host].connection;
  at(now_ + latency(), [this, host, connection, why] {
    if (hosts_[host].connection != connection) return;
    feed(host, agent::LinkDown{{ErrorKind::kUnreachable, why, ""}});
  });
}

void Realm::transmit(std::size_t host, const Bytes& bytes, const Deliver& deliver) {
  ++messages_;
  Host& end = hosts_[host];
  if (end.udp) return transmit_datagram(host, bytes, deliver);
  end.last_arrival = std::max(end.last_arrival, now_ + latency());
  at(end.last_arrival, [this, host, connection = end.connection, bytes, deliver] {
    const bool stands = hosts_[host].connection == connection && !hosts_[host].cut;
    if (stands) deliver(bytes);
  });
}

void Realm::transmit_datagram(std::size_t host, const Bytes& bytes, const Deliver& deliver) {
  for (int copies = happens(wire.duplicate) ? 2 : 1; copies > 0; --copies) {
    if (happens(wire.drop)) continue;
    at(now_ + latency(), [this, host, life = hosts_[host].life, bytes, deliver] {
      const Host& end = hosts_[host];
      if (!end.cut && end.udp && end.life == life) deliver(bytes);
    });
  }
}

bool Realm::happens(double probability) {
  return std::bernoulli_distribution(probability)(random_);
}

void Realm::to_gateway(std::size_t host, const Bytes& bytes) {
  transmit(host, bytes, [this, host](const Bytes& arrived) {
    if (engine_) serve(host, arrived);
  });
}

void Realm::serve(std::size_t host, const Bytes& bytes) {
  Host& from = hosts_[host];
  const auto message = msg::decode(bytes);
  if (from.udp && answer_again(host, message)) return;
  const auto transport = from.udp ? gateway::Transport::kUdp : gateway::Transport::kTcp;
  carry_out(engine_->on({from.address, transport}, message, now_), host);
}

/// A duplicate gets the answer that the first copy got (RFC 3103 section 10.1).
bool Realm::answer_again(std::size_t host, const gateway::Engine::Decoded& message) {
  LastMessage& last = hosts_[host].at_gateway;
  const auto counter = message
                           ? std::visit([](const auto& m) { return m.trailer.counter; }, *message)
                           : std::nullopt;
  if (!counter) return false;
  if (*counter == last.counter) {
    for (const Bytes& answer : last.answers) to_host(host, answer);
    return true;
  }
  last = {*counter, {}};
  return false;
}

void Realm::carry_out(std::vector<gateway::Action> actions, std::optional<std::size_t> asked_by) {
  for (const gateway::Action& action : actions) {
    if (const auto* const reply = std::get_if<gateway::Reply>(&action); reply && asked_by) {
      const Bytes answer = bytes_of(reply->message);
      hosts_[*asked_by].at_gateway.answers.push_back(answer);
      to_host(*asked_by, answer);
    }
    if (const auto* const notice = std::get_if<gateway::Notify>(&action)) {
      const auto host = index_of(notice->host);
      if (host && hosts_[*host].connected) to_host(*host, bytes_of(notice->message));
    }
  }
}

void Realm::to_host(std::size_t host, Bytes bytes) {
  if (hosts_[host].udp && happens(wire.cut)) bytes.resize(random_() % bytes.size());
  transmit(host, bytes, [this, host](const Bytes& arrived) {
    const auto message = msg::decode(arrived);
    if (message) feed(host, agent::Received{*message});  // or it is discarded (section 9.1)
  });
}

std::optional<std::size_t> Realm::index_of(Ipv4Address address) const {
  const auto found = std::ranges::find(hosts_, address, &Host::address);
  if (found == hosts_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - hosts_.begin());
}

std::string Realm::disagreement() {
  std::map<Claim, Ipv4Address> users;
  const auto table = engine_ ? engine_->table() : nullptr;
  for (const Host& host : hosts_) {
    for (const agent::Lease& lease : host.session.leases()) {
      if (lease.expires_at < now_) return host.address.to_string() + " holds an expired lease";
      for (const Claim& claim : claims_of(lease)) {
        const auto used = [&] {
          return to_string(claim) + " is used by " + host.address.to_string();
        };
        const auto [at, fresh] = users.try_emplace(claim, host.address);
        if (!fresh) return used() + " and " + at->second.to_string();
        if (table == nullptr) continue;
        const gateway::Owner* const owner = owner_of(*table, claim);
        if (owner == nullptr || owner->host != host.address) {
          return used() + ", the gateway has it for " +
                 (owner != nullptr ? owner->host.to_string() : "nobody");
        }
      }
    }
  }
  return "";
}

std::string Realm::difference() const {
  for (const Host& host : hosts_) {
    const auto here = believed_by(host.session);
    const auto there = believed_of(engine_ ? engine_->find(host.address) : nullptr);
    std::vector<std::string> odd;
    std::ranges::set_symmetric_difference(here, there, std::back_inserter(odd));
    if (odd.empty()) continue;
    const char* const who = here.contains(odd.front()) ? " alone knows " : " does not know ";
    return host.address.to_string() + who + odd.front();
  }
  return "";
}

}  // namespace rsip::scenario
