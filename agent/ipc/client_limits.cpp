#include "agent/ipc/client_limits.h"

#include <algorithm>
#include <map>

namespace rsip::agent {

std::optional<std::size_t> client_to_close(const std::vector<ClientFacts>& clients) {
  if (clients.empty()) return std::nullopt;
  std::map<uid_t, std::size_t> held;
  for (const ClientFacts& client : clients) ++held[client.user];
  const uid_t greedy =
      std::ranges::max_element(held, {}, [](const auto& entry) { return entry.second; })->first;
  const auto first_that = [&](bool subscribed) {
    return std::ranges::find_if(clients, [&](const ClientFacts& client) {
      return client.user == greedy && client.subscribed == subscribed;
    });
  };
  const auto idle = first_that(false);
  return static_cast<std::size_t>((idle != clients.end() ? idle : first_that(true)) -
                                  clients.begin());
}

}  // namespace rsip::agent
