#include "tests/gateway/engine/published_map.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "tests/fakes/seed.h"

namespace rsip::gateway {
namespace {

using Numbers = PublishedMap<std::uint32_t, int>;

TEST(PublishedMap, FindsAKeyAndTheOneAtOrBefore) {
  Numbers map;
  EXPECT_EQ(map.find(1), nullptr);
  EXPECT_EQ(map.at_or_before(1), nullptr);
  map.set(10, 1);
  map.set(20, 2);
  map.set(10, 3);
  EXPECT_EQ(*map.find(10), 3);
  EXPECT_EQ(map.find(11), nullptr);
  EXPECT_EQ(map.at_or_before(9), nullptr);
  EXPECT_EQ(*map.at_or_before(19), 3);
  EXPECT_EQ(*map.at_or_before(0xFFFFFFFF), 2);
}

TEST(PublishedMap, HandsOutTheSameCopyUntilItChanges) {
  Numbers map;
  map.set(1, 1);
  const auto before = map.frozen();
  EXPECT_EQ(before, map.frozen());
  map.erase(7);
  EXPECT_EQ(before, map.frozen()) << "nothing was there";
  map.erase(1);
  EXPECT_NE(before, map.frozen());
  EXPECT_EQ(*before->find(1), 1);
  EXPECT_TRUE(map.frozen()->empty());
}

TEST(PublishedMap, IsWhatAnOrdinaryMapIsAfterAnyChangesAndItsCopiesStay) {
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Numbers map;
  std::map<std::uint32_t, int> model;
  std::vector<std::pair<std::shared_ptr<const Numbers>, std::map<std::uint32_t, int>>> copies;
  for (int step = 0; step < 20000; ++step) {
    const auto key = static_cast<std::uint32_t>(random() % 3000);
    if (random() % 100 < (step / 5000 % 2 == 0 ? 70U : 25U)) {
      map.set(key, step);
      model[key] = step;
    } else {
      map.erase(key);
      model.erase(key);
    }
    if (step % 1000 == 999) copies.emplace_back(map.frozen(), model);
  }
  for (const auto& [copy, expected] : copies) {
    for (std::uint32_t key = 0; key < 3000; ++key) {
      const auto known = expected.find(key);
      const int* const found = copy->find(key);
      ASSERT_EQ(found != nullptr, known != expected.end()) << key;
      if (found != nullptr) {
        EXPECT_EQ(*found, known->second);
      }
      const auto after = expected.upper_bound(key);
      const int* const before = copy->at_or_before(key);
      ASSERT_EQ(before != nullptr, after != expected.begin()) << key;
      if (before != nullptr) {
        EXPECT_EQ(*before, std::prev(after)->second);
      }
    }
  }
}

}  // namespace
}  // namespace rsip::gateway
