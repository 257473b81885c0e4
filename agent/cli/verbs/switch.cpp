#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// up, down, restart.
namespace rsip::cli {
namespace {

Awaited assigned(const std::string& gateway) {
  return [gateway](const ipc::Status& status, const ipc::Event*) -> Result<bool> {
    if (all_are(status, gateway, "assigned")) return true;
    return look_for_obstacle(status, gateway).map([] { return false; });
  };
}

Awaited disabled(const std::string& gateway) {
  return [gateway](const ipc::Status& status, const ipc::Event*) -> Result<bool> {
    return all_are(status, gateway, "disabled");
  };
}

Outcome up(const Context& context, const Arguments& arguments) {
  const std::string gateway = arguments.text("--gateway");
  return change(context, arguments, ipc::UpRequest{gateway}, "no address is leased",
                assigned(gateway),
                [&](const ipc::Status& status) { return headline(context, status) + '\n'; });
}

Outcome down(const Context& context, const Arguments& arguments) {
  const std::string gateway = arguments.text("--gateway");
  return change(context, arguments, ipc::DownRequest{gateway}, "not everything is given back",
                disabled(gateway),
                [&](const ipc::Status& status) { return headline(context, status) + '\n'; });
}

/// What is leased has to be given back before it can be asked for again.
Outcome restart(const Context& context, const Arguments& arguments) {
  const std::string gateway = arguments.text("--gateway");
  auto subscription = Subscription::begin(context.socket, context.patience, {});
  if (!subscription) return tl::unexpected(subscription.error());
  const auto limit = wait_time(arguments).value_or(std::chrono::seconds(kWaitSeconds));
  const auto gone = ask(context, ipc::DownRequest{gateway}).and_then([&](const ipc::Done&) {
    return await(*subscription, limit, "not everything is given back", disabled(gateway));
  });
  if (!gone) return tl::unexpected(gone.error());
  return up(context, arguments);
}

}  // namespace

Commands switch_verbs() {
  const std::vector<Option> which = {gateway_option("Only this one")};
  return {
      {.path = "up",
       .words = "Use the gateways again",
       .options = which,
       .run = up,
       .schema = "done/1",
       .waits = true,
       .more = "With --wait it ends as soon as an address is leased, or as soon as the gateway "
               "refuses."},
      {.path = "down",
       .words = "Give back what is leased and stay away until `up`",
       .options = which,
       .run = down,
       .schema = "done/1",
       .waits = true},
      {.path = "restart",
       .words = "Give everything back, then lease anew",
       .options = which,
       .run = restart,
       .schema = "done/1",
       .waits = true},
  };
}

}  // namespace rsip::cli
