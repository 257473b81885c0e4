#include <ostream>

#include "agent/cli/event_text.h"
#include "agent/cli/verbs/verbs.h"
#include "agent/cli/verbs/waiting.h"
#include "common/base/utc_time.h"

// log, log level, monitor.
namespace rsip::cli {
namespace {

/// One line as JSON is an event of a subscription; the lines before it are a document.
Outcome follow(const Context& context, const std::string& level) {
  auto subscription = Subscription::begin(context.socket, context.patience, {0, true});
  if (!subscription) return tl::unexpected(subscription.error());
  for (;;) {
    const auto event = subscription->next(std::nullopt);
    if (!event) return tl::unexpected(event.error());
    const auto* const line = std::get_if<ipc::LogLine>(&event->body);
    if (line == nullptr || !is_at_least(*line, level)) continue;
    context.out << (context.json ? ipc::event_document(*event) + '\n' : log_text(*line))
                << std::flush;
  }
}

Outcome log(const Context& context, const Arguments& arguments) {
  const std::string level = arguments.has("--level") ? arguments.text("--level") : "trace";
  ipc::LogRequest request;
  request.lines = arguments.number("--lines").value_or(request.lines);
  auto remembered = ask(context, request);
  if (!remembered) return tl::unexpected(remembered.error());
  std::erase_if(remembered->lines, [&](const ipc::LogLine& l) { return !is_at_least(l, level); });
  std::string text;
  for (const ipc::LogLine& line : remembered->lines) text += log_text(line);
  print(context, *remembered, text);
  return arguments.has("--follow") ? follow(context, level) : 0;
}

Outcome set_level(const Context& context, const Arguments& arguments) {
  return print_answer(
      context,
      ipc::LogLevelRequest{arguments.text("LEVEL"), arguments.seconds("--for").value_or(0)},
      [](const auto&) { return std::string(); });
}

/// Everything that the agent tells, until it ends.
Outcome monitor(const Context& context, const Arguments& arguments) {
  ipc::SubscribeRequest request;
  request.traffic_seconds = arguments.seconds("--traffic").value_or(0);
  request.log = arguments.has("--log");
  auto subscription = Subscription::begin(context.socket, context.patience, request);
  if (!subscription) return tl::unexpected(subscription.error());
  const std::string now = utc_time(std::time(nullptr));
  context.out << (context.json ? ipc::snapshot_document(subscription->snapshot(), now)
                               : now + "  " + headline(context, subscription->status()))
              << '\n'
              << std::flush;
  for (;;) {
    const auto event = subscription->next(std::nullopt);
    if (!event) return tl::unexpected(event.error());
    context.out << (context.json ? ipc::event_document(*event) + '\n' : event_text(*event))
                << std::flush;
  }
}

}  // namespace

Commands log_verbs() {
  const std::vector<std::string> levels = {"trace", "debug", "info", "warn", "error"};
  return {
      {.path = "log",
       .words = "The last lines of the agent's log",
       .options = {{.name = "--follow",
                    .argument = "",
                    .words = "Go on with those that come",
                    .letter = 'f'},
                   {.name = "--level",
                    .argument = "LEVEL",
                    .words = "Only lines of this level or graver",
                    .choices = levels},
                   {.name = "--lines",
                    .argument = "NUMBER",
                    .words = "At most so many; 200 if not given",
                    .check = check_number}},
       .run = log,
       .schema = "log/1"},
      {.path = "log level",
       .words = "Log more or less than configured",
       .options = {{.name = "LEVEL",
                    .argument = "LEVEL",
                    .words = "From which on the agent logs",
                    .choices = levels,
                    .required = true},
                   {.name = "--for",
                    .argument = "TIME",
                    .words = "Then as configured again; until the agent ends if not given",
                    .check = check_duration}},
       .run = set_level,
       .schema = "done/1"},
      {.path = "monitor",
       .words = "What changes and what happens, a line each, until the agent ends",
       .options = {{.name = "--traffic",
                    .argument = "TIME",
                    .words = "Counters as well, at most so often",
                    .check = check_duration},
                   {.name = "--log", .argument = "", .words = "Lines of the log as well"}},
       .run = monitor,
       .schema = "event/1",
       .more = "With --json the first object is a snapshot and each further one an event, one a "
               "line. It exits with 3 when the agent ends."},
  };
}

}  // namespace rsip::cli
