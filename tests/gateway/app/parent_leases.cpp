#include "tests/gateway/app/parent_leases.h"

#include <algorithm>
#include <optional>
#include <set>

#include <boost/json.hpp>

namespace rsip::gateway {
namespace {

namespace json = boost::json;

/// The agent's answer has been on the way, and may say a second less than the one before: an end
/// that only trembles is left alone.
constexpr std::chrono::seconds kTremble(2);
constexpr std::chrono::seconds kMargin(3);

const json::value* member(const json::value& of, std::string_view name) {
  const json::object* const object = of.if_object();
  return object != nullptr ? object->if_contains(name) : nullptr;
}

std::optional<std::uint32_t> number(const json::value& of, std::string_view name,
                                    std::uint32_t most) {
  const json::value* const value = member(of, name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code wrong;
  const auto read = value->to_number<std::uint32_t>(wrong);
  return wrong || read > most ? std::nullopt : std::optional(read);
}

std::string text(const json::value& of, std::string_view name) {
  const json::value* const value = member(of, name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

const json::array& list(const json::value& of, std::string_view name) {
  static const json::array kNone;
  const json::value* const value = member(of, name);
  return value != nullptr && value->is_array() ? value->get_array() : kNone;
}

std::optional<ParentLease> lease_of(const json::value& from, const std::string& gateway) {
  const auto address = Ipv4Address::parse(text(from, "address"));
  const auto bind = number(from, "bind", 0xFFFFFFFF);
  const auto left = number(from, "expires_in_seconds", 0xFFFFFFFF);
  if (!address || !bind || !left || !address->is_usable_source()) return std::nullopt;
  if (!list(from, "spis").empty()) return std::nullopt;  // without ports it is no whole address
  ParentLease lease{gateway, *bind, *address, {}, std::chrono::seconds(*left)};
  for (const json::value& range : list(from, "ports")) {
    const auto first = number(range, "first", 65535);
    const auto last = number(range, "last", 65535);
    if (!first || !last || *first == 0 || *last < *first) return std::nullopt;
    lease.ports.push_back(
        {static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last - *first + 1)});
  }
  return lease;
}

void add_leases(const json::value& beside, const std::string& gateway, const std::string& name,
                std::vector<ParentLease>& leases) {
  if (!name.empty() && gateway != name) return;
  for (const json::value& one : list(beside, "leases")) {
    if (const auto lease = lease_of(one, gateway)) leases.push_back(*lease);
  }
}

}  // namespace

Result<std::vector<ParentLease>> parse_parent_leases(std::string_view reply,
                                                     const std::string& name) {
  boost::system::error_code malformed;
  const json::value value = json::parse(reply, malformed);
  const json::value* const status = malformed ? nullptr : member(value, "result");
  if (status == nullptr) {
    return fail(ErrorKind::kProtocol, "the agent's answer is no status",
                "check that rsip-gateway and rsipd are of the same release");
  }
  std::vector<ParentLease> leases;
  for (const json::value& gateway : list(*status, "gateways")) {
    add_leases(gateway, text(gateway, "name"), name, leases);
  }
  return leases;
}

ParentPools::Changes ParentPools::sync(Engine& engine, const std::vector<ParentLease>& leases,
                                       TimePoint now) {
  std::map<Key, TimePoint> wanted;
  for (const ParentLease& lease : leases) {
    const TimePoint until = now + std::max(lease.left - kMargin, std::chrono::seconds(0));
    if (lease.ports.empty()) wanted[{lease.gateway, lease.bind, lease.address, {}}] = until;
    for (const PortRange& range : lease.ports) {
      wanted[{lease.gateway, lease.bind, lease.address, range}] = until;
    }
  }
  const auto addresses = [this] {
    std::set<Ipv4Address> all;
    for (const auto& [key, pool] : pools_) all.insert(std::get<Ipv4Address>(key));
    return all;
  };
  const std::set<Ipv4Address> before = addresses();
  Changes changes;
  for (auto at = pools_.begin(); at != pools_.end();) {
    if (wanted.contains(at->first)) {
      ++at;
      continue;
    }
    std::ranges::move(engine.remove_pool(at->second.pool, now),
                      std::back_inserter(changes.actions));
    at = pools_.erase(at);
  }
  for (const auto& [key, until] : wanted) {
    const auto known = pools_.find(key);
    if (known == pools_.end()) {
      pools_.emplace(key, Kept{engine.add_pool(settings_for(key), until), until});
    } else if (until > known->second.until || known->second.until - until > kTremble) {
      engine.limit_pool(known->second.pool, until);
      known->second.until = until;
    }
  }
  const std::set<Ipv4Address> after = addresses();
  std::ranges::set_difference(after, before, std::back_inserter(changes.came));
  std::ranges::set_difference(before, after, std::back_inserter(changes.went));
  return changes;
}

PoolSettings ParentPools::settings_for(const Key& key) const {
  const PortRange& ports = std::get<PortRange>(key);
  const bool whole = ports.count == 0;
  // The parent has leased no SPIs: nobody could tell whose ESP comes in.
  return {whole ? msg::Method::kRsaIp : msg::Method::kRsapIp,
          {{std::get<Ipv4Address>(key), 32}},
          ports,
          name_,
          {}};
}

}  // namespace rsip::gateway
