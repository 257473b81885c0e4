#include "agent/cli/flow_text.h"
#include "agent/cli/verbs/verbs.h"

// flow list, port list.
namespace rsip::cli {
namespace {

Outcome list_flows(const Context& context, const Arguments& arguments) {
  return print_answer(context, ipc::FlowsRequest{arguments.text("--gateway")}, flows_text);
}

Outcome list_ports(const Context& context, const Arguments& arguments) {
  return print_answer(context, ipc::PortsRequest{arguments.text("--gateway")}, ports_table);
}

}  // namespace

Commands flow_verbs() {
  return {
      {.path = "flow list",
       .words = "What goes through the tunnels now, and whose it is",
       .options = {gateway_option("Only of this one")},
       .run = list_flows,
       .schema = "flows/1",
       .more = "Who may not change what the agent does sees only flows of their own."},
      {.path = "port list",
       .words = "Leased ports: free, in use, resting, listening",
       .options = {gateway_option("Of this one; the first if not given")},
       .run = list_ports,
       .schema = "ports/1",
       .more = "A port rests after its last flow, so that late packets do not reach the next one "
               "(RFC 3102 section 6.1)."},
  };
}

}  // namespace rsip::cli
