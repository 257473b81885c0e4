#include "common/slp/predicate.h"

#include <gtest/gtest.h>

namespace rsip::slp {
namespace {

const char* const kGateway =
    "(tunnel-type=IP-IP,GRE),(transport=TCP),(ipsec-support=true),(load=30),secure,"
    "(name=Big  Blue Gateway),(odd=a*b),(blob=\\ff\\01)";

bool holds(const std::string& predicate, const char* attributes = kGateway) {
  const auto parsed = Predicate::parse(predicate);
  EXPECT_TRUE(parsed) << predicate;
  return parsed && parsed->matches(AttributeList::parse(attributes).value());
}

TEST(SlpPredicate, ThatIsEmptyMatchesEverything) {
  EXPECT_TRUE(holds(""));
  EXPECT_TRUE(holds("  ", ""));
}

TEST(SlpPredicate, IsTrueIfOneOfSeveralValuesIsEqual) {
  EXPECT_TRUE(holds("(tunnel-type=IP-IP)"));
  EXPECT_TRUE(holds("(TUNNEL-TYPE = gre )"));
  EXPECT_FALSE(holds("(tunnel-type=L2TP)"));
  EXPECT_TRUE(holds("(tunnel-type~=gre)"));
}

TEST(SlpPredicate, AsksWhetherSomethingIsThere) {
  EXPECT_TRUE(holds("(secure=*)"));
  EXPECT_TRUE(holds("(load=*)"));
  EXPECT_FALSE(holds("(ike-support=*)"));
}

TEST(SlpPredicate, FindsPartsOfATextInTheirOrder) {
  EXPECT_TRUE(holds("(name=big*)"));
  EXPECT_TRUE(holds("(name=*gateway)"));
  EXPECT_TRUE(holds("(name=b*blue*way)"));
  EXPECT_TRUE(holds("(name=* blue *)"));
  EXPECT_FALSE(holds("(name=blue*)"));
  EXPECT_FALSE(holds("(name=*gateway*blue*)"));
  EXPECT_FALSE(holds("(name=big blue*blue gateway)"));
}

TEST(SlpPredicate, ComparesNumbersAsNumbers) {
  EXPECT_TRUE(holds("(load<=100)"));
  EXPECT_TRUE(holds("(load>=4)"));
  EXPECT_FALSE(holds("(load>=31)"));
  EXPECT_TRUE(holds("(load=030)"));
}

TEST(SlpPredicate, ComparesTextsInTheirOrder) {
  EXPECT_TRUE(holds("(transport>=tc)"));
  EXPECT_FALSE(holds("(transport<=tc)"));
}

TEST(SlpPredicate, HasNoOrderForBooleansAndOpaqueValues) {
  EXPECT_FALSE(holds("(ipsec-support>=false)"));
  EXPECT_FALSE(holds("(blob>=\\ff\\00)"));
  EXPECT_TRUE(holds("(blob=\\ff\\01)"));
}

TEST(SlpPredicate, JoinsConditions) {
  EXPECT_TRUE(holds("(&(transport=TCP)(load<=50))"));
  EXPECT_FALSE(holds("(&(transport=TCP)(load<=5))"));
  EXPECT_TRUE(holds("(| (transport=UDP) (load<=50))"));
  EXPECT_TRUE(holds("(!(ike-support=true))"));
  EXPECT_FALSE(holds("(!(|(transport=TCP)(a=b)))"));
}

TEST(SlpPredicate, TellsAnEscapedAsteriskFromAPattern) {
  EXPECT_TRUE(holds("(odd=a\\2ab)"));
  EXPECT_FALSE(holds("(name=big\\2a)"));
}

TEST(SlpPredicate, IsRefusedIfItIsBroken) {
  for (const char* text :
       {"(", ")", "a=b", "(a)", "(=b)", "(a=b", "(a=b))", "(a=b)(c=d)", "(&)", "(!)",
        "(!(a=b)(c=d))", "(&(a=b)", "(a>=1*)", "(a=\\2)", "((a=b))", "(a=(b))", "(&(a=b)x)"}) {
    EXPECT_FALSE(Predicate::parse(text)) << text;
  }
}

TEST(SlpPredicate, IsRefusedIfItIsNestedTooDeep) {
  std::string deep = "(a=b)";
  for (int i = 1; i < 16; ++i) deep = "(!" + deep + ")";
  EXPECT_TRUE(Predicate::parse(deep));
  EXPECT_FALSE(Predicate::parse("(!" + deep + ")"));
  EXPECT_FALSE(Predicate::parse(std::string(60000, '(')));
}

TEST(SlpPredicate, IsRefusedIfItHasTooManyConditions) {
  std::string wide;
  for (int i = 0; i < 256; ++i) wide += "(a=b)";
  EXPECT_FALSE(Predicate::parse("(&" + wide + ")"));
}

TEST(SlpPredicate, IsPutTogetherFromParts) {
  EXPECT_EQ(all_of({equals("a", "x)"), any_of({present("b"), not_of(present("c"))})}),
            "(&(a=x\\29)(|(b=*)(!(c=*))))");
  EXPECT_EQ(all_of({"(a=b)"}), "(a=b)");
  EXPECT_EQ(any_of({}), "");
}

}  // namespace
}  // namespace rsip::slp
