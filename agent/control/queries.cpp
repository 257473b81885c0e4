#include "agent/control/queries.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {
namespace {

template <class T>
void add_new(std::vector<T>& to, const std::vector<T>& from) {
  for (const T& item : from) {
    if (to.size() >= Queries::kMost) return;
    if (std::ranges::find(to, item) == to.end()) to.push_back(item);
  }
}

}  // namespace

void Queries::ask(const QueryWanted& question, TimePoint now) {
  if (!names_something(question)) everything_at_ = std::min(everything_at_, now);
  add_new(waiting_.addresses, question.addresses);
  add_new(waiting_.networks, question.networks);
}

TimePoint Queries::next() const {
  if (asking_) return TimePoint::max();
  return has_question() ? TimePoint::min() : everything_at_;
}

msg::QueryRequest Queries::take(ClientId client) {
  asking_ = true;
  asked_ = std::exchange(waiting_, {});
  msg::QueryRequest request{client, {}, {}, {}};
  for (const Ipv4Address address : asked_.addresses) request.addresses.push_back({address});
  for (const Ipv4Prefix& network : asked_.networks) {
    request.networks.push_back({network.address, msg::Ipv4Netmask{network.mask()}});
  }
  return request;
}

QueryWanted Queries::answered(TimePoint now) {
  asking_ = false;
  if (!names_something(asked_)) everything_at_ = now + kRefresh;
  return std::exchange(asked_, {});
}

QueryWanted Queries::refused(TimePoint now) {
  QueryWanted asked = answered(now);
  if (!names_something(asked)) everything_at_ = now + kRetry;
  return asked;
}

void Queries::interrupted() {
  if (!std::exchange(asking_, false)) return;
  const QueryWanted lost = std::exchange(asked_, {});
  add_new(waiting_.addresses, lost.addresses);
  add_new(waiting_.networks, lost.networks);
}

bool Queries::give_up() {
  const bool anybody = has_question() || (asking_ && names_something(asked_));
  *this = {};
  return anybody;
}

}  // namespace rsip::agent
