#include "tests/gateway/server/last_messages.h"

#include <algorithm>

namespace rsip::gateway {
namespace {

std::size_t bytes_of(const LastMessages::Entry& entry) {
  std::size_t sum = entry.request.size();
  for (const auto& reply : entry.replies) sum += reply.size();
  return sum;
}

}  // namespace

bool Allowance::take(Time now) {
  if (now > last_) {
    const std::chrono::duration<double> waited = now - last_;
    left_ = std::min(per_second_, left_ + waited.count() * per_second_);
    last_ = now;
  }
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

bool LastMessages::is_copy(const Entry& entry, const Endpoint& from,
                           std::span<const std::uint8_t> request, Time now) const {
  return entry.from == from && now - entry.at < settings_.last_message_life &&
         std::ranges::equal(entry.request, request);
}

LastMessages::Entry& LastMessages::begin(Ipv4Address host, const Endpoint& from,
                                         std::span<const std::uint8_t> request, Time now) {
  if (entries_.find(host) == nullptr && entries_.size() >= settings_.max_hosts) {
    kept_bytes_ -= bytes_of(entries_.oldest());
    entries_.drop_oldest();
  }
  Entry& entry = entries_.touch(host, settings_.host_rate);
  kept_bytes_ -= bytes_of(entry);
  entry.from = from;
  entry.at = now;
  entry.request.assign(request.begin(), request.end());
  entry.replies.clear();
  kept_bytes_ += bytes_of(entry);
  make_room();
  return entry;
}

void LastMessages::keep(Ipv4Address host, std::vector<Bytes> replies) {
  Entry* const entry = entries_.find(host);
  if (entry == nullptr) return;
  kept_bytes_ -= bytes_of(*entry);
  entry->replies = std::move(replies);
  kept_bytes_ += bytes_of(*entry);
  make_room();
}

/// The newest stays, however large.
void LastMessages::make_room() {
  while (kept_bytes_ > settings_.max_kept_bytes && entries_.size() > 1) {
    kept_bytes_ -= bytes_of(entries_.oldest());
    entries_.drop_oldest();
  }
}

}  // namespace rsip::gateway
