#pragma once

#include <span>
#include <string>
#include <vector>

#include "agent/cli/doctor/facts.h"
#include "common/ipc/doctor_report.h"

namespace rsip::cli::doctor {

/// What mends something.
struct Fix {
  std::string words;                   ///< For a person: a command, or what to do.
  std::vector<std::string> command{};  ///< What `--fix` runs; empty: it takes a person.
};
/// A fix that is a safe command.
Fix run(std::vector<std::string> command);

/// What a check comes to.
struct Outcome {
  std::string verdict = "ok";
  std::string why;
  Fix fix;
  std::string note;  ///< If it is ok: a detail worth to be seen, "mtu 1480".
};
Outcome ok(std::string note = {});
Outcome warn(std::string why, Fix fix = {});
Outcome failed(std::string why, Fix fix = {});
Outcome skip(std::string why);

/// One thing that the doctor looks at.
struct Check {
  const char* id;
  const char* area;
  const char* what;  ///< What ought to be, one sentence without full stop.
  Outcome (*examine)(const Facts& facts);
};

// The checks of each area, in the order of the way that a packet takes.
std::span<const Check> agent_checks();
std::span<const Check> host_checks();
std::span<const Check> network_checks();
std::span<const Check> gateway_checks();
std::span<const Check> tunnel_checks();
std::span<const Check> ipsec_checks();
std::span<const Check> desktop_checks();
/// All of them.
std::vector<Check> all_checks();

ipc::DoctorCheck report_of(const Check& check, const Outcome& outcome);
/// The worst verdict of all: "ok", "warn", "fail".
std::string worst_verdict(const std::vector<ipc::DoctorCheck>& checks);

/// What a check says of each gateway that is in use, as one outcome: the worst of them, naming the
/// gateway where there are several. Skipped without agent and without gateways.
Outcome over_gateways(const Facts& facts,
                      Outcome (*examine)(const Facts&, const ipc::GatewayStatus&));

/// Why something about the agent's work cannot be said without it.
inline constexpr const char* kNoAgent = "the agent does not answer";
inline constexpr const char* kNoTunnel = "there is no tunnel yet";

}  // namespace rsip::cli::doctor
