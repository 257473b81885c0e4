#include "agent/cli/doctor.h"

#include "agent/cli/verbs/verbs.h"

namespace rsip::cli {
namespace {

/// Everything that can be found out is said, even if the agent is not running.
Outcome examine(const Context& context, const Arguments&) {
  const auto report = diagnose(context.socket, context.patience);
  say(context, diagnosis_text(report, context.colour));
  return is_well(report) ? 0 : exit_code(ErrorKind::kState);
}

}  // namespace

Commands doctor_verbs() {
  return {{.path = "doctor",
           .words = "What is wrong, why, and what mends it; exits with 6 if anything is",
           .options = {},
           .run = examine}};
}

}  // namespace rsip::cli
