#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Types = std::vector<int>;

/// The BNF as this test reads it: parameter types by number. Tunnel type (6) is left out of the
/// responses' required ones, since it may be missing there.
struct Grammar {
  Types required;
  Types repeatable;
};

const std::map<int, Grammar> kGrammars = {
    {1, {{8}, {}}},
    {2, {{}, {}}},
    {3, {{4, 3, 9}, {6, 7}}},
    {4, {{4}, {}}},
    {5, {{4}, {}}},
    {6, {{4, 1, 1, 2}, {}}},
    {7, {{4, 5, 1, 1, 2, 3}, {}}},
    {8, {{4, 1, 2, 1, 2}, {}}},
    {9, {{4, 5, 1, 2, 1, 2, 3}, {}}},
    {10, {{4, 5}, {}}},
    {11, {{4, 5, 3}, {}}},
    {12, {{4, 5}, {}}},
    {13, {{4, 5}, {}}},
    {14, {{4}, {1, 10}}},
    {15, {{4}, {1, 10}}},
    {16, {{4, 1, 2, 1, 2}, {6}}},
    {17, {{4, 5, 1, 2, 1, 2, 3}, {}}},
    {22, {{4, 1, 2, 1, 2, 22}, {}}},
    {23, {{4, 5, 1, 2, 1, 2, 22, 3}, {}}},
};

bool has(const Types& types, int type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_extension(int type) {
  return type == 12 || type >= 241;
}

bool is_query(int type) {
  return type == 14 || type == 15;
}

Bytes with_length(Bytes message) {
  message[2] = static_cast<std::uint8_t>(message.size() >> 8);
  message[3] = static_cast<std::uint8_t>(message.size());
  return message;
}

Bytes without(Bytes message, const Place& place) {
  message.erase(message.begin() + static_cast<std::ptrdiff_t>(place.begin),
                message.begin() + static_cast<std::ptrdiff_t>(place.end));
  return with_length(message);
}

Bytes with_inserted(Bytes message, std::size_t at, const Bytes& parameter) {
  message.insert(message.begin() + static_cast<std::ptrdiff_t>(at), parameter.begin(),
                 parameter.end());
  return with_length(message);
}

Bytes slice(const Bytes& message, const Place& place) {
  return {message.begin() + static_cast<std::ptrdiff_t>(place.begin),
          message.begin() + static_cast<std::ptrdiff_t>(place.end)};
}

void expect_fault(const Bytes& bytes, int code, std::size_t offset) {
  const auto message = decode(bytes);
  ASSERT_FALSE(message) << "expected " << code << " at " << offset;
  EXPECT_EQ(static_cast<int>(message.error().code), code);
  EXPECT_EQ(message.error().offset, offset);
}

/// First required parameter that is not where it has to be, and the error owed for it.
std::optional<std::pair<int, std::size_t>> misplaced(const Bytes& bytes) {
  std::vector<Place> places = places_in(bytes);
  std::erase_if(places, [](const Place& p) { return is_extension(p.type); });
  std::size_t next = 0;
  for (const int wanted : kGrammars.at(bytes[1]).required) {
    const bool may_be_tunnel = wanted == 3 && bytes[1] != 11 && bytes[1] != 3;
    if (may_be_tunnel && next < places.size() && places[next].type == 6) ++next;
    const std::size_t offset = next < places.size() ? places[next].begin : bytes.size();
    if (next < places.size() && places[next].type == wanted) {
      ++next;
      continue;
    }
    const bool later = std::any_of(places.begin() + static_cast<std::ptrdiff_t>(next), places.end(),
                                   [&](const Place& p) { return p.type == wanted; });
    return std::pair{later ? 207 : 201, offset};
  }
  return std::nullopt;
}

/// Addresses that the last query tuple still lacks.
bool ends_inside_a_tuple(const Bytes& bytes) {
  int owed = 0;
  for (const Place& place : places_in(bytes)) {
    if (place.type == 10) owed = bytes[place.end - 1] % 2 == 1 ? 1 : 2;
    if (place.type == 1) --owed;
  }
  return is_query(bytes[1]) && owed > 0;
}

TEST(Decode, FindsTheFaultInEveryVectorThatEndsEarly) {
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (std::size_t size = 4; size < vector.bytes.size(); ++size) {
      SCOPED_TRACE(size);
      Bytes bytes(vector.bytes.begin(), vector.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      bytes = with_length(bytes);
      const auto places = places_in(vector.bytes);
      const auto cut = std::find_if(places.begin(), places.end(), [size](const Place& p) {
        return p.begin < size && size < p.end;
      });
      if (cut != places.end()) {
        expect_fault(bytes, 207, size < cut->begin + 3 ? cut->begin : cut->begin + 1);
      } else if (const auto fault = misplaced(bytes)) {
        expect_fault(bytes, fault->first, fault->second);
      } else if (ends_inside_a_tuple(bytes)) {
        expect_fault(bytes, 201, size);
      } else {
        EXPECT_TRUE(decode(bytes));
      }
    }
  }
}

TEST(Decode, FindsEveryMissingRequiredParameterOfEveryVector) {
  int missing = 0;
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (const Place& place : places_in(vector.bytes)) {
      const Bytes bytes = without(vector.bytes, place);
      const auto fault = misplaced(bytes);
      // A name that moves up to where the local address was is refused there and then.
      const bool name_moves_up = place.type == 1 && place.end + 3 < vector.bytes.size() &&
                                 vector.bytes[place.end + 3] == 4;
      if (!fault || name_moves_up) continue;
      SCOPED_TRACE(place.begin);
      expect_fault(bytes, fault->first, fault->second);
      ++missing;
    }
  }
  EXPECT_GT(missing, 150);
}

// H-102: a duplicate is an error
TEST(Decode, RefusesASecondOneOfEveryParameterThatMayStandOnce) {
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    const auto places = places_in(vector.bytes);
    for (const Place& place : places) {
      if (is_extension(place.type)) continue;
      const Bytes doubled =
          with_inserted(vector.bytes, vector.bytes.size(), slice(vector.bytes, place));
      if (has(kGrammars.at(vector.bytes[1]).repeatable, place.type)) continue;
      // A response without endpoint has room for one more address: then the second is too many.
      const bool room = place.type == 1 && !is_query(vector.bytes[1]) && vector.bytes[1] % 2 == 1 &&
                        std::count_if(places.begin(), places.end(),
                                      [](const Place& p) { return p.type == 1; }) == 2;
      const Bytes refused =
          room ? with_inserted(doubled, doubled.size(), slice(vector.bytes, place)) : doubled;
      expect_fault(refused, 202, room ? doubled.size() : vector.bytes.size());
    }
  }
}

// H-109: 0 is reserved, 1-240 are not ours to define
TEST(Decode, RefusesAParameterThatNobodyHasDefinedWhereverItStands) {
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (const int number : {0, 13, 21, 23, 240}) {
      const auto type = static_cast<std::uint8_t>(number);
      for (const Place& place : places_in(vector.bytes)) {
        expect_fault(with_inserted(vector.bytes, place.begin, {type, 0, 0}), 204, place.begin);
      }
      expect_fault(with_inserted(vector.bytes, vector.bytes.size(), {type, 0, 0}), 204,
                   vector.bytes.size());
    }
  }
}

TEST(Decode, RefusesAParameterThatHasNoPlaceInTheMessage) {
  const Bytes error = from_hex("08 0002 0065");
  const Bytes policy = from_hex("09 0002 0103");
  const Bytes spi = from_hex("16 0002 0001");
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (const Bytes& parameter : {error, policy, spi}) {
      if (has(kGrammars.at(vector.bytes[1]).required, parameter[0])) continue;
      for (const Place& place : places_in(vector.bytes)) {
        expect_fault(with_inserted(vector.bytes, place.begin, parameter), 203, place.begin);
      }
    }
  }
}

// H-100: the exact order of the BNF
TEST(Decode, RefusesRequiredParametersInTheWrongOrder) {
  int swapped = 0;
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    const auto places = places_in(vector.bytes);
    const std::size_t required = kGrammars.at(vector.bytes[1]).required.size();
    for (std::size_t i = 0; i + 1 < required; ++i) {
      if (places[i].type == places[i + 1].type || is_extension(places[i + 1].type)) continue;
      const Bytes bytes = with_inserted(without(vector.bytes, places[i + 1]), places[i].begin,
                                        slice(vector.bytes, places[i + 1]));
      const auto fault = misplaced(bytes);
      ASSERT_TRUE(fault.has_value());
      expect_fault(bytes, fault->first, fault->second);
      ++swapped;
    }
  }
  EXPECT_GT(swapped, 80);
}

TEST(Decode, RefusesAnOptionalParameterBeforeARequiredOne) {
  const Bytes counter = from_hex("0b 0004 00000001");
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    const auto places = places_in(vector.bytes);
    const std::size_t required = kGrammars.at(vector.bytes[1]).required.size();
    if (std::any_of(places.begin(), places.end(),
                    [](const Place& p) { return p.type == 11 || is_extension(p.type); })) {
      continue;
    }
    for (std::size_t i = 0; i < required; ++i) {
      expect_fault(with_inserted(vector.bytes, places[i].begin, counter), 207, places[i].begin);
    }
  }
}

TEST(Decode, RefusesATunnelTypeBehindAnOptionalParameterOfAResponse) {
  const std::string required =
      "04 0004 00000001 05 0004 00000002 01 0001 01 01 0001 01 02 0001 01 03 0004 00000258";
  expect_fault(message_of(7, required + "0b 0004 00000001 06 0001 01"), 207, 44);
}

TEST(Decode, RefusesAnAddressThatNoIndicatorAnnounces) {
  expect_fault(message_of(14, "04 0004 00000001 01 0005 01 0a010001"), 203, 11);
  expect_fault(message_of(14,
                          "04 0004 00000001 0a 0002 0001 01 0005 01 0a010001"
                          "01 0005 02 ffffff00"),
               203, 24);
}

TEST(Decode, RefusesAQueryTupleWithSomethingElseInside) {
  expect_fault(message_of(14,
                          "04 0004 00000001 0a 0002 0002 01 0005 01 0a000000"
                          "0b 0004 00000001 01 0005 02 ff000000"),
               201, 24);
  expect_fault(message_of(15,
                          "04 0004 00000001 0a 0002 0001 0a 0002 0001"
                          "01 0005 01 0a000000"),
               201, 16);
}

}  // namespace
}  // namespace rsip::msg
