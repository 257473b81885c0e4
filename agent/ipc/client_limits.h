#pragma once

#include <cstddef>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace rsip::agent {

/// A connection, as far as it matters for who has to go.
struct ClientFacts {
  uid_t user = 0;
  bool subscribed = false;
};

/// Which connection is closed to make room for another one: nobody may lock others out by holding
/// connections. It is one of the user who holds the most of them; the oldest that is not
/// subscribed, because a subscriber would only come again.
///
/// clients   oldest first
/// returns   position; nothing if there is none
std::optional<std::size_t> client_to_close(const std::vector<ClientFacts>& clients);

}  // namespace rsip::agent
