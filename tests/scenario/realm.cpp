#include "tests/scenario/realm.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace rsip::scenario {
namespace {

using std::chrono::milliseconds;

constexpr Ipv4Address kGateway{0x0A010001};
constexpr Ipv4Address kFirstHost{0x0A010100};

agent::SessionSettings host_settings() {
  agent::SessionSettings settings{kGateway};
  settings.block_ports = 8;
  settings.max_ports = 64;
  settings.lease = msg::LeaseTime(600);
  return settings;
}

}  // namespace

Realm::Realm(std::size_t hosts, gateway::EngineSettings settings, std::uint64_t seed)
    : settings_(std::move(settings)), random_(seed) {
  start_gateway();
  for (std::size_t i = 0; i < hosts; ++i) {
    const Ipv4Address address{kFirstHost.value + static_cast<std::uint32_t>(i)};
    hosts_.push_back({address, agent::Session(host_settings(), random_())});
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
    if (!hosts_[i].cut) lose_connection(i, "reset by peer");
  }
}

void Realm::start_gateway() {
  engine_ = std::make_unique<gateway::Engine>(settings_, static_cast<std::uint32_t>(random_()));
}

void Realm::cut(std::size_t host) {
  hosts_[host].cut = true;
}

void Realm::mend(std::size_t host) {
  hosts_[host].cut = false;
}

void Realm::feed(std::size_t host, const agent::SessionEvent& event) {
  carry_out(host, hosts_[host].session.on(event, now_));
}

void Realm::carry_out(std::size_t host, std::vector<agent::SessionAction> actions) {
  for (const agent::SessionAction& action : actions) {
    if (std::holds_alternative<agent::OpenLink>(action)) connect(host);
    if (std::holds_alternative<agent::CloseLink>(action)) {
      hosts_[host].connected = false;
      ++hosts_[host].connection;
    }
    if (std::holds_alternative<agent::Finished>(action)) hosts_[host].finished = true;
    if (const auto* const sent = std::get_if<agent::Send>(&action)) {
      send(host, sent->message, [this, host](const gateway::Engine::Decoded& message) {
        if (engine_) carry_out(engine_->on({hosts_[host].address}, message, now_), host);
      });
    }
  }
}

void Realm::connect(std::size_t host) {
  const std::uint64_t connection = ++hosts_[host].connection;
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

void Realm::send(std::size_t host, const msg::Message& message,
                 std::function<void(const gateway::Engine::Decoded&)> deliver) {
  const auto bytes = msg::encode(message);
  ASSERT_TRUE(bytes) << bytes.error().message;
  ++messages_;
  Host& end = hosts_[host];
  end.last_arrival = std::max(end.last_arrival, now_ + latency());
  at(end.last_arrival,
     [this, host, connection = end.connection, bytes = *bytes, deliver = std::move(deliver)] {
       const bool stands = hosts_[host].connection == connection && !hosts_[host].cut;
       if (stands) deliver(msg::decode(bytes));
     });
}

void Realm::carry_out(std::vector<gateway::Action> actions, std::optional<std::size_t> asked_by) {
  for (const gateway::Action& action : actions) {
    if (const auto* const reply = std::get_if<gateway::Reply>(&action); reply && asked_by) {
      to_host(*asked_by, reply->message);
    }
    if (const auto* const notice = std::get_if<gateway::Notify>(&action)) {
      const auto host = index_of(notice->host);
      if (host && hosts_[*host].connected) to_host(*host, notice->message);
    }
  }
}

void Realm::to_host(std::size_t host, const msg::Message& message) {
  send(host, message, [this, host](const gateway::Engine::Decoded& decoded) {
    ASSERT_TRUE(decoded) << decoded.error().detail;
    feed(host, agent::Received{*decoded});
  });
}

std::optional<std::size_t> Realm::index_of(Ipv4Address address) const {
  const auto found = std::ranges::find(hosts_, address, &Host::address);
  if (found == hosts_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - hosts_.begin());
}

std::string Realm::disagreement() {
  std::map<std::pair<Ipv4Address, std::uint16_t>, Ipv4Address> owners;
  const auto table = engine_ ? engine_->table() : nullptr;
  for (const Host& host : hosts_) {
    for (const agent::Lease& lease : host.session.leases()) {
      if (lease.expires_at < now_) return host.address.to_string() + " holds an expired lease";
      for (const PortRange& range : lease.ports) {
        for (std::uint32_t port = range.first; port <= range.last(); ++port) {
          const auto number = static_cast<std::uint16_t>(port);
          const std::string tuple = lease.local.to_string() + ":" + std::to_string(number);
          const auto [at, fresh] = owners.try_emplace({lease.local, number}, host.address);
          if (!fresh) {
            return tuple + " is used by " + host.address.to_string() + " and " +
                   at->second.to_string();
          }
          if (table == nullptr) continue;
          const gateway::DemuxTable::Row* const row = table->find(lease.local);
          const auto owner = row != nullptr ? gateway::owner_of(*row, number) : std::nullopt;
          if (owner != host.address) {
            return tuple + " is used by " + host.address.to_string() + ", the gateway has it for " +
                   (owner ? owner->to_string() : "nobody");
          }
        }
      }
    }
  }
  return "";
}

}  // namespace rsip::scenario
