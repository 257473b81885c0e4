#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

namespace rsip::gateway {

/// A sorted map of which copies that never change are handed out all the time.
///
/// It is kept in chunks of up to 128 entries. A copy shares all of them, and a change afterwards
/// replaces one: for n entries, copy and change cost n/128 pointers and 128 entries. Looks up in
/// O(log n).
template <class Key, class Value>
class PublishedMap {
 public:
  PublishedMap() = default;
  PublishedMap(const PublishedMap&) = delete;
  PublishedMap& operator=(const PublishedMap&) = delete;

  /// nullptr if there is none. Valid until the map changes.
  [[nodiscard]] const Value* find(const Key& key) const {
    const std::size_t at = chunk_of(key);
    if (at == kNone) return nullptr;
    const Chunk& chunk = *chunks_[at];
    const auto place = std::ranges::lower_bound(chunk.keys, key);
    if (place == chunk.keys.end() || *place != key) return nullptr;
    return &chunk.values[static_cast<std::size_t>(place - chunk.keys.begin())];
  }
  /// The value of the largest key that is not after this one; nullptr if there is none.
  [[nodiscard]] const Value* at_or_before(const Key& key) const {
    const std::size_t at = chunk_of(key);
    if (at == kNone) return nullptr;
    const Chunk& chunk = *chunks_[at];
    const auto after = std::ranges::upper_bound(chunk.keys, key);
    return &chunk.values[static_cast<std::size_t>(after - chunk.keys.begin() - 1)];
  }
  template <class Predicate>
  [[nodiscard]] bool any_of(Predicate&& matches) const {
    return std::ranges::any_of(
        chunks_, [&](const auto& chunk) { return std::ranges::any_of(chunk->values, matches); });
  }
  [[nodiscard]] bool empty() const { return chunks_.empty(); }

  /// Adds or replaces.
  void set(const Key& key, Value value) {
    if (chunks_.empty()) insert_chunk(0, std::make_shared<Chunk>());
    const std::size_t found = chunk_of(key);
    const std::size_t at = found == kNone ? 0 : found;
    Chunk& chunk = writable(at);
    const auto place = std::ranges::lower_bound(chunk.keys, key);
    const auto index = place - chunk.keys.begin();
    if (place != chunk.keys.end() && *place == key) {
      chunk.values[static_cast<std::size_t>(index)] = std::move(value);
      return;
    }
    chunk.keys.insert(place, key);
    chunk.values.insert(chunk.values.begin() + index, std::move(value));
    firsts_[at] = chunk.keys.front();
    if (chunk.keys.size() > kMost) split(at);
  }
  /// Nothing happens if it is not there.
  void erase(const Key& key) {
    if (find(key) == nullptr) return;
    const std::size_t at = chunk_of(key);
    Chunk& chunk = writable(at);
    const auto index = std::ranges::lower_bound(chunk.keys, key) - chunk.keys.begin();
    chunk.keys.erase(chunk.keys.begin() + index);
    chunk.values.erase(chunk.values.begin() + index);
    if (chunk.keys.empty()) return erase_chunk(at);
    firsts_[at] = chunk.keys.front();
    join_if_small(at);
  }

  /// The map as it is now; the same object until it changes.
  std::shared_ptr<const PublishedMap> frozen() {
    if (frozen_ != nullptr) return frozen_;
    std::ranges::fill(shared_, true);
    auto copy = std::make_shared<PublishedMap>();
    copy->firsts_ = firsts_;
    copy->chunks_ = chunks_;
    return frozen_ = std::move(copy);
  }

 private:
  static constexpr std::size_t kMost = 128;  ///< Entries of a chunk.
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Chunk {
    std::vector<Key> keys;
    std::vector<Value> values;
  };

  /// Index of the chunk that has the key if any has; kNone if it is before all.
  [[nodiscard]] std::size_t chunk_of(const Key& key) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(firsts_, key) - firsts_.begin()) - 1;
  }
  /// A chunk that no copy has.
  Chunk& writable(std::size_t at) {
    frozen_.reset();
    if (shared_[at]) {
      chunks_[at] = std::make_shared<Chunk>(*chunks_[at]);
      shared_[at] = false;
    }
    return *chunks_[at];
  }
  void insert_chunk(std::size_t at, std::shared_ptr<Chunk> chunk) {
    const auto offset = static_cast<std::ptrdiff_t>(at);
    firsts_.insert(firsts_.begin() + offset, chunk->keys.empty() ? Key{} : chunk->keys.front());
    shared_.insert(shared_.begin() + offset, false);
    chunks_.insert(chunks_.begin() + offset, std::move(chunk));
  }
  void erase_chunk(std::size_t at) {
    const auto offset = static_cast<std::ptrdiff_t>(at);
    firsts_.erase(firsts_.begin() + offset);
    shared_.erase(shared_.begin() + offset);
    chunks_.erase(chunks_.begin() + offset);
  }
  void split(std::size_t at) {
    Chunk& whole = *chunks_[at];
    constexpr auto kHalf = static_cast<std::ptrdiff_t>(kMost / 2);
    auto rest = std::make_shared<Chunk>();
    rest->keys.assign(whole.keys.begin() + kHalf, whole.keys.end());
    rest->values.assign(whole.values.begin() + kHalf, whole.values.end());
    whole.keys.erase(whole.keys.begin() + kHalf, whole.keys.end());
    whole.values.erase(whole.values.begin() + kHalf, whole.values.end());
    insert_chunk(at + 1, std::move(rest));
  }
  /// Else random changes would leave many chunks of a few entries each.
  void join_if_small(std::size_t at) {
    if (at + 1 == chunks_.size()) return;
    const Chunk& next = *chunks_[at + 1];
    Chunk& chunk = *chunks_[at];
    if (chunk.keys.size() + next.keys.size() > kMost / 2) return;
    chunk.keys.insert(chunk.keys.end(), next.keys.begin(), next.keys.end());
    chunk.values.insert(chunk.values.end(), next.values.begin(), next.values.end());
    erase_chunk(at + 1);
  }

  std::vector<Key> firsts_;  ///< First key of each chunk.
  std::vector<std::shared_ptr<Chunk>> chunks_;
  std::vector<char> shared_;  ///< Whether a copy has the chunk as well; not kept in copies.
  std::shared_ptr<const PublishedMap> frozen_;  ///< Null after a change.
};

}  // namespace rsip::gateway
