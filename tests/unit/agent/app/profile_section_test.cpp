#include <gmock/gmock.h>

#include "agent/app/config.h"

namespace rsip::agent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Result<Config> with_profiles(const std::string& profiles) {
  return parse_config(
      "[[gateway]]\nname = \"hotel\"\naddress = \"10.1.0.1\"\n"
      "[[gateway]]\nname = \"office\"\naddress = \"10.2.0.1\"\n" +
          profiles,
      "agent.toml");
}

TEST(ProfileSection, NamesAChoiceOfGateways) {
  const auto config = with_profiles(
      "[[profile]]\nname = \"travel\"\ngateways = [\"hotel\"]\n"
      "[[profile]]\nname = \"all\"\ngateways = [\"hotel\", \"office\"]\n");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_THAT(config->profiles, SizeIs(2));
  EXPECT_EQ(config->profiles[0].name, "travel");
  EXPECT_THAT(config->profiles[1].gateways, ElementsAre("hotel", "office"));
}

TEST(ProfileSection, MayBeMissing) {
  const auto config = with_profiles("");
  ASSERT_TRUE(config);
  EXPECT_THAT(config->profiles, SizeIs(0));
}

TEST(ProfileSection, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* text;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {"[[profile]]\nname = \"a\"\ngateways = [\"pension\"]\n",
       "agent.toml:9:12: there is no [[gateway]] named pension", "configured: hotel, office"},
      {"[[profile]]\nname = \"a\"\ngateways = []\n", "agent.toml:9:12: a profile without gateways",
       "hotel, office"},
      {"[[profile]]\nname = \"\"\ngateways = [\"hotel\"]\n", "agent.toml:8:8: name has to have",
       "work"},
      {"[[profile]]\ngateways = [\"hotel\"]\n", "agent.toml:7:1: ", ""},
      {"[[profile]]\nname = \"a\"\ngateways = [\"hotel\"]\ncolour = 3\n", "agent.toml:10:", ""},
      {"[profile]\nname = \"a\"\n", "agent.toml:7:1: profile is not a list", "[[profile]]"},
      {"[[profile]]\nname = \"a\"\ngateways = [\"hotel\"]\n"
       "[[profile]]\nname = \"a\"\ngateways = [\"office\"]\n",
       "agent.toml:11:8: a second [[profile]] named a", ""},
  };
  for (const Case& wrong : cases) {
    const auto config = with_profiles(wrong.text);
    ASSERT_FALSE(config) << wrong.text;
    EXPECT_EQ(config.error().kind, ErrorKind::kConfigInvalid);
    EXPECT_THAT(config.error().message, HasSubstr(wrong.message));
    EXPECT_THAT(config.error().hint, HasSubstr(wrong.hint));
  }
}

TEST(ProfileSection, TheConfigurationIsKeptAsItWasRead) {
  const auto config = with_profiles("# a remark\n");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->source.file, "agent.toml");
  EXPECT_THAT(config->source.text, HasSubstr("# a remark\n"));
}

}  // namespace
}  // namespace rsip::agent
