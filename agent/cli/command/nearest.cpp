#include "agent/cli/command/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace rsip::cli {
namespace {

constexpr std::size_t kMost = 3;

/// How many letters to insert, leave out or exchange.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> nearest(const std::string& written,
                                 const std::vector<std::string>& known) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& word : known) {
    const bool begins = written.size() >= 2 && word.starts_with(written);
    const std::size_t far = begins ? 0 : distance(written, word);
    if (far <= std::max<std::size_t>(1, std::min(written.size(), word.size()) / 2)) {
      ranked.emplace_back(far, word);
    }
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<std::size_t, std::string>::first);
  if (ranked.size() > kMost) ranked.resize(kMost);
  std::vector<std::string> words;
  for (auto& [far, word] : ranked) words.push_back(std::move(word));
  return words;
}

}  // namespace rsip::cli
