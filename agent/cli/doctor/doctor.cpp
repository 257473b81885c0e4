#include "agent/cli/doctor/doctor.h"

#include <algorithm>
#include <ostream>
#include <unistd.h>

#include "agent/cli/doctor/check.h"
#include "agent/cli/doctor/fact_reader.h"
#include "agent/cli/doctor/report_text.h"
#include "agent/cli/host/files.h"
#include "agent/cli/host/program.h"
#include "agent/cli/table.h"
#include "common/base/utc_time.h"
#include "common/ipc/documents.h"

namespace rsip::cli::doctor {
namespace {

tl::unexpected<Error> no_such_check(const std::string& id) {
  return fail(ErrorKind::kNotFound, "there is no check \"" + id + "\"",
              "which there are: rsipctl doctor --list");
}

/// Those that were asked for, in the doctor's order.
Result<std::vector<Check>> chosen(const std::vector<std::string>& only) {
  std::vector<Check> checks = all_checks();
  for (const std::string& id : only) {
    if (std::ranges::find(checks, id, &Check::id) == checks.end()) return no_such_check(id);
  }
  std::erase_if(checks, [&](const Check& check) {
    return !only.empty() && std::ranges::find(only, check.id) == only.end();
  });
  return checks;
}

int list_checks(std::ostream& out) {
  std::vector<std::vector<std::string>> rows;
  for (const Check& check : all_checks()) rows.push_back({check.id, check.area, check.what});
  out << table_text(rows);
  return 0;
}

Result<int> mend(const Check& check, const Facts& facts, std::ostream& out) {
  const Outcome before = check.examine(facts);
  if (before.verdict == "ok" || before.verdict == "skip") {
    out << check.id << ": nothing to do" << (before.why.empty() ? "" : ", " + before.why) << '\n';
    return 0;
  }
  if (before.fix.command.empty()) {
    return fail(ErrorKind::kState, std::string(check.id) + " takes a person: " + before.why,
                before.fix.words);
  }
  out << before.fix.words << std::endl;
  if (geteuid() != 0) {
    return fail(ErrorKind::kPermission, "this step needs root",
                std::string("sudo rsipctl doctor --fix ") + check.id);
  }
  const auto done = run_in_terminal(before.fix.command);
  if (!done) return tl::unexpected(done.error());
  if (*done == 0) return 0;
  return fail(ErrorKind::kOther, "it ended with " + std::to_string(*done),
              "see what it said above");
}

}  // namespace

Result<ipc::DoctorReport> examine(const Facts& facts, const std::vector<std::string>& only) {
  const auto checks = chosen(only);
  if (!checks) return tl::unexpected(checks.error());
  ipc::DoctorReport report;
  for (const Check& check : *checks) {
    report.checks.push_back(report_of(check, check.examine(facts)));
  }
  report.verdict = worst_verdict(report.checks);
  return report;
}

Result<int> run_doctor(const DoctorOptions& options, std::ostream& out) {
  if (options.list) return list_checks(out);
  std::vector<std::string> only = options.only;
  if (!options.fix.empty()) only = {options.fix};
  const auto checks = chosen(only);  // before the looking, which takes time
  if (!checks) return tl::unexpected(checks.error());
  const Facts facts = read_facts(options.socket, options.patience);
  if (!options.fix.empty()) return mend(checks->front(), facts, out);
  const auto report = examine(facts, only);
  if (!report) return tl::unexpected(report.error());
  if (options.json) {
    const std::string agent = facts.status ? facts.status->agent : "";
    out << ipc::document(*report, agent, utc_time(facts.now)) << '\n';
  } else {
    out << report_text(*report, options.colour);
  }
  return report->verdict == "fail" ? exit_code(ErrorKind::kState) : 0;
}

}  // namespace rsip::cli::doctor
