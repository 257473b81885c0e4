#include "agent/cli/command/command_line.h"

#include <set>

#include "agent/cli/command/nearest.h"
#include "agent/cli/shell/man_page.h"
#include "common/ipc/schema.h"
#include "tests/unit/agent/cli/cli_fixture.h"

namespace rsip::cli {
namespace {

TEST(CommandLine, FindsTheVerbWhereverOptionsStand) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"lease", "show", "7", "--json"},
        std::vector<std::string>{"--socket", "/x", "lease", "show", "7"},
        std::vector<std::string>{"lease", "--socket", "/x", "show", "7"},
        std::vector<std::string>{"-q", "lease", "show", "-g", "hotel", "7"}}) {
    const auto parsed = parse(commands(), words);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->command->path, "lease show");
    EXPECT_EQ(parsed->arguments.number("ID"), 7U);
  }
}

TEST(CommandLine, TakesAWordThatIsNoVerbForAnArgument) {
  const auto parsed = parse(commands(), {"log", "level", "debug", "--for", "10m"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->command->path, "log level");
  EXPECT_EQ(parsed->arguments.text("LEVEL"), "debug");
  EXPECT_EQ(parsed->arguments.seconds("--for"), 600U);
  EXPECT_EQ(parse(commands(), {"log", "-f"})->command->path, "log");
}

TEST(CommandLine, WaitNeedsNoTimeAndNeverTakesAnArgumentForOne) {
  const auto parsed = parse(commands(), {"lease", "renew", "--wait", "5", "6"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->arguments.seconds("--wait"), 30U);
  EXPECT_EQ(parsed->arguments.numbers("ID"), (std::vector<std::uint32_t>{5, 6}));
  EXPECT_EQ(parse(commands(), {"up", "--wait=2m"})->arguments.seconds("--wait"), 120U);
}

TEST(CommandLine, NamesTheNearestVerbs) {
  EXPECT_EQ(parse(commands(), {"statsu"}).error().message, "there is no verb statsu");
  EXPECT_NE(parse(commands(), {"statsu"}).error().hint.find("did you mean stat"),
            std::string::npos);
  EXPECT_NE(parse(commands(), {"lease", "relese"}).error().hint.find("did you mean release"),
            std::string::npos);
  EXPECT_EQ(parse(commands(), {"bogus"}).error().hint, "the list: rsipctl --help");
}

TEST(CommandLine, SaysWhatItDoesNotKnowAndWhatIsLikeIt) {
  const Error option = parse(commands(), {"status", "--jsn"}).error();
  EXPECT_EQ(to_line(option),
            "there is no option --jsn. Did you mean --json? See: rsipctl help status");
  EXPECT_EQ(parse(commands(), {"stats", "-g", "hotel"}).error().message, "there is no option -g");
  EXPECT_EQ(parse(commands(), {"status", "--json", "extra"}).error().message,
            "extra is one word too many");
}

TEST(CommandLine, SaysWhichOptionHasNoValue) {
  EXPECT_EQ(parse(commands(), {"usage", "--from"}).error().message, "--from needs DATE");
  EXPECT_EQ(parse(commands(), {"usage", "-g"}).error().message, "--gateway needs NAME");
}

TEST(CommandLine, SaysWhichVerbsAGroupHas) {
  const Error error = parse(commands(), {"lease"}).error();
  EXPECT_EQ(error.message, "lease what? There are: list, show, request, renew, release, hold");
}

TEST(CommandLine, SaysWhatIsMissing) {
  EXPECT_EQ(parse(commands(), {"listen", "add"}).error().message,
            "PORT is missing: port of this host where the server listens");
}

TEST(CommandLine, SaysWhichValueIsWrong) {
  EXPECT_NE(parse(commands(), {"listen", "add", "0"}).error().message.find("0 is no port"),
            std::string::npos);
  EXPECT_NE(parse(commands(), {"up", "--wait=soon"}).error().message.find("soon is no time"),
            std::string::npos);
  EXPECT_NE(parse(commands(), {"log", "level", "loud"}).error().message.find("none of trace"),
            std::string::npos);
}

TEST(CommandLine, HelpOfAVerbNamesItsOptions) {
  const auto help = help_text(commands(), "lease release");
  ASSERT_TRUE(help);
  for (const char* const word :
       {"--unused", "--yes", "--gateway", "--wait", "--json", "--socket"}) {
    EXPECT_NE(help->find(word), std::string::npos) << word;
  }
  EXPECT_NE(help_text(commands(), "")->find("lease release"), std::string::npos);
  EXPECT_FALSE(help_text(commands(), "nothing"));
}

TEST(CommandLine, TellsTimesApart) {
  EXPECT_EQ(parse_duration("90"), 90U);
  EXPECT_EQ(parse_duration("90s"), 90U);
  EXPECT_EQ(parse_duration("2h"), 7200U);
  for (const char* const wrong : {"", "s", "-1", "1.5h", "10x", "99999h", "4294967296"}) {
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
  }
}

TEST(CommandLine, NearestKnowsExchangedLettersAndBeginnings) {
  const std::vector<std::string> words = {"status", "stats", "up", "down", "monitor"};
  EXPECT_EQ(nearest("mon", words), (std::vector<std::string>{"monitor"}));
  EXPECT_EQ(nearest("dwon", words), (std::vector<std::string>{"down"}));
  EXPECT_TRUE(nearest("zzzzzz", words).empty());
}

// What --json prints has a schema that is installed.
TEST(Commands, HaveOnlySchemasThatAreWritten) {
  std::set<std::string> written;
  for (const ipc::SchemaFile& file : ipc::schemas()) written.insert(file.name);
  for (const Command& command : commands()) {
    if (command.schema.empty()) continue;
    std::string name = "rsip." + command.schema + ".json";
    name[name.find('/')] = '-';
    EXPECT_TRUE(written.contains(name)) << command.path << " names " << name;
  }
}

TEST(Commands, HaveEachAPathOfTheirOwn) {
  std::set<std::string> paths;
  for (const Command& command : commands()) {
    EXPECT_TRUE(paths.insert(command.path).second) << command.path;
    EXPECT_FALSE(command.words.empty() || command.words.ends_with('.')) << command.path;
  }
}

TEST(ManPage, NamesEveryVerbAndExitCode) {
  const std::string page = man_page(commands());
  for (const Command& command : commands()) {
    EXPECT_NE(page.find(".SS " + command.path + "\n"), std::string::npos) << command.path;
  }
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::kIkeUnreachable); ++kind) {
    const int code = exit_code(static_cast<ErrorKind>(kind));
    EXPECT_NE(page.find(".B " + std::to_string(code) + "\n"), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace rsip::cli
