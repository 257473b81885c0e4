#include <algorithm>

#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

struct BadValue {
  const char* name;
  int type;
  const char* parameters;
  int code;
  std::size_t offset;
};

void PrintTo(const BadValue& row, std::ostream* out) {
  *out << row.name;
}

// Client ID 7 bytes, so the second parameter starts at 11.
constexpr BadValue kBadValues[] = {
    {"FlowPolicyLocal0", 3, "04 0004 00000001 03 0004 00000001 09 0002 0003", 205, 21},
    {"FlowPolicyLocal3", 3, "04 0004 00000001 03 0004 00000001 09 0002 0303", 205, 21},
    {"FlowPolicyRemote0", 3, "04 0004 00000001 03 0004 00000001 09 0002 0100", 205, 22},
    {"FlowPolicyRemote4", 3, "04 0004 00000001 03 0004 00000001 09 0002 0104", 205, 22},
    {"Method0", 3, "04 0004 00000001 03 0004 00000001 09 0002 0103 07 0001 00", 205, 26},
    {"OfferedTunnel0", 3, "04 0004 00000001 03 0004 00000001 09 0002 0103 06 0001 00", 205, 26},
    {"TunnelType0", 6, "04 0004 00000001 01 0001 01 01 0001 01 02 0001 01 06 0001 00", 205, 26},
    {"TunnelType4", 6, "04 0004 00000001 01 0001 01 01 0001 01 02 0001 01 06 0001 04", 307, 26},
    {"SecondTunnelType9InListen", 16,
     "04 0004 00000001 01 0001 01 02 0001 01 01 0001 01 02 0001 01 06 0001 01 06 0001 09", 307, 34},
    {"GrantedTunnelType4", 7,
     "04 0004 00000001 05 0004 00000001 01 0001 01 01 0001 01 02 0001 01 03 0004 00000001"
     "06 0001 04",
     307, 40},
    {"AddressWithoutType", 6, "04 0004 00000001 01 0000 01 0001 01 02 0001 01", 205, 12},
    {"AddressType0", 6, "04 0004 00000001 01 0001 00 01 0001 01 02 0001 01", 205, 14},
    {"AddressType0WithAddress", 6, "04 0004 00000001 01 0005 00 00000000 01 0001 01 02 0001 01",
     205, 14},
    {"AddressType5", 6, "04 0004 00000001 01 0005 05 0a010001 01 0001 01 02 0001 01", 205, 14},
    {"Ipv4OfThreeBytes", 6, "04 0004 00000001 01 0004 01 0a0100 01 0001 01 02 0001 01", 205, 12},
    {"Ipv6OfFourBytes", 6, "04 0004 00000001 01 0005 03 0a010001 01 0001 01 02 0001 01", 205, 12},
    {"LocalName", 6, "04 0004 00000001 01 0004 04 612e62 01 0001 01 02 0001 01", 205, 14},
    {"LocalNetmask", 6, "04 0004 00000001 01 0005 02 ffffff00 01 0001 01 02 0001 01", 205, 14},
    {"RemoteNetmask", 6, "04 0004 00000001 01 0001 01 01 0005 02 ffffff00 02 0001 01", 205, 18},
    {"NameWithTerminator", 6, "04 0004 00000001 01 0001 01 01 0004 04 612e00 02 0001 01", 205, 21},
    {"NameWithSpace", 6, "04 0004 00000001 01 0001 01 01 0004 04 612062 02 0001 01", 205, 20},
    {"NameOfHighBytes", 6, "04 0004 00000001 01 0001 01 01 0003 04 c3a9 02 0001 01", 205, 19},
    {"EndpointNetmask", 7,
     "04 0004 00000001 05 0004 00000001 01 0001 01 01 0001 01 02 0001 01 03 0004 00000001"
     "06 0001 01 01 0005 02 ffffff00",
     205, 44},
    {"EndpointType0", 7,
     "04 0004 00000001 05 0004 00000001 01 0001 01 01 0001 01 02 0001 01 03 0004 00000001"
     "06 0001 01 01 0001 00",
     205, 44},
    {"PortsDontNeed", 6, "04 0004 00000001 01 0001 01 01 0001 01 02 0000", 205, 20},
    {"PortsCount0", 6, "04 0004 00000001 01 0001 01 01 0001 01 02 0001 00", 205, 22},
    {"PortsCount0WithAPort", 6, "04 0004 00000001 01 0001 01 01 0001 01 02 0003 00 0050", 205, 22},
    {"PortsRangePast65535", 8, "04 0004 00000001 01 0001 01 02 0003 02 ffff 01 0001 01 02 0001 01",
     205, 19},
    {"PortsListTooShort", 8,
     "04 0004 00000001 01 0001 01 02 0005 03 0050 0051 01 0001 01 02 0001 01", 205, 16},
    {"PortsListTooLong", 8,
     "04 0004 00000001 01 0001 01 02 0007 02 0050 0051 0052 01 0001 01 02 0001 01", 205, 16},
    {"PortsHalfAPort", 8, "04 0004 00000001 01 0001 01 02 0002 01 00 01 0001 01 02 0001 01", 205,
     16},
    {"PortsListWithAZero", 8,
     "04 0004 00000001 01 0001 01 02 0005 02 0050 0000 01 0001 01 02 0001 01", 205, 21},
    {"RemotePortsCount0", 8, "04 0004 00000001 01 0001 01 02 0001 01 01 0001 01 02 0001 00", 205,
     26},
    {"SpiEmpty", 22, "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0000", 205, 26},
    {"SpiOneByte", 22, "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0001 01", 205,
     26},
    {"SpiCount0", 22, "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0002 0000", 205,
     28},
    {"SpiHalfANumber", 22,
     "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0004 0001 0010", 205, 26},
    {"SpiListTooShort", 22,
     "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 000a 0003 00001000 00002000", 205,
     26},
    {"SpiRangePastTheLast", 22,
     "04 0004 00000001 01 0001 01 02 0000 01 0001 01 02 0000 16 0006 0002 ffffffff", 205, 30},
    {"RsipsecPortsCount0", 22,
     "04 0004 00000001 01 0001 01 02 0001 00 01 0001 01 02 0000 16 0002 0001", 205, 18},
    {"Indicator0", 14, "04 0004 00000001 0a 0002 0000 01 0005 01 0a010001", 205, 14},
    {"IndicatorOfResponse", 14, "04 0004 00000001 0a 0002 0003 01 0005 01 0a010001", 205, 14},
    {"Indicator5", 15, "04 0004 00000001 0a 0002 0005 01 0005 01 0a010001", 205, 14},
    {"Indicator257", 15, "04 0004 00000001 0a 0002 0101 01 0005 01 0a010001", 205, 14},
    {"IndicatorEmpty", 14, "04 0004 00000001 0a 0000 01 0005 01 0a010001", 205, 12},
    {"IndicatorOfThreeBytes", 15, "04 0004 00000001 0a 0003 000001 01 0005 01 0a010001", 205, 12},
    {"QueriedNetmask", 14, "04 0004 00000001 0a 0002 0001 01 0005 02 ff000000", 205, 19},
    {"QueriedDontCare", 14, "04 0004 00000001 0a 0002 0001 01 0001 01", 205, 19},
    {"NetworkByName", 14, "04 0004 00000001 0a 0002 0002 01 0003 04 6161 01 0005 02 ff000000", 205,
     19},
    {"NetmaskAsAddress", 14,
     "04 0004 00000001 0a 0002 0002 01 0005 01 0a000000 01 0005 01 ff000000", 205, 27},
    {"NetmaskOfTheOtherFamily", 14,
     "04 0004 00000001 0a 0002 0002 01 0005 01 0a000000"
     "01 0011 03 ffff0000000000000000000000000000",
     205, 27},
    {"VendorSpecificOfThreeBytes", 2, "0c 0003 7ed900", 205, 5},
    {"ErrorOfOneByte", 1, "08 0001 65", 205, 5},
};

class BadValueTest : public testing::TestWithParam<BadValue> {};

// H-078, H-080, H-083, H-084, H-086, H-090, H-091, H-093: lengths and values that cannot be
// H-226, A-12: no SPI count of 0; don't-need ports in RSIPSEC messages alone
TEST_P(BadValueTest, IsRefusedWhereItStands) {
  const auto message = decode(message_of(GetParam().type, GetParam().parameters));
  ASSERT_FALSE(message);
  EXPECT_EQ(static_cast<int>(message.error().code), GetParam().code);
  EXPECT_EQ(message.error().offset, GetParam().offset);
  EXPECT_FALSE(message.error().detail.empty());
}

INSTANTIATE_TEST_SUITE_P(Decode, BadValueTest, testing::ValuesIn(kBadValues),
                         [](const auto& test) { return std::string(test.param.name); });

/// Parameters that have one length only, whatever they say.
bool has_fixed_length(const Place& place, const std::vector<std::uint8_t>& message) {
  constexpr int kFixed[] = {3, 4, 5, 6, 7, 8, 9, 11};
  constexpr int kFqdn = 4;
  const std::size_t length = place.end - place.begin - 3;
  const bool ipv4_or_6 = place.type == 1 && length > 1 && message[place.begin + 3] != kFqdn;
  const bool with_port = place.type == 2 && length > 1;
  return ipv4_or_6 || with_port ||
         std::find(std::begin(kFixed), std::end(kFixed), place.type) != std::end(kFixed);
}

void expect_bad_length(std::vector<std::uint8_t> parameters, const Place& place, int type) {
  parameters.erase(parameters.begin(), parameters.begin() + 4);
  const auto message = decode(message_of(type, parameters));
  ASSERT_FALSE(message) << "type " << type << " at " << place.begin;
  EXPECT_EQ(message.error().code, ErrorCode::kBadParam) << "type " << type;
  EXPECT_EQ(message.error().offset, place.begin + 1) << "type " << type;
}

// H-077, H-087, H-088, H-089, H-090, H-091, H-092, H-093: lengths are exact
TEST(Decode, RefusesEveryParameterOfEveryVectorThatIsAByteShort) {
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (const Place& place : places_in(vector.bytes)) {
      if (!has_fixed_length(place, vector.bytes)) continue;
      auto bytes = vector.bytes;
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(place.end) - 1);
      --bytes[place.begin + 2];
      expect_bad_length(bytes, place, vector.bytes[1]);
    }
  }
}

TEST(Decode, RefusesEveryParameterOfEveryVectorThatIsAByteLong) {
  for (const VectorFile& vector : load_vectors()) {
    SCOPED_TRACE(vector.name);
    for (const Place& place : places_in(vector.bytes)) {
      if (!has_fixed_length(place, vector.bytes)) continue;
      auto bytes = vector.bytes;
      bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place.end), 0);
      ++bytes[place.begin + 2];
      expect_bad_length(bytes, place, vector.bytes[1]);
    }
  }
}

}  // namespace
}  // namespace rsip::msg
