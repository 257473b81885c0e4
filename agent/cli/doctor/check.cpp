#include "agent/cli/doctor/check.h"

#include <algorithm>
#include <array>

namespace rsip::cli::doctor {
namespace {

int rank(const std::string& verdict) {
  constexpr std::array kOrder = {"skip", "ok", "warn", "fail"};
  return static_cast<int>(std::ranges::find(kOrder, verdict) - kOrder.begin());
}

void append(std::string& text, const std::string& more) {
  if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

/// Both of the same verdict.
void merge(Outcome& into, const Outcome& other) {
  append(into.why, other.why);
  append(into.note, other.note);
  if (into.fix.words.empty()) into.fix = other.fix;
}

}  // namespace

Fix run(std::vector<std::string> command) {
  std::string words;
  for (const std::string& word : command) words += (words.empty() ? "" : " ") + word;
  return {std::move(words), std::move(command)};
}

Outcome ok(std::string note) {
  return {"ok", {}, {}, std::move(note)};
}
Outcome warn(std::string why, Fix fix) {
  return {"warn", std::move(why), std::move(fix), {}};
}
Outcome failed(std::string why, Fix fix) {
  return {"fail", std::move(why), std::move(fix), {}};
}
Outcome skip(std::string why) {
  return {"skip", std::move(why), {}, {}};
}

std::vector<Check> all_checks() {
  std::vector<Check> all;
  for (const auto area : {agent_checks(), host_checks(), network_checks(), gateway_checks(),
                          tunnel_checks(), ipsec_checks(), desktop_checks()}) {
    all.insert(all.end(), area.begin(), area.end());
  }
  return all;
}

ipc::DoctorCheck report_of(const Check& check, const Outcome& outcome) {
  std::string what = check.what;
  if (!outcome.note.empty()) what += " (" + outcome.note + ")";
  return {check.id,
          check.area,
          outcome.verdict,
          what,
          outcome.why,
          outcome.fix.words,
          !outcome.fix.command.empty()};
}

std::string worst_verdict(const std::vector<ipc::DoctorCheck>& checks) {
  std::string worst = "ok";
  for (const ipc::DoctorCheck& check : checks) {
    if (rank(check.verdict) > rank(worst)) worst = check.verdict;
  }
  return worst;
}

Outcome over_gateways(const Facts& facts,
                      Outcome (*examine)(const Facts&, const ipc::GatewayStatus&)) {
  if (!facts.status) return skip(kNoAgent);
  if (facts.status->gateways.empty()) return skip("no gateway is configured");
  Outcome all = skip("");
  const bool several = facts.status->gateways.size() > 1;
  for (const ipc::GatewayStatus& gateway : facts.status->gateways) {
    Outcome one = gateway.state == "disabled" ? skip("put down; rsipctl up uses it again")
                                              : examine(facts, gateway);
    for (std::string* const text : {&one.why, &one.note}) {
      if (several && !text->empty()) *text = gateway.name + ": " + *text;
    }
    if (rank(one.verdict) == rank(all.verdict)) {
      merge(all, one);
    } else if (rank(one.verdict) > rank(all.verdict)) {
      all = std::move(one);
    }
  }
  return all;
}

}  // namespace rsip::cli::doctor
