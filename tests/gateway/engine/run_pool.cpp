#include "tests/gateway/engine/run_pool.h"

#include <algorithm>
#include <iterator>

namespace rsip::gateway {
namespace {

/// The entry of a map of runs by first number whose first number is at most number, or end().
template <class Map>
auto at_or_before(Map& runs, std::uint32_t number) {
  auto after = runs.upper_bound(number);
  return after == runs.begin() ? runs.end() : std::prev(after);
}

constexpr int kTries = 32;

/// Where in a run so many numbers may begin, each place as likely as another.
std::uint32_t somewhere(Run in, std::uint32_t count, const RandomBits& random) {
  const std::uint64_t places = std::uint64_t{in.count} - count + 1;
  return in.first + static_cast<std::uint32_t>(std::uint64_t{random()} * places >> 32);
}

}  // namespace

RunPool::RunPool(const std::vector<Run>& all) {
  for (const Run& run : all) {
    all_.emplace(run.first, run.count);
    insert_free(run);
  }
}

bool RunPool::owns(Run run) const {
  const auto around = at_or_before(all_, run.first);
  return around != all_.end() && run.last() - around->first < around->second &&
         run.first - around->first < around->second;
}

bool RunPool::available(Run run, Ipv4Address host) const {
  std::uint64_t next = run.first;
  while (next <= run.last()) {
    const auto number = static_cast<std::uint32_t>(next);
    if (const auto end = free_until(number)) {
      next = std::uint64_t{*end} + 1;
      continue;
    }
    const auto held = held_at(number);
    if (held == held_.end() || held->second.host != host) return false;
    next = std::uint64_t{held->first} + held->second.count;
  }
  return true;
}

std::optional<Run> RunPool::take_any(std::uint32_t count, std::uint32_t alignment) {
  for (auto fitting = by_size_.lower_bound({count, 0}); fitting != by_size_.end(); ++fitting) {
    const Run around{fitting->second, fitting->first};
    const std::uint64_t first = (std::uint64_t{around.first} + alignment - 1) & -alignment;
    if (first + count > std::uint64_t{around.last()} + 1) continue;
    const Run run{static_cast<std::uint32_t>(first), count};
    cut_free(run);
    return run;
  }
  return std::nullopt;
}

// While little is leased, nearly every place that is tried is free; when little is free, the
// largest gap leaves the most to chance.
std::optional<Run> RunPool::take_anywhere(std::uint32_t count, const RandomBits& random) {
  if (largest_free() < count) return std::nullopt;
  const Run all{all_.begin()->first,
                all_.rbegin()->first + all_.rbegin()->second - all_.begin()->first};
  Run run{0, count};
  for (int i = 0; i < kTries; ++i) {
    run.first = somewhere(all, count, random);
    const auto end = free_until(run.first);
    if (!end || *end - run.first < count - 1) continue;
    cut_free(run);
    return run;
  }
  run.first = somewhere({by_size_.rbegin()->second, by_size_.rbegin()->first}, count, random);
  cut_free(run);
  return run;
}

void RunPool::take(Run run) {
  std::uint64_t next = run.first;
  while (next <= run.last()) {
    const auto number = static_cast<std::uint32_t>(next);
    const auto free_end = free_until(number);
    const auto held = held_at(number);
    const std::uint32_t end =
        std::min(run.last(), free_end ? *free_end : held->first + held->second.count - 1);
    const Run part{number, end - number + 1};
    if (free_end) {
      cut_free(part);
    } else {
      cut_held(part);
    }
    next = std::uint64_t{end} + 1;
  }
}

void RunPool::give_back(Run run, Ipv4Address host, TimePoint held_until) {
  insert_held(run, {0, host, held_until});
}

void RunPool::release_held(TimePoint now) {
  while (!by_time_.empty() && by_time_.begin()->first <= now) {
    const auto held = held_.find(by_time_.begin()->second);
    const Run run{held->first, held->second.count};
    erase_held(held);
    free_and_join(run);
  }
}

std::uint32_t RunPool::largest_free() const {
  return by_size_.empty() ? 0 : by_size_.rbegin()->first;
}

std::uint64_t RunPool::free_count() const {
  std::uint64_t total = 0;
  for (const auto& [first, count] : free_) total += count;
  return total;
}

std::uint64_t RunPool::held_count() const {
  std::uint64_t total = 0;
  for (const auto& [first, held] : held_) total += held.count;
  return total;
}

void RunPool::insert_free(Run run) {
  if (run.count == 0) return;
  free_.emplace(run.first, run.count);
  by_size_.emplace(run.count, run.first);
}

void RunPool::erase_free(Run run) {
  free_.erase(run.first);
  by_size_.erase({run.count, run.first});
}

void RunPool::free_and_join(Run run) {
  const auto before = at_or_before(free_, run.first);
  if (before != free_.end() && before->first + before->second == run.first) {
    const Run left{before->first, before->second};
    erase_free(left);
    run = {left.first, left.count + run.count};
  }
  const auto after = free_.find(run.first + run.count);
  if (after != free_.end()) {
    const Run right{after->first, after->second};
    erase_free(right);
    run.count += right.count;
  }
  insert_free(run);
}

void RunPool::cut_free(Run part) {
  const auto around = at_or_before(free_, part.first);
  const Run whole{around->first, around->second};
  erase_free(whole);
  insert_free({whole.first, part.first - whole.first});
  insert_free({part.last() + 1, whole.last() - part.last()});
}

void RunPool::cut_held(Run part) {
  const auto around = at_or_before(held_, part.first);
  const Run whole{around->first, around->second.count};
  const Held like = around->second;
  erase_held(around);
  insert_held({whole.first, part.first - whole.first}, like);
  insert_held({part.last() + 1, whole.last() - part.last()}, like);
}

void RunPool::insert_held(Run run, const Held& like) {
  if (run.count == 0) return;
  held_.emplace(run.first, Held{run.count, like.host, like.until});
  by_time_.emplace(like.until, run.first);
}

void RunPool::erase_held(std::map<std::uint32_t, Held>::iterator held) {
  by_time_.erase({held->second.until, held->first});
  held_.erase(held);
}

std::optional<std::uint32_t> RunPool::free_until(std::uint32_t number) const {
  const auto around = at_or_before(free_, number);
  if (around == free_.end() || number - around->first >= around->second) return std::nullopt;
  return around->first + around->second - 1;
}

std::map<std::uint32_t, RunPool::Held>::const_iterator RunPool::held_at(
    std::uint32_t number) const {
  const auto around = at_or_before(held_, number);
  const bool inside = around != held_.end() && number - around->first < around->second.count;
  return inside ? around : held_.end();
}

}  // namespace rsip::gateway
