#pragma once

#include <optional>

#include "agent/platform/route_oracle.h"

namespace rsip::fakes {

/// Says what the test wants it to say.
class FakeRouteOracle : public agent::RouteOracle {
 public:
  Result<agent::RouteAnswer> explain(const agent::RouteQuestion& question) override {
    asked = question;
    if (failure) return tl::unexpected(*failure);
    return answer;
  }

  agent::RouteAnswer answer;
  std::optional<Error> failure;
  agent::RouteQuestion asked;  ///< Last.
};

}  // namespace rsip::fakes
