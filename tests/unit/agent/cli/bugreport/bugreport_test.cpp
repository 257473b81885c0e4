#include "agent/cli/bugreport/bugreport.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "agent/cli/bugreport/archive.h"
#include "agent/cli/host/program.h"

namespace rsip::cli::bugreport {
namespace {

namespace fs = std::filesystem;

class Bugreport : public testing::Test {
 protected:
  Bugreport() {
    char folder[] = "/tmp/rsip-report-test-XXXXXX";
    folder_ = mkdtemp(folder);
  }
  ~Bugreport() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string file() const { return folder_ + "/report.tar.zst"; }

  std::string folder_;
};

TEST_F(Bugreport, IsAnArchiveThatOnlyItsOwnerMayRead) {
  ASSERT_TRUE(write_archive(file(), {{"a.txt", "one\n"}, {"agent/b.txt", "two\n"}}, 1800000000));
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto listed = run_program({"tar", "--zstd", "-tf", file()});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->text, "report/a.txt\nreport/agent/b.txt\n");
  EXPECT_EQ(run_program({"tar", "--zstd", "-xOf", file(), "report/agent/b.txt"})->text, "two\n");
}

TEST_F(Bugreport, OverwritesNothing) {
  ASSERT_TRUE(write_archive(file(), {{"a", "one"}}, 0));
  EXPECT_EQ(write_archive(file(), {{"a", "two"}}, 0).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(run_program({"tar", "--zstd", "-xOf", file(), "report/a"})->text, "one");
}

TEST_F(Bugreport, SaysWhereItCannotBeWritten) {
  const auto written = write_archive(folder_ + "/no/such/report.tar.zst", {{"a", "one"}}, 0);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("no/such"), std::string::npos);
}

TEST_F(Bugreport, IsNotWrittenWhereNobodyCanBeAsked) {
  std::istringstream in;
  std::ostringstream out;
  EXPECT_EQ(run_bugreport({}, in, out).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(out.str(), "");
}

TEST_F(Bugreport, IsShownFirstAndWrittenOnlyIfThatIsWanted) {
  BugreportOptions options;
  options.file = file();
  options.terminal = true;
  const std::vector<Section> sections = {{"network/rules.txt", "none"}};
  std::istringstream no("n\n");
  std::ostringstream shown;
  ASSERT_TRUE(offer_report(options, sections, nullptr, 0, no, shown));
  EXPECT_NE(shown.str().find("network/rules.txt"), std::string::npos);
  EXPECT_NE(shown.str().find("It goes to " + file()), std::string::npos);
  EXPECT_FALSE(fs::exists(file()));
  std::istringstream yes("y\n");
  ASSERT_TRUE(offer_report(options, sections, nullptr, 0, yes, shown));
  EXPECT_TRUE(fs::exists(file()));
}

TEST(BugreportSections, AreCutWhereTheyAreTooLong) {
  const std::string text = "begin" + std::string(kMostBytes, '.') + "end";
  const Section head = cut({"a", text}, false);
  EXPECT_TRUE(head.text.starts_with("begin") && head.text.size() < text.size() + 4);
  EXPECT_EQ(head.text.find("end"), std::string::npos);
  const Section tail = cut({"a", text}, true);
  EXPECT_TRUE(tail.text.ends_with("end"));
  EXPECT_FALSE(tail.remark.empty());
  EXPECT_TRUE(cut({"a", "short"}, true).remark.empty());
}

TEST(BugreportSections, KnowWhichKeysNameSomebody) {
  EXPECT_EQ(names_in_config("[[gateway]]\n"
                            "address = \"gw.example.net\"\n"
                            "  local_id=\"ann@example.org\"  # her\n"
                            "# remote_id = \"commented\"\n"
                            "ssids = [\"Anns WLAN\", \"Work\"]\n"
                            "tunnel = \"l2tp\"\n"
                            "remote = \"203.0.113.1\"\n"
                            "[[gateway]]\n"
                            "address = \"auto\"\n"),
            (std::vector<std::string>{"gw.example.net", "ann@example.org", "Anns WLAN", "Work"}));
}

TEST(BugreportContents, SayWhatWasReplacedAndWhatWasNot) {
  Redactor redactor;
  redactor.redact("203.0.113.1 203.0.113.2 52:54:00:12:34:56");
  const std::string text = contents_text({{"a.txt", "12345"}}, &redactor);
  EXPECT_NE(text.find("a.txt  5 B"), std::string::npos);
  EXPECT_NE(text.find("2 addresses, 1 link-layer address"), std::string::npos);
  EXPECT_NE(contents_text({}, nullptr).find("Nothing is replaced"), std::string::npos);
}

}  // namespace
}  // namespace rsip::cli::bugreport
