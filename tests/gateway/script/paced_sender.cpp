#include "tests/gateway/script/paced_sender.h"

#include <algorithm>

namespace rsip::gateway::script {
namespace {

constexpr int kAtOnce = 32;
constexpr milliseconds kPause(1);
constexpr std::size_t kMostWaiting = 200'000;

}  // namespace

void PacedSender::send(Ipv4Address host, const std::vector<Outgoing>& all) {
  const Time now = boost::asio::steady_timer::clock_type::now();
  for (const Outgoing& one : all) {
    if (waiting_.size() < kMostWaiting) waiting_.emplace(now + one.delay, Item{host, one, 0});
  }
  wake();
}

void PacedSender::stop() {
  waiting_.clear();
  timer_.cancel();
}

void PacedSender::wake() {
  if (waiting_.empty()) return;
  timer_.expires_at(waiting_.begin()->first);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) send_due();
  });
}

void PacedSender::send_due() {
  const Time now = boost::asio::steady_timer::clock_type::now();
  for (int i = 0; i < kAtOnce && !waiting_.empty() && waiting_.begin()->first <= now; ++i) {
    send_front();
  }
  if (waiting_.empty()) return;
  timer_.expires_at(std::max(waiting_.begin()->first, now + kPause));
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) send_due();
  });
}

void PacedSender::send_front() {
  auto node = waiting_.extract(waiting_.begin());
  Item& item = node.mapped();
  const std::span<const std::uint8_t> rest = std::span(*item.what.bytes).subspan(item.sent);
  const bool slowly = item.what.trickle != milliseconds(0) && !rest.empty();
  const bool sent = send_(item.host, slowly ? rest.first(1) : rest);
  if (!slowly || !sent || rest.size() == 1) return;
  ++item.sent;
  node.key() += item.what.trickle;
  waiting_.insert(std::move(node));
}

}  // namespace rsip::gateway::script
