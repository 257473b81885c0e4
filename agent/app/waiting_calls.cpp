#include "agent/app/waiting_calls.h"

#include <algorithm>

namespace rsip::agent {
namespace {

bool asks_everything(const QueryWanted& query) {
  return query.addresses.empty() && query.networks.empty();
}

}  // namespace

std::vector<WaitingCalls::ListenAnswered> WaitingCalls::take_listens(std::uint16_t server_port) {
  std::vector<ListenAnswered> taken;
  std::erase_if(listens_, [&](auto& waiting) {
    if (waiting.first != server_port) return false;
    taken.push_back(std::move(waiting.second));
    return true;
  });
  return taken;
}

// Questions are answered in the order in which they were asked, one kind apart from the other.
void WaitingCalls::located(const LocalityKnown& known) {
  const auto asked = std::ranges::find_if(queries_, [&](const auto& waiting) {
    return asks_everything(waiting.first) == known.asked_everything;
  });
  if (asked == queries_.end()) return;
  const QueryAnswered answered = std::move(asked->second);
  queries_.erase(asked);
  answered(known.answer);
}

void WaitingCalls::give_up(const Error& reason) {
  for (auto& [port, answered] : std::exchange(listens_, {})) answered(tl::unexpected(reason));
  for (auto& [query, answered] : std::exchange(queries_, {})) answered(tl::unexpected(reason));
}

}  // namespace rsip::agent
