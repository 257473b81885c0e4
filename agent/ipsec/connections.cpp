#include "agent/ipsec/connections.h"

#include <utility>

namespace rsip::agent {

Connections::Connections(Charon& charon, std::vector<IkeConnection> connections,
                         std::function<void()> changed)
    : charon_(charon), connections_(std::move(connections)), changed_(std::move(changed)) {}

void Connections::begin_at(const IkeEnd& end) {
  if (!charon_.up() || loaded_ == end) return;
  loaded_ = end;
  problem_.reset();
  for (const IkeConnection& connection : connections_) load(connection, end);
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
}

void Connections::unload() {
  if (!std::exchange(loaded_, std::nullopt)) return;
  for (const IkeConnection& connection : connections_) {
    charon_.command("unload-conn", unload_conn(connection), [](const Result<void>&) {});
  }
}

}  // namespace rsip::agent
