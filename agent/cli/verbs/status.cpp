#include <unistd.h>

#include "agent/cli/status_text.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// status, wait, version.
namespace rsip::cli {
namespace {

std::string whole_text(const Context& context, const ipc::Status& status) {
  return headline(context, status) + "\n\n" + status_text(status, std::time(nullptr));
}

void grow_older(ipc::Status& status, std::chrono::seconds by) {
  const auto less = [&](std::uint32_t& seconds) {
    seconds -= std::min(seconds, static_cast<std::uint32_t>(by.count()));
  };
  for (ipc::GatewayStatus& gateway : status.gateways) {
    for (ipc::LeaseStatus& lease : gateway.leases) {
      less(lease.expires_in_seconds);
      less(lease.renews_in_seconds);
    }
  }
}

/// Shows it again with each change, on a terminal in place and with countdowns that go on.
Outcome watch(const Context& context) {
  auto subscription = Subscription::begin(context.socket, context.patience, {1, false});
  if (!subscription) return tl::unexpected(subscription.error());
  ipc::Status shown = subscription->status();
  const bool in_place = isatty(STDOUT_FILENO) == 1 && !context.json;
  auto looked = std::chrono::steady_clock::now();
  for (;;) {
    print(context, shown, (in_place ? "\033[H\033[2J" : "") + whole_text(context, shown));
    std::optional<std::chrono::milliseconds> limit;
    if (in_place) limit = std::chrono::seconds(1);
    const auto event = subscription->next(limit);
    const auto passed =
        std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - looked);
    looked += passed;
    grow_older(shown, passed);
    if (event) ipc::apply(event->body, shown);
    if (!event && event.error().kind != ErrorKind::kTimeout) return tl::unexpected(event.error());
  }
}

Outcome status(const Context& context, const Arguments& arguments) {
  if (arguments.has("--watch")) return watch(context);
  const auto answer = ask(context, ipc::StatusRequest{});
  if (!answer) return tl::unexpected(answer.error());
  const bool check = arguments.has("--check");
  if (context.json || !check) print(context, *answer, whole_text(context, *answer));
  return !check || answer->state == "assigned" ? 0 : exit_code(ErrorKind::kState);
}

bool is(const std::string& wanted, const ipc::Status& status) {
  if (wanted == "down") return all_are(status, "", "disabled");
  if (wanted == "sign-in") return status.network.state == "sign_in";
  if (status.state == "assigned") return true;
  return wanted == "registered" && (status.state == "registered" || status.state == "assigning");
}

Outcome wait(const Context& context, const Arguments& arguments) {
  auto subscription = Subscription::begin(context.socket, context.patience, {});
  if (!subscription) return tl::unexpected(subscription.error());
  const std::string wanted = arguments.text("STATE");
  std::optional<std::chrono::milliseconds> limit;
  if (const auto seconds = arguments.seconds("--timeout")) limit = std::chrono::seconds(*seconds);
  const auto waited = wait_until(
      *subscription, limit,
      [&](const ipc::Status& now, const ipc::Event*) { return Result<bool>(is(wanted, now)); });
  const std::string now = headline(context, subscription->status());
  if (waited) return print(context, subscription->status(), now + '\n');
  if (waited.error().kind != ErrorKind::kTimeout) return tl::unexpected(waited.error());
  return fail(ErrorKind::kState, "the state did not become " + wanted + " in time: " + now,
              "see: rsipctl status");
}

/// The agent's version is told if there is one to ask.
Outcome version(const Context& context, const Arguments&) {
  const auto running = ask(context.socket, std::chrono::seconds(1), ipc::StatusRequest{});
  const std::string agent = running ? running->agent : "";
  return print(context, ipc::VersionStatus{RSIP_VERSION, agent, ipc::kContractVersion},
               "rsipctl " RSIP_VERSION "\n" +
                   (agent.empty() ? "no agent answers at " + context.socket : "rsipd " + agent) +
                   "\ncontract " + std::to_string(ipc::kContractVersion) + "\n");
}

}  // namespace

Commands status_verbs() {
  return {
      {.path = "status",
       .words = "State, gateways, leases, ports, traffic and drops",
       .options = {{.name = "--check",
                    .argument = "",
                    .words = "Print nothing; exit with 0 if an address is leased, else with 6"},
                   {.name = "--watch",
                    .argument = "",
                    .words = "Show it again whenever something changes"}},
       .run = status,
       .schema = "status/2",
       .more = "The first line says all of it in one sentence. Text is for people and may change "
               "with any release; programs read --json."},
      {.path = "wait",
       .words = "Come back once the state is so",
       .options = {{.name = "STATE",
                    .argument = "STATE",
                    .words = "assigned, registered (or more), down, sign-in",
                    .choices = {"assigned", "registered", "down", "sign-in"},
                    .required = true},
                   {.name = "--timeout",
                    .argument = "TIME",
                    .words = "Wait no longer, and exit with 6; for ever if not given",
                    .check = check_duration}},
       .run = wait,
       .schema = "status/2"},
      {.path = "version",
       .words = "Versions of this program, of the running agent and of their contract",
       .options = {},
       .run = version,
       .schema = "version/1"},
  };
}

}  // namespace rsip::cli
