#include <fstream>
#include <sstream>

#include "agent/cli/network_text.h"
#include "agent/cli/probe.h"
#include "agent/cli/program.h"
#include "agent/cli/status_text.h"
#include "agent/cli/verbs/verbs.h"

// route explain, query, dns status, portal status, portal open.
namespace rsip::cli {
namespace {

Outcome explain(const Context& context, const Arguments& arguments) {
  return parse_endpoint(arguments.text("DESTINATION"), 0).and_then([&](const auto& where) {
    return print_answer(context, ipc::RouteExplainRequest{where.first, where.second}, route_text);
  });
}

Outcome query(const Context& context, const Arguments& arguments) {
  return print_answer(context,
                      ipc::QueryRequest{arguments.text("--gateway"), arguments.texts("WHAT")},
                      locality_text);
}

Outcome dns_status(const Context& context, const Arguments&) {
  const std::string file = "/etc/resolv.conf";
  std::ifstream opened(file);
  std::ostringstream text;
  text << opened.rdbuf();
  const ipc::Resolvers resolvers = parse_resolvers(file, text.str());
  return print(context, resolvers, resolvers_text(resolvers));
}

Outcome portal_status(const Context& context, const Arguments&) {
  return print_answer(context, ipc::StatusRequest{},
                      [](const ipc::Status& status) { return portal_text(status.network); });
}

Outcome portal_open(const Context& context, const Arguments&) {
  const auto status = ask(context, ipc::StatusRequest{});
  if (!status) return tl::unexpected(status.error());
  const ipc::NetworkStatus& network = status->network;
  if (network.state != "sign_in") {
    return fail(ErrorKind::kState, "this network needs no sign-in", "see: rsipctl portal status");
  }
  if (network.portal.empty()) {
    return fail(ErrorKind::kSignInNeeded, "this network does not say where its sign-in page is",
                "open any page without https in a browser");
  }
  // A browser must not take it for anything else than a page.
  if (!network.portal.starts_with("http://") && !network.portal.starts_with("https://")) {
    return fail(ErrorKind::kProtocol, "the sign-in page is at no web address: " + network.portal);
  }
  return tl::unexpected(become({"xdg-open", network.portal}));
}

}  // namespace

Commands route_verbs() {
  return {
      {.path = "route explain",
       .words = "Which way a packet of this host would take, and why",
       .options = {{.name = "DESTINATION",
                    .argument = "ADDRESS[:PORT]",
                    .words = "Where the packet is for",
                    .required = true}},
       .run = explain,
       .schema = "route/1"},
      {.path = "query",
       .words = "Ask the gateway which addresses and networks are local",
       .options = {{.name = "WHAT",
                    .argument = "WHAT",
                    .words = "Addresses and networks; without any: all that it will tell",
                    .repeated = true},
                   gateway_option("Ask this one; the first if not given")},
       .run = query,
       .schema = "query/1"},
      {.path = "dns status",
       .words = "Which DNS servers this host asks",
       .options = {},
       .run = dns_status,
       .schema = "dns/1",
       .more = "rsipd leaves DNS alone: names are asked for as without it, through the tunnel if "
               "the way to the server leads through it."},
      {.path = "portal status",
       .words = "Whether this network wants the user to sign in first",
       .options = {},
       .run = portal_status,
       .schema = "status/2"},
      {.path = "portal open",
       .words = "Open the sign-in page in a browser; exits with 6 if there is none to open",
       .options = {},
       .run = portal_open},
  };
}

}  // namespace rsip::cli
