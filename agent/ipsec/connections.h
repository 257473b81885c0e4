#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/ipsec/charon.h"
#include "agent/ipsec/ike_connection.h"
#include "common/base/result.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Has charon know the connections of the agent's configuration, beginning at the leased address.
///
/// thread   the event loop's
class Connections {
 public:
  /// changed   problem() may have
  Connections(Charon& charon, std::vector<IkeConnection> connections,
              std::function<void()> changed);

  static constexpr Duration kPatience = std::chrono::seconds(20);  ///< Until it is trouble.
  static constexpr Duration kTryAgain = std::chrono::seconds(60);

  /// Loads and starts them at this end. Costs nothing if that is done already.
  void begin_at(const IkeEnd& end, TimePoint now);
  /// Starts those again that are down for long, and remembers that they are.
  void look(TimePoint now);
  /// Charon is another process from now on, and knows nothing.
  void went();
  /// Charon forgets them; their associations are not touched.
  void unload();

  [[nodiscard]] const std::optional<Error>& problem() const {
    return problem_ ? problem_ : down_problem_;
  }

 private:
  struct Start {
    TimePoint up;     ///< When it was seen last, or loaded.
    TimePoint asked;  ///< For it to come up.
  };
  void load(const IkeConnection& connection, const IkeEnd& end);
  void start_again(const IkeConnection& connection, TimePoint now);
  [[nodiscard]] bool is_up(const IkeConnection& connection) const;
  void judge(const IkeConnection& connection, const Result<void>& done);

  Charon& charon_;
  const std::vector<IkeConnection> connections_;
  const std::function<void()> changed_;
  std::optional<IkeEnd> loaded_;
  std::map<std::string, Start> starts_;  ///< By name.
  std::optional<Error> problem_;
  std::optional<Error> down_problem_;
};

}  // namespace rsip::agent
