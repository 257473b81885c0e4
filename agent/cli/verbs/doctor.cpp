#include "agent/cli/doctor/doctor.h"

#include <sstream>

#include "agent/cli/bugreport/bugreport.h"
#include "agent/cli/trace/trace.h"
#include "agent/cli/verbs/verbs.h"

// doctor, trace, bugreport.
namespace rsip::cli {
namespace {

/// "a,b" is two of them, as is naming the option twice.
std::vector<std::string> ids_in(const std::vector<std::string>& texts) {
  std::vector<std::string> ids;
  for (const std::string& text : texts) {
    std::istringstream words(text);
    for (std::string id; std::getline(words, id, ',');) ids.push_back(id);
  }
  return ids;
}

/// Everything that can be found out is said, even if the agent is not running.
Outcome examine(const Context& context, const Arguments& arguments) {
  doctor::DoctorOptions options;
  options.socket = context.socket;
  options.only = ids_in(arguments.texts("--only"));
  options.list = arguments.has("--list");
  options.fix = arguments.text("--fix");
  options.json = context.json;
  options.colour = context.colour;
  return doctor::run_doctor(options, context.out);
}

Outcome trace_packets(const Context& context, const Arguments& arguments) {
  trace::TraceOptions options;
  options.socket = context.socket;
  options.file = arguments.text("--output");
  options.overwrite = arguments.has("--force");
  options.seconds = arguments.seconds("--seconds").value_or(0);
  options.packets = arguments.number("--packets").value_or(0);
  return trace::run_trace(options, context.err).map([] { return 0; });
}

Outcome write_bugreport(const Context& context, const Arguments& arguments) {
  bugreport::BugreportOptions options;
  options.socket = context.socket;
  options.file = arguments.text("--output");
  options.redact = !arguments.has("--no-redact");
  options.yes = arguments.has("--yes");
  options.terminal = context.may_prompt;
  return bugreport::run_bugreport(options, context.in, context.out).map([] { return 0; });
}

Option output_option(const char* words, bool required) {
  return {.name = "--output",
          .argument = "FILE",
          .words = words,
          .letter = 'o',
          .values = Values::kFiles,
          .required = required};
}

}  // namespace

Commands doctor_verbs() {
  return {
      {.path = "doctor",
       .words = "What is wrong, why, and what mends it; exits with 6 if anything is",
       .options = {{.name = "--only", .argument = "ID[,ID...]", .words = "Only these checks"},
                   {.name = "--list", .argument = "", .words = "Say which checks there are"},
                   {.name = "--fix",
                    .argument = "ID",
                    .words = "Show the step that mends it and do that, as root"}},
       .run = examine,
       .schema = "doctor/1"},
      {.path = "trace",
       .words = "Capture control, tunnel and inner packets for Wireshark, as root",
       .options = {output_option("File to write, NAME.pcapng", true),
                   {.name = "--seconds",
                    .argument = "TIME",
                    .words = "End after so long; else Ctrl-C ends it",
                    .check = check_duration},
                   {.name = "--packets",
                    .argument = "NUMBER",
                    .words = "End after so many",
                    .check = check_number},
                   {.name = "--force", .argument = "", .words = "Overwrite the file if it exists"}},
       .run = trace_packets},
      {.path = "bugreport",
       .words = "Collect what somebody who is to help has to know; nothing is sent",
       .options = {output_option("File to write, NAME.tar.zst", false),
                   {.name = "--no-redact",
                    .argument = "",
                    .words = "Leave public addresses and names as they are"},
                   {.name = "--yes", .argument = "", .words = "Do not ask", .letter = 'y'}},
       .run = write_bugreport,
       .more = "It shows what is in the file and where it goes before it writes it."},
  };
}

}  // namespace rsip::cli
