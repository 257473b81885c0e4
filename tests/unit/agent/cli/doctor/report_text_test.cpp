#include "agent/cli/doctor/report_text.h"

#include <sstream>

#include <gtest/gtest.h>

#include "agent/cli/doctor/doctor.h"
#include "tests/unit/agent/cli/doctor/healthy.h"

namespace rsip::cli::doctor {
namespace {

const ipc::DoctorReport kReport{
    "fail",
    {{"a", "agent", "ok", "The agent answers", "", "", false},
     {"b", "network", "warn", "Names can be looked up", "nobody answers", "ask around", false},
     {"c", "network", "fail", "Tunnels can be made", "no device", "modprobe tun", true},
     {"d", "ipsec", "skip", "One", "it is off", "", false},
     {"e", "ipsec", "skip", "Two", "it is off", "", false},
     {"f", "ipsec", "skip", "Three", "nobody knows", "", false}}};

TEST(DoctorText, SaysWhatIsWrongAndWhatMendsIt) {
  EXPECT_EQ(report_text(kReport, false),
            "Agent\n"
            "  ok    The agent answers\n"
            "\n"
            "Network\n"
            "  warn  Names can be looked up  [b]\n"
            "        nobody answers\n"
            "        fix: ask around\n"
            "  fail  Tunnels can be made  [c]\n"
            "        no device\n"
            "        fix: modprobe tun\n"
            "             or: rsipctl doctor --fix c\n"
            "\n"
            "IPsec\n"
            "  skip  2 checks: it is off\n"
            "  skip  Three: nobody knows\n"
            "\n"
            "1 ok, 1 warning, 1 failure, 3 not looked at\n");
}

TEST(DoctorText, HasColourOnlyIfAskedFor) {
  EXPECT_EQ(report_text(kReport, false).find('\033'), std::string::npos);
  EXPECT_NE(report_text(kReport, true).find("\033[31mfail\033[0m"), std::string::npos);
}

TEST(DoctorText, KeepsLongSentencesBelowEachOther) {
  std::string words;
  for (int i = 0; i < 40; ++i) words += "word ";
  const ipc::DoctorReport report{"warn", {{"a", "agent", "warn", "What", words, "", false}}};
  std::istringstream lines(report_text(report, false));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U);
}

TEST(Doctor, ListsItsChecksWithoutLooking) {
  std::ostringstream out;
  DoctorOptions options;
  options.list = true;
  EXPECT_EQ(run_doctor(options, out), 0);
  EXPECT_NE(out.str().find("rp_filter"), std::string::npos);
}

TEST(Doctor, KnowsNoStepForWhatItDoesNotKnow) {
  std::ostringstream out;
  DoctorOptions options;
  options.fix = "nonsense";
  EXPECT_EQ(run_doctor(options, out).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace rsip::cli::doctor
