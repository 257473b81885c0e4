#include "common/slp/attributes.h"

#include <gtest/gtest.h>

#include "common/slp/text.h"

namespace rsip::slp {
namespace {

AttributeList list(const char* text) {
  const auto parsed = AttributeList::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(AttributeList());
}

TEST(SlpText, EscapesWhatIsReservedAndFindsItBack) {
  EXPECT_EQ(escape("a,b"), "a\\2cb");
  EXPECT_EQ(unescape("a\\2Cb"), "a,b");
  const std::string all = "(),\\!<=>~*\t\x7F end";
  EXPECT_EQ(unescape(escape(all)), all);
}

TEST(SlpText, EscapesEveryByteOfAnOpaqueValue) {
  EXPECT_EQ(escape("\xFF"
                   "a"),
            "\\ff\\61");
}

TEST(SlpText, KnowsABrokenEscape) {
  for (const char* text : {"\\", "\\2", "\\2x", "a\\", "\\-1"})
    EXPECT_FALSE(unescape(text)) << text;
}

TEST(SlpText, ComparesWithoutCaseAndWithSpacesFolded) {
  EXPECT_TRUE(same_text("  Some \t String", "some string "));
  EXPECT_FALSE(same_text("somestring", "some string"));
}

// H-244: RFC 2608 section 6.4.1, one scope in common is enough, case does not matter.
TEST(SlpText, ScopesMeetInOneOfThem) {
  EXPECT_TRUE(scopes_meet("A, B", "default,b"));
  EXPECT_FALSE(scopes_meet("A", "AB"));
  EXPECT_FALSE(scopes_meet("", ""));
}

TEST(SlpText, ALongListIsCutOff) {
  EXPECT_EQ(split_list(std::string(2000, ',') + "a").size(), 1U);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "x,";
  EXPECT_EQ(split_list(many).size(), kMaxListEntries);
}

TEST(SlpAttributes, AreValuesAndKeywords) {
  const auto attributes = list("(a=1,2), key ,(b = x y )");
  ASSERT_EQ(attributes.all().size(), 3U);
  EXPECT_EQ(attributes.find("A")->values, (std::vector<std::string>{"1", "2"}));
  EXPECT_TRUE(attributes.find("key")->values.empty());
  EXPECT_EQ(attributes.find("b")->values.front(), "x y");
  EXPECT_EQ(attributes.find("c"), nullptr);
}

TEST(SlpAttributes, ArePrintedAsTheyAreRead) {
  const AttributeList attributes({{"a,b", {"(1)", " x "}}, {"key", {}}});
  EXPECT_EQ(attributes.print(), "(a\\2cb=\\281\\29,\\20x\\20),key");
  EXPECT_EQ(list(attributes.print().c_str()), attributes);
}

// H-250: a boolean that is not there is neither true nor false.
TEST(SlpAttributes, HaveTypesByHowTheyAreWritten) {
  const auto attributes = list("(load=42),(yes=TRUE),(no=false),(text=42x),key,(big=99999999999)");
  EXPECT_EQ(attributes.integer("load"), 42);
  EXPECT_EQ(attributes.boolean("yes"), true);
  EXPECT_EQ(attributes.boolean("no"), false);
  EXPECT_EQ(attributes.boolean("missing"), std::nullopt);
  EXPECT_EQ(attributes.boolean("key"), std::nullopt);
  EXPECT_EQ(attributes.integer("text"), std::nullopt);
  EXPECT_EQ(attributes.integer("big"), std::nullopt);
}

TEST(SlpAttributes, AreRefusedIfTheyAreBroken) {
  for (const char* text : {"(", "(a", "(a)", "(=1)", "(a=)", "(a=1)b", "a=1", "(a=\\2)", "a)", ",",
                           "(a=1),,(b=2)", "\\zz"}) {
    EXPECT_FALSE(AttributeList::parse(text)) << text;
  }
}

TEST(SlpAttributes, OfNoEndAreRefused) {
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "a,";
  EXPECT_FALSE(AttributeList::parse(many + "a"));
}

TEST(SlpAttributes, AreChosenByTagsAndPatterns) {
  const auto attributes = list("(load=1),(ipsec-support=true),(ike-support=true)");
  EXPECT_EQ(attributes.select("LOAD").print(), "(load=1)");
  EXPECT_EQ(attributes.select("i*-support").all().size(), 2U);
  EXPECT_EQ(attributes.select("*").all().size(), 3U);
  EXPECT_EQ(attributes.select("").all().size(), 3U);
  EXPECT_TRUE(attributes.select("x*").all().empty());
}

}  // namespace
}  // namespace rsip::slp
