#include "agent/app/waiting_calls.h"

#include <algorithm>

namespace rsip::agent {
namespace {

template <class T>
bool has_all(const std::vector<T>& of, const std::vector<T>& these) {
  return std::ranges::all_of(
      these, [&of](const T& one) { return std::ranges::find(of, one) != of.end(); });
}

/// Whether this answers the question: several may have been asked at once.
bool answers(const LocalityKnown& known, const QueryWanted& question) {
  if (known.asked_everything) return !names_something(question);
  if (!names_something(known.asked)) return true;  // the gateway answers none
  return names_something(question) && has_all(known.asked.addresses, question.addresses) &&
         has_all(known.asked.networks, question.networks);
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

void WaitingCalls::located(const LocalityKnown& known) {
  std::vector<QueryAnswered> answered;
  std::erase_if(queries_, [&](auto& waiting) {
    if (!answers(known, waiting.first)) return false;
    answered.push_back(std::move(waiting.second));
    return true;
  });
  for (const QueryAnswered& tell : answered) tell(known.answer);
}

void WaitingCalls::give_up(const Error& reason) {
  for (auto& [port, answered] : std::exchange(listens_, {})) answered(tl::unexpected(reason));
  for (auto& [query, answered] : std::exchange(queries_, {})) answered(tl::unexpected(reason));
}

}  // namespace rsip::agent
