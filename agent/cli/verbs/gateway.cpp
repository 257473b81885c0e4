#include "agent/cli/network_text.h"
#include "agent/cli/probe.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// gateway list, discover, probe; profile list, use.
namespace rsip::cli {
namespace {

constexpr std::uint16_t kControlPort = 4555;  // RFC 3103 section 6

Outcome list(const Context& context, const Arguments&) {
  return ask(context, ipc::StatusRequest{}).map([&](const ipc::Status& status) {
    return print(context, ipc::Gateways{status.gateways}, gateways_text(status));
  });
}

Outcome discover(const Context& context, const Arguments&) {
  return print_answer(context, ipc::DiscoverRequest{}, discovered_text);
}

Outcome probe_one(const Context& context, const Arguments& arguments) {
  return parse_endpoint(arguments.text("HOST"), kControlPort)
      .and_then([](const auto& where) {
        return probe(where.first, where.second, 1, std::chrono::seconds(5));
      })
      .map([&](const ipc::ProbeReport& report) {
        return print(context, report, probe_text(report));
      });
}

Outcome list_profiles(const Context& context, const Arguments&) {
  return ask(context, ipc::StatusRequest{}).map([&](const ipc::Status& status) {
    const ipc::Profiles profiles{status.profile, status.profiles};
    return print(context, profiles, profiles_text(profiles));
  });
}

Outcome use_profile(const Context& context, const Arguments& arguments) {
  const ipc::ProfileUseRequest request{arguments.text("NAME")};
  return change(
      context, arguments, request, "the profile is not used",
      [&](const ipc::Status& now, const ipc::Event*) -> Result<bool> {
        return now.profile == request.name;
      },
      [&](const ipc::Status& now) { return headline(context, now) + '\n'; });
}

}  // namespace

Commands gateway_verbs() {
  return {
      {.path = "gateway list",
       .words = "Configured gateways and how far each has got",
       .options = {},
       .run = list,
       .schema = "gateways/1"},
      {.path = "gateway discover",
       .words = "Look for gateways on this network (DHCP, SLP, router)",
       .options = {},
       .run = discover,
       .schema = "discovered/1"},
      {.path = "gateway probe",
       .words = "Whether a gateway's control port answers, and how soon",
       .options = {{.name = "HOST",
                    .argument = "HOST[:PORT]",
                    .words = "Address or name; port 4555 if not given",
                    .required = true}},
       .run = probe_one,
       .schema = "probe/1",
       .more =
           "It connects by TCP and says nothing, so that it shows that something listens there."},
      {.path = "profile list",
       .words = "Named choices of gateways, and which is used",
       .options = {},
       .run = list_profiles,
       .schema = "profiles/1"},
      {.path = "profile use",
       .words = "Use the gateways of a profile and no others",
       .options = {{.name = "NAME",
                    .argument = "NAME",
                    .words = "As configured",
                    .values = Values::kProfiles,
                    .required = true}},
       .run = use_profile,
       .schema = "done/1",
       .waits = true},
  };
}

}  // namespace rsip::cli
