#include "agent/cli/bugreport/sections.h"

#include <algorithm>
#include <array>
#include <pwd.h>
#include <sstream>
#include <unistd.h>

#include "agent/cli/agent_client.h"
#include "agent/cli/doctor/doctor.h"
#include "agent/cli/doctor/report_text.h"
#include "agent/cli/host/files.h"
#include "agent/cli/host/program.h"
#include "common/base/utc_time.h"
#include "common/ipc/documents.h"

namespace rsip::cli::bugreport {
namespace {

std::string not_there(const Error& error) {
  return "not there: " + to_line(error) + '\n';
}

std::string output_of(const std::vector<std::string>& command) {
  const auto output = run_program(command, {.time = std::chrono::seconds(5), .complaints = true});
  return output ? output->text : not_there(output.error());
}

/// An answer of the agent as rsipctl prints it with --json.
template <class Request>
std::string answer_to(const Request& request, const std::string& socket,
                      std::chrono::milliseconds patience, const std::string& now) {
  const auto answer = ask(socket, patience, request);
  return answer ? ipc::document(*answer, "", now) + '\n' : not_there(answer.error());
}

std::string versions(const doctor::Facts& facts) {
  return "rsipctl " + facts.rsipctl + "\nrsipd " +
         (facts.status ? facts.status->agent : "does not answer") + "\n" +
         output_of({"uname", "-srvm"}) + text_of_file("/etc/os-release", 65536).value_or("") +
         output_of({"ip", "-V"}) + output_of({"nft", "--version"});
}

/// The configuration names files with secrets, not the secrets.
std::string config_text(const std::string& socket, std::chrono::milliseconds patience,
                        const doctor::ConfigFacts& config) {
  const auto answer = ask(socket, patience, ipc::ConfigRequest{});
  if (answer) return answer->text;
  const auto text = text_of_file(config.file);
  return text ? *text : "not there: cannot read " + config.file + '\n';
}

std::string log_text(const std::string& socket, std::chrono::milliseconds patience) {
  ipc::LogRequest request;
  request.lines = 2000;
  const auto log = ask(socket, patience, request);
  if (!log)
    return output_of({"journalctl", "-u", "rsipd", "-n", "2000", "--no-pager", "-o", "short-iso"});
  std::string text;
  for (const ipc::LogLine& line : log->lines) {
    text += line.time + ' ' + line.level + ' ' + line.text + '\n';
  }
  return text;
}

/// Who talks to whom is nobody's business: only how many there are.
std::string flow_count(const std::string& socket, std::chrono::milliseconds patience) {
  const auto flows = ask(socket, patience, ipc::FlowsRequest{});
  if (!flows) return not_there(flows.error());
  return std::to_string(flows->flows.size()) + " flows, " + std::to_string(flows->hidden) +
         " of other users\n";
}

std::string doctor_text(const doctor::Facts& facts) {
  const auto report = doctor::examine(facts, {});
  return report ? doctor::report_text(*report, false) : not_there(report.error());
}

constexpr std::array kNamingKeys = {"name",     "server_name", "psk_identity",
                                    "local_id", "remote_id",   "remote",
                                    "address",  "ssid",        "ssids"};

/// What stands in quotation marks after the equals sign.
void add_quoted(const std::string& line, std::vector<std::string>& values) {
  std::size_t at = line.find('"', line.find('='));
  while (at != std::string::npos) {
    const std::size_t end = line.find('"', at + 1);
    if (end == std::string::npos) return;
    values.push_back(line.substr(at + 1, end - at - 1));
    at = line.find('"', end + 1);
  }
}

/// Addresses have an alias of their own kind; "auto" is a word of the configuration.
bool is_name(const std::string& value) {
  return value != "auto" && !Ipv4Prefix::parse(value);
}

}  // namespace

std::vector<Section> collect(const std::string& socket, std::chrono::milliseconds patience,
                             const doctor::Facts& facts) {
  const std::string now = utc_time(facts.now);
  std::vector<Section> sections = {
      {"versions.txt", versions(facts)},
      {"doctor.txt", doctor_text(facts)},
      {"agent/status.json", answer_to(ipc::StatusRequest{}, socket, patience, now)},
      {"agent/ipsec.json", answer_to(ipc::IpsecRequest{}, socket, patience, now)},
      {"agent/flows.txt", flow_count(socket, patience)},
      {"agent/config.toml", config_text(socket, patience, facts.config)},
      {"network/links.txt", output_of({"ip", "-d", "-s", "link"})},
      {"network/addresses.txt", output_of({"ip", "address"})},
      {"network/rules.txt", output_of({"ip", "rule"}) + output_of({"ip", "-6", "rule"})},
      {"network/routes.txt", output_of({"ip", "route", "show", "table", "all"})},
      {"network/arp-table.txt", output_of({"nft", "list", "table", "arp", "rsip"})},
  };
  for (Section& section : sections) section = cut(std::move(section), false);
  sections.push_back(cut({"agent/log.txt", log_text(socket, patience)}, true));
  return sections;
}

Section cut(Section section, bool keep_end) {
  if (section.text.size() <= kMostBytes) return section;
  const std::size_t all = section.text.size();
  section.text = keep_end ? "...\n" + section.text.substr(all - kMostBytes)
                          : section.text.substr(0, kMostBytes) + "\n...\n";
  section.remark = keep_end ? "the last 256 kB" : "the first 256 kB";
  return section;
}

std::vector<std::string> names_in_config(const std::string& toml) {
  std::vector<std::string> names;
  std::istringstream lines(toml);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string::npos || line[begin] == '#') continue;
    const std::size_t end = line.find_first_of(" \t=", begin);
    const std::string key = line.substr(begin, end - begin);
    if (std::ranges::find(kNamingKeys, key) != kNamingKeys.end()) add_quoted(line, names);
  }
  std::erase_if(names, [](const std::string& value) { return !is_name(value); });
  return names;
}

void learn_names(const std::vector<Section>& sections, Redactor& redactor) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0 && std::string(host.data()) != "localhost") {
    redactor.learn(host.data(), "host");
  }
  constexpr uid_t kFirstPerson = 1000;
  setpwent();
  while (const passwd* const user = getpwent()) {
    const bool person = user->pw_uid >= kFirstPerson && user->pw_uid < 60000;
    if (person) redactor.learn(user->pw_name, "user");
  }
  endpwent();
  for (const Section& section : sections) {
    if (section.name != "agent/config.toml") continue;
    for (const std::string& name : names_in_config(section.text)) redactor.learn(name, "name");
  }
}

}  // namespace rsip::cli::bugreport
