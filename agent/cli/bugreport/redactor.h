#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rsip::cli::bugreport {

/// Replaces what says who and where somebody is by names that stay the same through a report:
/// public addresses by "address-1", link-layer addresses by "mac-1", and what it was told to. What
/// is private, like 10.1.0.1, says nothing outside of its network and stays: it is needed to
/// understand the rest.
class Redactor {
 public:
  /// A name to be replaced wherever it stands as a word of its own.
  ///
  /// kind   "host", "user", "name"
  void learn(const std::string& name, const std::string& kind);

  std::string redact(const std::string& text);

  /// How many different ones were replaced: {"address", 3}.
  [[nodiscard]] std::map<std::string, std::size_t> counts() const;

 private:
  std::string alias(const std::string& original, const std::string& kind);
  std::string redact_names(std::string text);
  std::string redact_addresses(const std::string& text);
  /// The address, or what stands for it.
  std::string redact_word(const std::string& word);

  std::map<std::string, std::string> aliases_;              ///< By what they stand for.
  std::map<std::string, std::size_t> last_number_;          ///< By kind.
  std::vector<std::pair<std::string, std::string>> names_;  ///< With their kinds, longest first.
};

}  // namespace rsip::cli::bugreport
