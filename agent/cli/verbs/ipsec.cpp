#include "agent/cli/ipsec_text.h"
#include "agent/cli/verbs/verbs.h"

// ipsec status, ipsec plan, spi list.
namespace rsip::cli {
namespace {

template <class Text>
Outcome ask_ipsec(const Context& context, const Arguments& arguments, const Text& text) {
  return print_answer(context, ipc::IpsecRequest{arguments.text("--gateway")}, text);
}

Outcome status(const Context& context, const Arguments& arguments) {
  return ask_ipsec(context, arguments, [&](const ipc::IpsecStatus& ipsec) {
    return ipsec_text(ipsec, context.colour);
  });
}
Outcome plan(const Context& context, const Arguments& arguments) {
  return ask_ipsec(context, arguments, ipsec_plan_text);
}
Outcome list(const Context& context, const Arguments& arguments) {
  return ask_ipsec(context, arguments, spis_text);
}

}  // namespace

Commands ipsec_verbs() {
  const std::vector<Option> which = {
      gateway_option("Of this one; the one with IPsec if not given")};
  return {
      {.path = "ipsec status",
       .words = "Leased SPIs against security associations (RFC 3104)",
       .options = which,
       .run = status,
       .schema = "ipsec/1"},
      {.path = "ipsec plan",
       .words = "What the IKE daemon needs to be told once",
       .options = which,
       .run = plan,
       .schema = "ipsec/1"},
      {.path = "spi list",
       .words = "Which security parameter indices are leased, and what uses them",
       .options = which,
       .run = list,
       .schema = "ipsec/1"},
  };
}

}  // namespace rsip::cli
