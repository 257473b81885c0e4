#include <algorithm>
#include <thread>

#include "agent/cli/metrics_text.h"
#include "agent/cli/network_text.h"
#include "agent/cli/probe.h"
#include "agent/cli/program.h"
#include "agent/cli/subscription.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// ping, mtu, stats, metrics.
namespace rsip::cli {
namespace {

constexpr int kPings = 3;

/// The gateway of that name, or the one that is furthest.
Result<ipc::GatewayStatus> gateway_of(const ipc::Status& status, const std::string& name) {
  const auto found = named(status, name);
  if (found.empty()) {
    return fail(ErrorKind::kNotFound, "there is no gateway named " + name,
                "see: rsipctl gateway list");
  }
  const auto assigned =
      std::ranges::find(found, std::string("assigned"), [](const auto* g) { return g->state; });
  return assigned != found.end() ? **assigned : *found.front();
}

Result<ipc::GatewayStatus> ask_gateway(const Context& context, const Arguments& arguments) {
  return ask(context, ipc::StatusRequest{}).and_then([&](const ipc::Status& status) {
    return gateway_of(status, arguments.text("--gateway"));
  });
}

Error not_leased(const ipc::GatewayStatus& gateway) {
  if (gateway.problem) return to_error(*gateway.problem);
  return {ErrorKind::kState, "nothing is leased from " + gateway.name, "see: rsipctl status"};
}

/// From the leased address, so that it goes through the tunnel wherever that leads.
Outcome ping_through(const ipc::GatewayStatus& gateway, const std::string& destination) {
  if (gateway.leases.empty()) return tl::unexpected(not_leased(gateway));
  return tl::unexpected(become(
      {"ping", "-c", std::to_string(kPings), "-I", gateway.leases.front().address, destination}));
}

Outcome ping(const Context& context, const Arguments& arguments) {
  const auto gateway = ask_gateway(context, arguments);
  if (!gateway) return tl::unexpected(gateway.error());
  if (arguments.has("DESTINATION")) {
    if (context.json) return fail(ErrorKind::kUsage, "--json is for ping without a destination");
    return ping_through(*gateway, arguments.text("DESTINATION"));
  }
  if (gateway->address.empty()) {
    return fail(ErrorKind::kUnreachable, "gateway " + gateway->name + " has not been found yet",
                "see: rsipctl gateway discover");
  }
  if (gateway->transport == "udp") {
    if (context.json) return fail(ErrorKind::kUsage, "--json is for gateways with TCP or TLS");
    return tl::unexpected(become({"ping", "-c", std::to_string(kPings), gateway->address}));
  }
  return probe(gateway->address, gateway->port, kPings, std::chrono::seconds(5))
      .map([&](const ipc::ProbeReport& report) {
        return print(context, report, probe_text(report));
      });
}

Outcome mtu(const Context& context, const Arguments& arguments) {
  const auto gateway = ask_gateway(context, arguments);
  if (!gateway) return tl::unexpected(gateway.error());
  if (gateway->device.empty()) return tl::unexpected(not_leased(*gateway));
  ipc::MtuReport report{gateway->name,
                        gateway->tunnel,
                        gateway->device,
                        gateway->mtu,
                        tunnel_overhead(gateway->tunnel),
                        "",
                        0,
                        0};
  look_at_path(gateway->endpoint.empty() ? gateway->address : gateway->endpoint, report);
  return print(context, report, mtu_text(report));
}

/// With --interval again and again, with rates, from the events of a subscription.
Outcome stats(const Context& context, const Arguments& arguments) {
  const auto interval = arguments.seconds("--interval");
  if (!interval || *interval == 0) {
    return print_answer(context, ipc::StatusRequest{},
                        [](const ipc::Status& status) { return stats_text(status, status, 0); });
  }
  auto subscription = Subscription::begin(context.socket, context.patience, {*interval, false});
  if (!subscription) return tl::unexpected(subscription.error());
  ipc::Status before = subscription->status();
  print(context, before, stats_text(before, before, 0));
  for (auto shown = std::chrono::steady_clock::now();;) {
    const auto due = shown + std::chrono::seconds(*interval);
    const auto event = subscription->next(std::max(
        std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now()),
        std::chrono::milliseconds(0)));
    const auto now = std::chrono::steady_clock::now();
    if (!event && event.error().kind != ErrorKind::kTimeout) return tl::unexpected(event.error());
    if (now < due) continue;
    const double passed = std::chrono::duration<double>(now - shown).count();
    print(context, subscription->status(), stats_text(subscription->status(), before, passed));
    before = subscription->status();
    shown = now;
  }
}

Outcome metrics(const Context& context, const Arguments&) {
  return ask(context, ipc::StatusRequest{}).map([&](const ipc::Status& status) {
    return say(context, metrics_text(status));
  });
}

}  // namespace

Commands measure_verbs() {
  const Option gateway = gateway_option("Of this one; the one with a lease if not given");
  return {
      {.path = "ping",
       .words = "How soon the gateway answers; or a destination, through the tunnel",
       .options = {{.name = "DESTINATION",
                    .argument = "DESTINATION",
                    .words = "Sent to by ping(8) from the leased address"},
                   gateway},
       .run = ping,
       .schema = "probe/1",
       .more = "Without a destination it makes TCP connections to the gateway's control port; a "
               "gateway with transport udp is asked by ping(8)."},
      {.path = "mtu",
       .words = "How large packets may be, and the sum behind it",
       .options = {gateway},
       .run = mtu,
       .schema = "mtu/1"},
      {.path = "stats",
       .words = "Traffic, drops and ports in use",
       .options = {{.name = "--interval",
                    .argument = "TIME",
                    .words = "Again every so often, with rates",
                    .check = check_duration}},
       .run = stats,
       .schema = "status/2"},
      {.path = "metrics",
       .words = "Counters and gauges in the text format of Prometheus",
       .options = {},
       .run = metrics,
       .more = "For the textfile collector: rsipctl metrics > DIR/rsip.prom.part && mv "
               "DIR/rsip.prom.part DIR/rsip.prom"},
  };
}

}  // namespace rsip::cli
