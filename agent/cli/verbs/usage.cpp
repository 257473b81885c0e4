#include <ostream>

#include "agent/cli/usage_text.h"
#include "agent/cli/verbs/verbs.h"

// usage.
namespace rsip::cli {
namespace {

Outcome usage(const Context& context, const Arguments& arguments) {
  ipc::UsageRequest request;
  request.gateway = arguments.text("--gateway");
  request.from = arguments.text("--from");
  request.to = arguments.text("--to");
  if (arguments.has("--by")) request.by = arguments.text("--by");
  const bool csv = arguments.has("--csv");
  if (csv && context.json) {
    return fail(ErrorKind::kUsage, "--csv and --json are two formats: choose one");
  }
  const auto answer = ask(context, request);
  if (!answer) return tl::unexpected(answer.error());
  const std::string warning = usage_warning_text(*answer);
  if (!warning.empty() && !context.json) context.err << "rsipctl: " << warning << '\n';
  return print(context, *answer, csv ? usage_csv(*answer) : usage_text(*answer));
}

Option date_option(const char* name, const char* words) {
  return {.name = name, .argument = "DATE", .words = words, .check = check_date};
}

}  // namespace

Commands usage_verbs() {
  return {
      {.path = "usage",
       .words = "What went through leased addresses, and for how long",
       .options = {date_option("--from", "First local date, 2026-11-24; 30 days back if not given"),
                   date_option("--to", "Last local date, included; today if not given"),
                   {.name = "--by",
                    .argument = "WHAT",
                    .words = "A row a day, a day and gateway, or a day and lease",
                    .choices = {"day", "gateway", "lease"}},
                   {.name = "--csv",
                    .argument = "",
                    .words = "Comma-separated values (RFC 4180), with a header"},
                   gateway_option("Only of this one")},
       .run = usage,
       .schema = "usage/1"},
  };
}

}  // namespace rsip::cli
