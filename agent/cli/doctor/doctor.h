#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <vector>

#include "agent/cli/doctor/facts.h"
#include "common/base/result.h"
#include "common/ipc/doctor_report.h"

namespace rsip::cli::doctor {

struct DoctorOptions {
  std::string socket;
  std::chrono::milliseconds patience{3000};  ///< For each answer of the agent.
  std::vector<std::string> only;             ///< Ids of checks; empty: all.
  bool list = false;                         ///< Only say which checks there are.
  std::string fix;                           ///< Id of the check whose step is to be done.
  bool json = false;
  bool colour = false;
};

/// What the checks say of the facts.
///
/// only     ids; empty: all
/// errors   kNotFound for an id that there is none of
Result<ipc::DoctorReport> examine(const Facts& facts, const std::vector<std::string>& only);

/// The whole of `rsipctl doctor`.
///
/// out      where the report goes
/// returns  0, or 6 if something failed; warnings alone do not count
/// errors   kNotFound for an unknown id, kPermission and kState if a step cannot be done
Result<int> run_doctor(const DoctorOptions& options, std::ostream& out);

}  // namespace rsip::cli::doctor
