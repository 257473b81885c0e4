#include "agent/ipsec/connections.h"

#include <algorithm>
#include <utility>

namespace rsip::agent {

Connections::Connections(Charon& charon, std::vector<IkeConnection> connections,
                         std::function<void()> changed)
    : charon_(charon), connections_(std::move(connections)), changed_(std::move(changed)) {}

void Connections::begin_at(const IkeEnd& end, TimePoint now) {
  if (!charon_.up() || loaded_ == end) return;
  loaded_ = end;
  problem_.reset();
  for (const IkeConnection& connection : connections_) {
    load(connection, end);
    if (connection.start) starts_[connection.name] = {now, now};
  }
}

void Connections::look(TimePoint now) {
  down_problem_.reset();
  if (!loaded_) return;
  for (const IkeConnection& connection : connections_) {
    if (connection.start) start_again(connection, now);
  }
}

// charon gives up on a peer that refuses it, or is silent for some minutes.
void Connections::start_again(const IkeConnection& connection, TimePoint now) {
  Start& start = starts_[connection.name];
  if (is_up(connection)) start = {now, now};
  if (now - start.up < kPatience) return;
  down_problem_ = Error{ErrorKind::kUnreachable, "connection " + connection.name + " is not up",
                        "charon's log says why (journalctl -u strongswan): remote, names, secret?"};
  if (now - start.asked < kTryAgain) return;
  start.asked = now;
  charon_.command("initiate", initiate(connection), [](const Result<void>&) {});
}

bool Connections::is_up(const IkeConnection& connection) const {
  return std::ranges::any_of(charon_.sas(), [&](const CharonSa& sa) {
    return sa.connection == charon_name(connection) && !sa.children.empty();
  });
}

// Commands are carried out one after the other.
void Connections::load(const IkeConnection& connection, const IkeEnd& end) {
  const auto judged = [this, &connection](const Result<void>& done) { judge(connection, done); };
  charon_.command("load-shared", load_shared(connection), judged);
  charon_.command("load-conn", load_conn(connection, end), judged);
  if (connection.start) charon_.command("initiate", initiate(connection), judged);
}

void Connections::judge(const IkeConnection& connection, const Result<void>& done) {
  if (done) return;
  problem_ = Error{done.error().kind, "connection " + connection.name + ": " + done.error().message,
                   "check it in [[gateway.ipsec.connection]]"};
  changed_();
}

void Connections::went() {
  loaded_.reset();
  down_problem_.reset();
}

void Connections::unload() {
  if (!std::exchange(loaded_, std::nullopt)) return;
  for (const IkeConnection& connection : connections_) {
    charon_.command("unload-conn", unload_conn(connection), [](const Result<void>&) {});
  }
}

}  // namespace rsip::agent
