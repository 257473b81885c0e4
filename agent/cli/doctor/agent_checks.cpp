#include <array>

#include "agent/cli/doctor/check.h"

namespace rsip::cli::doctor {
namespace {

Outcome agent_running(const Facts& facts) {
  if (facts.status) return ok(facts.socket);
  const Error& error = facts.agent_error;
  if (error.kind == ErrorKind::kAgentNotRunning) {
    return failed(error.message, run({"systemctl", "start", "rsipd"}));
  }
  return failed(error.message, {error.hint});
}

Outcome agent_version(const Facts& facts) {
  if (!facts.status) return skip(kNoAgent);
  if (facts.status->agent == facts.rsipctl) return ok(facts.rsipctl);
  return warn("rsipd is " + facts.status->agent + ", rsipctl is " + facts.rsipctl,
              {"systemctl restart rsipd (its connections begin anew)"});
}

Outcome may_change(const Facts& facts) {
  if (!facts.may_change) return skip(facts.status ? "the agent does not say" : kNoAgent);
  if (*facts.may_change) return ok();
  return warn("looking is allowed, changing is not", {facts.why_not});
}

Outcome config_valid(const Facts& facts) {
  const ConfigFacts& config = facts.config;
  if (!config.exists) {
    if (facts.status) return skip("the agent does not say which file it uses");
    return failed("there is no " + config.file,
                  {"write it: address of the gateway in a [[gateway]] is enough"});
  }
  if (!config.valid) return skip(config.complaint);
  if (*config.valid) return ok(config.file);
  return failed(config.complaint, {"correct it, then: rsipd --check --config " + config.file});
}

constexpr std::array kChecks = {
    Check{"agent_running", "agent", "The agent answers", agent_running},
    Check{"agent_version", "agent", "Agent and rsipctl are of the same version", agent_version},
    Check{"may_change", "agent", "You may change what the agent does", may_change},
    Check{"config_valid", "agent", "The configuration is valid", config_valid},
};

}  // namespace

std::span<const Check> agent_checks() {
  return kChecks;
}

}  // namespace rsip::cli::doctor
