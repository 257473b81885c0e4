#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "agent/ipsec/charon.h"
#include "agent/ipsec/ike_connection.h"
#include "common/base/result.h"

namespace rsip::agent {

/// Has charon know the connections of the agent's configuration, beginning at the leased address.
///
/// thread   the event loop's
class Connections {
 public:
  /// changed   problem() may have
  Connections(Charon& charon, std::vector<IkeConnection> connections,
              std::function<void()> changed);

  /// Loads and starts them at this end. Costs nothing if that is done already.
  void begin_at(const IkeEnd& end);
  /// Charon is another process from now on, and knows nothing.
  void went();
  /// Charon forgets them; their associations are not touched.
  void unload();

  [[nodiscard]] const std::optional<Error>& problem() const { return problem_; }

 private:
  void load(const IkeConnection& connection, const IkeEnd& end);
  void judge(const IkeConnection& connection, const Result<void>& done);

  Charon& charon_;
  const std::vector<IkeConnection> connections_;
  const std::function<void()> changed_;
  std::optional<IkeEnd> loaded_;
  std::optional<Error> problem_;
};

}  // namespace rsip::agent
