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
  if (!failures_.empty()) {
    const Error failure = failures_.back();
    failures_.pop_back();
    return tl::unexpected(failure);
  }
  ++applied_;
  last_changes_.clear();
  add_missing(agent::to_string(installed_), agent::to_string(plan), '-', last_changes_);
  add_missing(agent::to_string(plan), agent::to_string(installed_), '+', last_changes_);
  installed_ = plan;
  if (plan.tunnels.empty()) device_gone_ = false;
  if (journal_ != nullptr && !last_changes_.empty()) {
    journal_->add(plan.tunnels.empty() ? "network cleaned" : "network changed");
  }
  return {};
}

Result<std::size_t> FakeHostNetwork::repair() {
  if (device_gone_) return fail(ErrorKind::kNotFound, "cannot find interface of the tunnel");
  return std::exchange(taken_away_, {}).size();
}

Result<void> FakeHostNetwork::remove_leftovers() {
  leftovers_removed_ = true;
  return {};
}

Result<agent::NetworkPath> FakeHostNetwork::path_to(Ipv4Address destination) {
  if (path_) return *path_;
  return fail(ErrorKind::kUnreachable, "there is no route to " + destination.to_string());
}

std::string FakeHostNetwork::text() const {
  std::string text;
  if (device_gone_) return text;
  for (const std::string& line : lines_of(agent::to_string(installed_))) {
    if (std::ranges::find(taken_away_, line) == taken_away_.end()) text += line + "\n";
  }
  return text;
}

void FakeHostNetwork::take_away(const std::string& word) {
  for (const std::string& line : lines_of(text())) {
    if (line.find(word) != std::string::npos) taken_away_.push_back(line);
  }
}

}  // namespace rsip::fakes
