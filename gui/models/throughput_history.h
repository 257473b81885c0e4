#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rsip::gui {

/// How fast bytes went, one sample a second, the last ten minutes. Seconds that nobody counted,
/// and those in which the counters began anew, are gaps.
class ThroughputHistory {
 public:
  struct Rate {
    double up = 0;    ///< Bytes a second.
    double down = 0;  ///< Bytes a second.
    bool operator==(const Rate&) const = default;
  };
  using Sample = std::optional<Rate>;
  static constexpr std::size_t kSeconds = 600;

  /// Takes the counters of all tunnels; to be called about once a second.
  ///
  /// nowMilliseconds   of a clock that goes on during sleep
  void add(std::int64_t nowMilliseconds, std::uint64_t sentBytes, std::uint64_t receivedBytes);
  /// Nothing can be counted now: the next sample is a gap.
  void interrupt();

  /// The last `seconds` samples, oldest first; less than that at the beginning.
  [[nodiscard]] std::vector<Sample> last(std::size_t seconds) const;
  [[nodiscard]] Sample newest() const;
  /// The fastest of the last `seconds`, either way; 0 if there is none.
  [[nodiscard]] double peak(std::size_t seconds) const;

 private:
  struct Counters {
    std::int64_t at;
    std::uint64_t sent;
    std::uint64_t received;
  };
  void push(const Sample& sample);

  std::array<Sample, kSeconds> ring_;
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  std::optional<Counters> before_;
};

}  // namespace rsip::gui
