#include <algorithm>

#include "agent/cli/status_text.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"

// listen add, remove, list.
namespace rsip::cli {
namespace {

std::uint16_t port_of(const std::string& text) {
  return static_cast<std::uint16_t>(std::stoul(text));
}

/// "any", or a port number.
std::string check_public_port(const std::string& text) {
  return text == "any" ? "" : check_port(text);
}

Outcome add(const Context& context, const Arguments& arguments) {
  ipc::ListenAddRequest request;
  request.gateway = arguments.text("--gateway");
  request.server_port = port_of(arguments.text("PORT"));
  request.from = arguments.text("--from");
  if (const std::string port = arguments.text("--public-port"); !port.empty()) {
    request.public_port = port == "any" ? std::uint16_t{0} : port_of(port);
  }
  return print_answer(context, request, listen_text);
}

Outcome remove(const Context& context, const Arguments& arguments) {
  const ipc::ListenRemoveRequest request{arguments.text("--gateway"),
                                         port_of(arguments.text("PORT"))};
  return change(
      context, arguments, request, "the server is still reachable",
      [&](const ipc::Status& now, const ipc::Event*) -> Result<bool> {
        const auto servers = listens_of(now).servers;
        return std::ranges::none_of(servers, [&](const ipc::ListenStatus& server) {
          return server.server_port == request.server_port &&
                 (request.gateway.empty() || server.gateway == request.gateway);
        });
      },
      [](const ipc::Status&) { return std::string(); });
}

Outcome list(const Context& context, const Arguments&) {
  return ask(context, ipc::StatusRequest{}).map([&](const ipc::Status& status) {
    return print(context, listens_of(status), listens_text(status));
  });
}

Option port_option() {
  return {.name = "PORT",
          .argument = "PORT",
          .words = "Port of this host where the server listens",
          .values = Values::kServers,
          .check = check_port,
          .required = true};
}

}  // namespace

Commands listen_verbs() {
  return {
      {.path = "listen add",
       .words = "Make a server on this host reachable from the public side",
       .options = {port_option(),
                   {.name = "--public-port",
                    .argument = "PORT",
                    .words = "Public port, or \"any\"; the same number if not given",
                    .check = check_public_port},
                   {.name = "--from",
                    .argument = "ADDRESS[:PORT]",
                    .words = "Nobody else may connect"},
                   gateway_option("Through this one; the first if not given")},
       .run = add,
       .schema = "listen/1",
       .more = "It lasts as long as the agent runs; listen = [PORT] in agent.toml(5) lasts."},
      {.path = "listen remove",
       .words = "Make it unreachable again",
       .options = {port_option(), gateway_option("Only through this one")},
       .run = remove,
       .schema = "done/1",
       .waits = true},
      {.path = "listen list",
       .words = "Which servers are reachable, and how",
       .options = {},
       .run = list,
       .schema = "listens/1"},
  };
}

}  // namespace rsip::cli
