#include "agent/cli/verbs/waiting.h"

#include <algorithm>

#include "agent/cli/headline_text.h"
#include "common/ipc/summary.h"

namespace rsip::cli {

std::optional<std::chrono::milliseconds> wait_time(const Arguments& arguments) {
  const auto seconds = arguments.seconds("--wait");
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

Error to_error(const ipc::ProblemStatus& problem) {
  return {error_kind(problem.code), problem.message, problem.hint};
}

std::string headline(const Context& context, const ipc::Status& status) {
  const ipc::Summary summary = ipc::summarize(status);
  const std::string text = headline_text(summary, status.network);
  switch (summary.mood) {
    case ipc::Mood::kAssigned:
      return coloured(context, Colour::kGreen, text);
    case ipc::Mood::kError:
      return coloured(context, Colour::kRed, text);
    case ipc::Mood::kDegraded:
    case ipc::Mood::kSignIn:
    case ipc::Mood::kNoNetwork:
      return coloured(context, Colour::kYellow, text);
    default:
      return text;
  }
}

Result<void> await(Subscription& subscription, std::chrono::milliseconds limit,
                   const std::string& what, const Awaited& awaited) {
  auto waited = wait_until(subscription, limit, awaited);
  if (waited || waited.error().kind != ErrorKind::kTimeout) return waited;
  const ipc::Status& status = subscription.status();
  return fail(ErrorKind::kTimeout,
              "after " + std::to_string(limit.count() / 1000) + " s " + what + ": " +
                  headline_text(ipc::summarize(status), status.network),
              "the agent goes on with it: rsipctl status; wait longer: --wait=TIME");
}

std::vector<const ipc::GatewayStatus*> named(const ipc::Status& status, const std::string& name) {
  std::vector<const ipc::GatewayStatus*> found;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    if (name.empty() || gateway.name == name) found.push_back(&gateway);
  }
  return found;
}

bool all_are(const ipc::Status& status, const std::string& gateway, const std::string& state) {
  return std::ranges::all_of(named(status, gateway),
                             [&](const auto* g) { return g->state == state; });
}

Result<void> look_for_obstacle(const ipc::Status& status, const std::string& gateway) {
  ipc::Status those = status;
  std::erase_if(those.gateways,
                [&](const ipc::GatewayStatus& g) { return !gateway.empty() && g.name != gateway; });
  const ipc::Summary summary = ipc::summarize(those);
  if (summary.mood == ipc::Mood::kSignIn) {
    return fail(ErrorKind::kSignInNeeded, "this network needs sign-in",
                "open its page: rsipctl portal open");
  }
  if (summary.mood == ipc::Mood::kError && summary.problem) {
    return tl::unexpected(to_error(*summary.problem));
  }
  return {};
}

}  // namespace rsip::cli
