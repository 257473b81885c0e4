#include "agent/cli/shell/man_page.h"

#include <string_view>

namespace rsip::cli {
namespace {

struct ExitCode {
  int code;
  const char* words;
};

constexpr ExitCode kExitCodes[] = {
    {0, "It was done."},
    {1, "Another failure."},
    {2, "The command line is wrong."},
    {3, "The agent is not running."},
    {4, "Permission denied."},
    {5, "Timed out: the agent does not answer, or what --wait waits for is not so."},
    {6, "The state is not as asked: status --check, wait, doctor, portal open."},
    {7, "The gateway cannot be reached."},
    {8, "Denied by policy (RSIP errors 304, 312 to 315, 401)."},
    {9, "No resources (RSIP errors 308, 309, 402)."},
    {10, "In use (RSIP errors 310, 311, 403)."},
    {11, "This network needs sign-in."},
    {12, "The configuration is invalid."},
    {13, "There is no such object."},
    {14, "Protocol error."},
    {15, "The IKE daemon cannot be reached."},
    {130, "Interrupted by SIGINT, as shells say it."},
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out.empty() || (out[0] != '.' && out[0] != '\'') ? out : "\\&" + out;
}

std::string sentence(const std::string& words) {
  return escaped(words) + (words.ends_with('.') ? "\n" : ".\n");
}

/// "\fB\-g\fR, \fB\-\-gateway\fR \fINAME\fR"
std::string heading_of(const Option& option) {
  if (option.is_placed()) return "\\fI" + escaped(option.argument) + "\\fR";
  std::string text = "\\fB" + escaped(option.name) + "\\fR";
  if (option.letter != 0) text = std::string("\\fB\\-") + option.letter + "\\fR, " + text;
  if (option.name == "--wait") return text + "[=\\fITIME\\fR]";
  return option.is_switch() ? text : text + " \\fI" + escaped(option.argument) + "\\fR";
}

std::string paragraph_of(const Option& option) {
  return ".TP\n" + heading_of(option) + '\n' + sentence(option.words);
}

std::string usage_of(const Command& command) {
  std::string text = "\\fBrsipctl " + escaped(command.path) + "\\fR";
  for (const Option& option : command.options) {
    if (!option.is_placed()) continue;
    const std::string word =
        "\\fI" + escaped(option.argument) + "\\fR" + (option.repeated ? " ..." : "");
    text += option.required ? " " + word : " [" + word + "]";
  }
  return text;
}

std::string section_of(const Command& command) {
  std::string text = ".SS " + escaped(command.path) + "\n" + usage_of(command) +
                     " [OPTIONS]\n.PP\n" + sentence(command.words);
  if (!command.more.empty()) text += sentence(command.more);
  for (const Option& option : command.options) text += paragraph_of(option);
  if (command.waits) {
    text += ".TP\n\\fB\\-\\-wait\\fR[=\\fITIME\\fR]\nCome back only once it is so.\n";
  }
  if (!command.schema.empty()) {
    text += ".TP\n\\fB\\-\\-json\\fR\nPrint JSON, schema rsip." + escaped(command.schema) + ".\n";
  }
  return text;
}

constexpr const char* kDescription =
    ".SH DESCRIPTION\n"
    "The RSIP host agent,\n.BR rsipd (8),\nleases public addresses, ports and security parameter\n"
    "indices from RSIP gateways (RFC 3102 to 3105).\n"
    "\\fBrsipctl\\fR shows what is leased and steers the agent.\n"
    ".PP\n"
    "Every local user may look. Changes are for root, for the members of group \\fIrsip\\fR and\n"
    "for the user whose local session is in front.\n"
    ".PP\n"
    "Text is for people and may change with any release. With \\fB\\-\\-json\\fR a verb prints "
    "one\n"
    "object on a line, with the name of its schema, to which members are only ever added; a\n"
    "failure is an object of schema rsip.error/1 on standard output, besides the line on standard\n"
    "error. The schemas are in \\fI/usr/share/rsip/schema\\fR;\n.BR rsip\\-contract (7)\nexplains "
    "every member.\n"
    ".PP\n"
    "A \\fITIME\\fR is a number of seconds, or one with a unit: 90s, 10m, 2h.\n";

constexpr const char* kEnd =
    ".SH ENVIRONMENT\n"
    ".TP\n.B RSIP_SOCKET\nThe agent's socket, if \\fB\\-\\-socket\\fR does not name it.\n"
    ".TP\n.B NO_COLOR\nIf it is set, nothing is coloured unless \\fB\\-\\-color=always\\fR asks "
    "for it.\n"
    ".SH FILES\n"
    ".TP\n.I /run/rsip/agent.sock\nThe agent's socket.\n"
    ".TP\n.I /usr/share/rsip/schema/\nJSON schemas of what is printed.\n"
    ".SH EXAMPLES\n"
    ".TP\n.B rsipctl up \\-\\-wait && ssh example.org\nGo on once an address is leased.\n"
    ".TP\n.B rsipctl listen add 8080 \\-\\-public\\-port any\nMake a server reachable at any port "
    "that is free.\n"
    ".TP\n.B rsipctl monitor \\-\\-json | jq \\-r .type\nWhat kinds of events come.\n"
    ".SH SEE ALSO\n"
    ".BR rsipd (8),\n.BR agent.toml (5),\n.BR rsip\\-tray (1),\n.BR rsip\\-contract (7)\n";

std::string exit_codes() {
  std::string text = ".SH EXIT STATUS\n";
  for (const ExitCode& row : kExitCodes) {
    text += ".TP\n.B " + std::to_string(row.code) + '\n' + escaped(row.words) + '\n';
  }
  return text;
}

}  // namespace

std::string man_page(const Commands& commands) {
  std::string text =
      ".TH RSIPCTL 1 \"\" \"rsip " RSIP_VERSION
      "\" \"RSIP host agent\"\n"
      ".SH NAME\nrsipctl \\- show and steer the RSIP host agent\n"
      ".SH SYNOPSIS\n.B rsipctl\n\\fIVERB\\fR [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n";
  text += kDescription;
  text += ".SH OPTIONS\nOf every verb:\n";
  for (const Option& option : global_options()) text += paragraph_of(option);
  text += ".TP\n\\fB\\-\\-version\\fR\nOf this program; only without a verb.\n.SH VERBS\n";
  for (const Command& command : commands) text += section_of(command);
  return text + exit_codes() + kEnd;
}

}  // namespace rsip::cli
