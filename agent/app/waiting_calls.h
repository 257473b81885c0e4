#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "agent/control/queries.h"
#include "agent/control/session.h"
#include "common/ipc/requests.h"

namespace rsip::agent {

/// People who wait for what a gateway says.
class WaitingCalls {
 public:
  using ListenAnswered = std::function<void(Result<Lease>)>;
  using QueryAnswered = std::function<void(Result<msg::QueryResponse>)>;

  void add(const ListenWish& wish, ListenAnswered answered) {
    listens_.emplace_back(wish.server_port, std::move(answered));
  }
  void add(const QueryWanted& query, QueryAnswered answered) {
    queries_.emplace_back(query, std::move(answered));
  }

  void granted(const Lease& lease) {
    for (auto& answered : take_listens(lease.server_port)) answered(lease);
  }
  void failed(const ListenFailed& failure) {
    for (auto& answered : take_listens(failure.wish.server_port)) {
      answered(tl::unexpected(failure.error));
    }
  }
  void located(const LocalityKnown& known);
  /// The session ended: nobody will answer.
  void give_up(const Error& reason);

 private:
  std::vector<ListenAnswered> take_listens(std::uint16_t server_port);

  std::vector<std::pair<std::uint16_t, ListenAnswered>> listens_;
  std::vector<std::pair<QueryWanted, QueryAnswered>> queries_;
};

}  // namespace rsip::agent
