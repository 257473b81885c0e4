#pragma once

#include <string>

#include "common/ipc/doctor_report.h"

namespace rsip::cli::doctor {

/// The report for people: by area, what is well in one line each, what is not with why and what
/// mends it, and how many of each at the end.
///
/// colour   mark what is wrong
std::string report_text(const ipc::DoctorReport& report, bool colour);

}  // namespace rsip::cli::doctor
