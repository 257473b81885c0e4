#include "tests/gateway/tunnel/ike_table.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

bool has_ipsec(const DemuxTable& table, Ipv4Address local, Ipv4Address host) {
  const DemuxTable::Row* const row = table.find(local);
  if (row == nullptr || row->shared == nullptr) return false;
  const Holding* const holding = holding_of(*row, host);
  return holding != nullptr && std::ranges::any_of(*holding, &Owner::ipsec);
}

}  // namespace

IkeTable::Sent IkeTable::sent(Ipv4Address host, Ipv4Address local, Ipv4Address remote,
                              const IkeMessage& message, TimePoint now) {
  expire(now);
  const auto known = by_cookie_.find({local, message.initiator});
  if (known == by_cookie_.end()) {
    if (!settings_.learn_responder_cookies && !message.may_be_by_initiator()) return Sent::kUnknown;
    make_room(host);
    learn({local, message.initiator, host, remote, now, false});
    return Sent::kPasses;
  }
  if (known->second->host != host) return Sent::kTaken;
  touch(known->second, now);
  set_remote(known->second, remote);
  return Sent::kPasses;
}

std::optional<Ipv4Address> IkeTable::received(Ipv4Address local, Ipv4Address remote,
                                              const IkeMessage& message, TimePoint now) {
  expire(now);
  const auto known = by_cookie_.find({local, message.initiator});
  if (known != by_cookie_.end()) {
    touch(known->second, now);
    if (known->second->remote == remote) set_answered(known->second, true);
    return known->second->host;
  }
  if (!settings_.learn_responder_cookies || !message.is_by_initiator()) return std::nullopt;
  return only_host(local, remote);
}

std::optional<Ipv4Address> IkeTable::find(Ipv4Address local, std::uint64_t initiator,
                                          TimePoint now) const {
  const auto known = by_cookie_.find({local, initiator});
  if (known == by_cookie_.end() || known->second->last + settings_.idle <= now) return std::nullopt;
  return known->second->host;
}

std::optional<Ipv4Address> IkeTable::only_host(Ipv4Address local, Ipv4Address remote) const {
  const auto known = answered_.find({local, remote});
  if (known == answered_.end() || known->second.size() != 1) return std::nullopt;
  return known->second.begin()->first;
}

void IkeTable::expire(TimePoint now) {
  while (!entries_.empty() && entries_.front().last + settings_.idle <= now) {
    erase(entries_.begin());
  }
}

void IkeTable::forget_others_than(const DemuxTable& table) {
  std::vector<Place> gone;
  for (const auto& [host, places] : by_host_) {
    std::optional<Ipv4Address> last;  // nearly always the only one
    bool has = false;
    for (const Place place : places) {
      if (last != place->local) has = has_ipsec(table, place->local, host);
      last = place->local;
      if (!has) gone.push_back(place);
    }
  }
  for (const Place place : gone) erase(place);
}

void IkeTable::touch(Place entry, TimePoint now) {
  entry->last = now;
  entries_.splice(entries_.end(), entries_, entry);
}

void IkeTable::learn(const Entry& entry) {
  const Place place = entries_.insert(entries_.end(), entry);
  by_cookie_.emplace(Cookie{entry.local, entry.initiator}, place);
  by_host_[entry.host].push_back(place);
}

void IkeTable::make_room(Ipv4Address host) {
  auto payer = by_host_.find(host);
  const bool own_limit = payer != by_host_.end() && payer->second.size() >= settings_.per_host;
  if (!own_limit && by_cookie_.size() < settings_.total) return;
  if (!own_limit) {
    payer = std::ranges::max_element(by_host_, {},
                                     [](const auto& entry) { return entry.second.size(); });
  }
  erase(*std::ranges::min_element(payer->second, {}, [](Place place) { return place->last; }));
}

void IkeTable::set_remote(Place entry, Ipv4Address remote) {
  if (entry->remote == remote) return;
  set_answered(entry, false);
  entry->remote = remote;
}

void IkeTable::set_answered(Place entry, bool answered) {
  if (entry->answered == answered) return;
  entry->answered = answered;
  const Ends ends{entry->local, entry->remote};
  if (answered) {
    ++answered_[ends][entry->host];
    return;
  }
  auto& hosts = answered_.at(ends);
  if (--hosts.at(entry->host) == 0) hosts.erase(entry->host);
  if (hosts.empty()) answered_.erase(ends);
}

void IkeTable::erase(Place entry) {
  set_answered(entry, false);
  by_cookie_.erase({entry->local, entry->initiator});
  const auto own = by_host_.find(entry->host);
  std::erase(own->second, entry);
  if (own->second.empty()) by_host_.erase(own);
  entries_.erase(entry);
}

}  // namespace rsip::gateway
