#pragma once

#include <list>
#include <unordered_map>
#include <utility>

namespace rsip::gateway {

/// A map that keeps so many entries: one more drops the one that was not touched for longest.
template <class Key, class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t limit) : limit_(limit) {}

  Value* find(const Key& key) {
    const auto known = places_.find(key);
    return known == places_.end() ? nullptr : &known->second->second;
  }

  /// The entry of the key, made if there is none, as the one touched last. Others may be dropped.
  template <class... Arguments>
  Value& touch(const Key& key, Arguments&&... arguments) {
    const auto known = places_.find(key);
    if (known != places_.end()) {
      entries_.splice(entries_.end(), entries_, known->second);
      return known->second->second;
    }
    if (entries_.size() >= limit_) drop_oldest();
    entries_.emplace_back(std::piecewise_construct, std::forward_as_tuple(key),
                          std::forward_as_tuple(std::forward<Arguments>(arguments)...));
    places_.emplace(key, std::prev(entries_.end()));
    return entries_.back().second;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] Value& oldest() { return entries_.front().second; }
  void drop_oldest() {
    places_.erase(entries_.front().first);
    entries_.pop_front();
  }

 private:
  using Entries = std::list<std::pair<const Key, Value>>;

  std::size_t limit_;
  Entries entries_;  ///< The one touched last is last.
  std::unordered_map<Key, typename Entries::iterator> places_;
};

}  // namespace rsip::gateway
