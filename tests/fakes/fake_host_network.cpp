#include "tests/fakes/fake_host_network.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace rsip::fakes {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Lines of `a` that `b` has not, each with a sign in front.
void add_missing(const std::string& a, const std::string& b, char sign,
                 std::vector<std::string>& changes) {
  const auto present = lines_of(b);
  for (const std::string& line : lines_of(a)) {
    if (std::ranges::find(present, line) == present.end()) changes.push_back(sign + line);
  }
}

}  // namespace

Result<void> FakeHostNetwork::apply(const agent::NetworkPlan& plan) {
  if (failure_) return tl::unexpected(*std::exchange(failure_, std::nullopt));
  ++applied_;
  last_changes_.clear();
  add_missing(agent::to_string(installed_), agent::to_string(plan), '-', last_changes_);
  add_missing(agent::to_string(plan), agent::to_string(installed_), '+', last_changes_);
  installed_ = plan;
  return {};
}

Result<void> FakeHostNetwork::remove_leftovers() {
  leftovers_removed_ = true;
  return {};
}

Result<std::uint32_t> FakeHostNetwork::path_mtu(Ipv4Address destination) {
  if (path_mtu_) return *path_mtu_;
  return fail(ErrorKind::kUnreachable, "no route to " + destination.to_string());
}

}  // namespace rsip::fakes
