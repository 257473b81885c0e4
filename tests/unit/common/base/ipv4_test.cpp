#include "common/base/ipv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rsip {
namespace {

using testing::HasSubstr;

TEST(Ipv4Address, ParsesDottedQuads) {
  EXPECT_EQ(Ipv4Address::parse("10.1.0.1"), Ipv4Address{0x0A010001});
  EXPECT_EQ(Ipv4Address::parse("0.0.0.0"), Ipv4Address{0});
  EXPECT_EQ(Ipv4Address::parse("255.255.255.255"), Ipv4Address{0xFFFFFFFF});
}

TEST(Ipv4Address, RefusesEverythingElseAndNamesIt) {
  for (const char* text : {"", "10", "10.1.0", "10.1.0.1.2", "10.1.0.256", "10.1.0.-1", "10.1.0.01",
                           "10.1.0.1 ", " 10.1.0.1", "10..0.1", "10.1.0.", "a.b.c.d", "10.1.0.1/8",
                           "0x0a.1.0.1", "10.1.0.+1", "4294967297.0.0.1"}) {
    const auto address = Ipv4Address::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().kind, ErrorKind::kConfigInvalid);
    EXPECT_THAT(address.error().message, HasSubstr("'" + std::string(text) + "'"));
  }
}

TEST(Ipv4Address, PrintsWhatItParsed) {
  for (const char* text : {"0.0.0.0", "10.1.0.1", "149.112.240.156", "255.255.255.255"}) {
    EXPECT_EQ(Ipv4Address::parse(text)->to_string(), text);
  }
}

TEST(Ipv4Address, KnowsItsKind) {
  EXPECT_TRUE(Ipv4Address::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(Ipv4Address::parse("127.1.2.3")->is_loopback());
  EXPECT_TRUE(Ipv4Address::parse("239.1.2.3")->is_multicast());
  EXPECT_FALSE(Ipv4Address::parse("240.0.0.1")->is_multicast());
  EXPECT_TRUE(Ipv4Address::parse("255.255.255.255")->is_broadcast());
}

TEST(Ipv4Address, IsAUsableSourceOnlyIfItCanBeAHost) {
  for (const char* text : {"10.1.0.1", "149.112.240.156", "1.0.0.0", "223.255.255.255"}) {
    EXPECT_TRUE(Ipv4Address::parse(text)->is_usable_source()) << text;
  }
  for (const char* text :
       {"0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"}) {
    EXPECT_FALSE(Ipv4Address::parse(text)->is_usable_source()) << text;
  }
}

TEST(Ipv4Prefix, ParsesNetworksAndLoneAddresses) {
  EXPECT_EQ(Ipv4Prefix::parse("10.0.0.0/8"), (Ipv4Prefix{{0x0A000000}, 8}));
  EXPECT_EQ(Ipv4Prefix::parse("0.0.0.0/0"), (Ipv4Prefix{{0}, 0}));
  EXPECT_EQ(Ipv4Prefix::parse("10.1.0.1"), (Ipv4Prefix{{0x0A010001}, 32}));
}

TEST(Ipv4Prefix, RefusesALengthThatIsNone) {
  for (const char* text : {"10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8a", "10.0.0.0/08",
                           "10.0.0.0/8/8", "10.0.0/8", "/8"}) {
    ASSERT_FALSE(Ipv4Prefix::parse(text)) << text;
    EXPECT_EQ(Ipv4Prefix::parse(text).error().kind, ErrorKind::kConfigInvalid);
  }
}

TEST(Ipv4Prefix, RefusesHostBitsAndSuggestsTheNetwork) {
  const auto prefix = Ipv4Prefix::parse("10.1.2.3/8");
  ASSERT_FALSE(prefix);
  EXPECT_THAT(prefix.error().hint, HasSubstr("10.0.0.0/8"));
}

TEST(Ipv4Prefix, ContainsItsAddresses) {
  const auto prefix = *Ipv4Prefix::parse("10.20.60.0/24");
  EXPECT_TRUE(prefix.contains(*Ipv4Address::parse("10.20.60.0")));
  EXPECT_TRUE(prefix.contains(*Ipv4Address::parse("10.20.60.255")));
  EXPECT_FALSE(prefix.contains(*Ipv4Address::parse("10.20.61.0")));
  EXPECT_TRUE(Ipv4Prefix::parse("0.0.0.0/0")->contains({0xFFFFFFFF}));
  EXPECT_EQ(prefix.mask(), 0xFFFFFF00U);
  EXPECT_EQ((Ipv4Prefix{{1}, 32}.mask()), 0xFFFFFFFFU);
}

TEST(Ipv4Prefix, PrintsWhatItParsed) {
  EXPECT_EQ(Ipv4Prefix::parse("10.0.0.0/8")->to_string(), "10.0.0.0/8");
}

}  // namespace
}  // namespace rsip
