#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "agent/ipsec/charon.h"
#include "agent/ipsec/ike_fragment.h"
#include "common/base/result.h"
#include "common/base/time.h"

namespace rsip::agent {

/// Has charon read what it is to use: writes the fragment, lets charon reload it, and knows whether
/// it has.
///
/// thread   the event loop's
class Steering {
 public:
  /// told   called when charon has read the fragment, or cannot
  Steering(Charon& charon, std::string fragment, std::function<void()> told);

  /// This is what charon is to use now. Costs nothing if it does already. What charon could not
  /// read it is not told again before a pause.
  void steer(const IkeFragment& wanted, TimePoint now);
  /// What charon was told is forgotten: the next one may be another process.
  void went();
  /// Takes all settings out of the fragment and lets charon read that. `done` is not called if
  /// charon goes away.
  void clear(std::function<void()> done);
  void clear_file();

  /// True if charon has been told what was wanted last.
  [[nodiscard]] bool in_step() const;
  /// True if charon has been told, if only what is being replaced now.
  [[nodiscard]] bool follows() const;
  /// Charon has been told some SPI.
  [[nodiscard]] bool ever_told() const { return told_ && told_->spis; }
  [[nodiscard]] std::optional<Error> problem() const;

 private:
  void tell(TimePoint now);
  void check_port();

  Charon& charon_;
  const std::string fragment_;
  const std::function<void()> on_told_;
  std::optional<IkeFragment> written_;
  std::optional<IkeFragment> told_;
  std::optional<IkeFragment> unread_;  ///< Charon failed to read it.
  TimePoint tell_again_{};             ///< That one.
  std::optional<Error> write_problem_;
  std::optional<Error> reload_problem_;
  std::optional<Error> port_problem_;
  bool telling_ = false;
};

}  // namespace rsip::agent
