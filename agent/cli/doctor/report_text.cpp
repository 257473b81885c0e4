#include "agent/cli/doctor/report_text.h"

#include <algorithm>

namespace rsip::cli::doctor {
namespace {

constexpr std::size_t kIndent = 8;
constexpr std::size_t kLineWidth = 100;

std::string heading(std::string area) {
  if (area == "ipsec") return "IPsec";
  area[0] = static_cast<char>(area[0] - 'a' + 'A');
  return area;
}

std::string marked(const std::string& verdict, bool colour) {
  const std::string padding(kIndent - 2 - verdict.size(), ' ');
  if (!colour || verdict == "skip") return verdict + padding;
  const char* const code = verdict == "ok" ? "32" : verdict == "warn" ? "33" : "31";
  return std::string("\033[") + code + "m" + verdict + "\033[0m" + padding;
}

/// Words on lines that are not too long, each below the first.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::size_t line = indent;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::size_t length = end - at;
    if (line > indent && line + 1 + length > kLineWidth) {
      result += '\n' + std::string(indent, ' ');
      line = indent;
    } else if (line > indent) {
      result += ' ';
      ++line;
    }
    result.append(text, at, length);
    line += length;
    at = end + 1;
  }
  return result;
}

/// A command has to stay in one piece.
std::string fix_line(const ipc::DoctorCheck& check) {
  const std::string start = std::string(kIndent, ' ') + "fix: ";
  if (!check.fixable) return start + wrapped(check.fix, start.size()) + '\n';
  return start + check.fix + '\n' + std::string(start.size(), ' ') + "or: rsipctl doctor --fix " +
         check.id + '\n';
}

std::string check_text(const ipc::DoctorCheck& check, bool colour) {
  const std::string start = "  " + marked(check.verdict, colour);
  if (check.verdict == "ok") return start + check.what + '\n';
  if (check.verdict == "skip") return start + check.what + ": " + check.why + '\n';
  std::string text = start + check.what + "  [" + check.id + "]\n";
  text += std::string(kIndent, ' ') + wrapped(check.why, kIndent) + '\n';
  return check.fix.empty() ? text : text + fix_line(check);
}

/// How many from there on were left out for one reason, in one area; 1 if that one was not.
std::size_t alike_from(const std::vector<ipc::DoctorCheck>& checks, std::size_t first) {
  std::size_t end = first + 1;
  if (checks[first].verdict != "skip") return 1;
  while (end < checks.size() && checks[end].verdict == "skip" &&
         checks[end].area == checks[first].area && checks[end].why == checks[first].why) {
    ++end;
  }
  return end - first;
}

std::string skipped_text(std::size_t number, const std::string& why) {
  return "  skip  " + std::to_string(number) + " checks: " + why + '\n';
}

std::string counted(std::ptrdiff_t number, const char* one, const char* several) {
  return std::to_string(number) + ' ' + (number == 1 ? one : several);
}

std::string closing_line(const ipc::DoctorReport& report) {
  const auto number = [&](const char* verdict) {
    return std::ranges::count(report.checks, verdict, &ipc::DoctorCheck::verdict);
  };
  std::string text = counted(number("ok"), "ok", "ok") + ", " +
                     counted(number("warn"), "warning", "warnings") + ", " +
                     counted(number("fail"), "failure", "failures");
  if (number("skip") > 0) text += ", " + std::to_string(number("skip")) + " not looked at";
  return text + '\n';
}

}  // namespace

std::string report_text(const ipc::DoctorReport& report, bool colour) {
  std::string text;
  std::string area;
  const auto& checks = report.checks;
  for (std::size_t i = 0; i < checks.size();) {
    if (checks[i].area != area) text += (area.empty() ? "" : "\n") + heading(checks[i].area) + '\n';
    area = checks[i].area;
    const std::size_t number = alike_from(checks, i);
    text += number > 1 ? skipped_text(number, checks[i].why) : check_text(checks[i], colour);
    i += number;
  }
  return text + '\n' + closing_line(report);
}

}  // namespace rsip::cli::doctor
