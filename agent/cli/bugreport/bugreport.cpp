#include "agent/cli/bugreport/bugreport.h"

#include <filesystem>
#include <istream>
#include <optional>
#include <ostream>

#include "agent/cli/bugreport/archive.h"
#include "agent/cli/doctor/fact_reader.h"
#include "agent/cli/table.h"

namespace rsip::cli::bugreport {
namespace {

std::string default_file(std::time_t now) {
  std::tm broken_down{};
  localtime_r(&now, &broken_down);
  char text[64];
  std::strftime(text, sizeof text, "rsip-report-%Y%m%d-%H%M%S.tar.zst", &broken_down);
  return text;
}

std::string size_text(std::size_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + " B"
                      : std::to_string((bytes + 1023) / 1024) + " kB";
}

/// "3 addresses, 1 host name"
std::string replaced_text(const Redactor& redactor) {
  std::string text;
  for (const auto& [kind, count] : redactor.counts()) {
    const std::string plural = count == 1 ? "" : kind == "address" ? "es" : "s";
    const std::string noun = kind == "host"   ? "host name"
                             : kind == "user" ? "user name"
                             : kind == "mac"  ? "link-layer address"
                                              : kind;
    const std::string ending = kind == "mac" && count > 1 ? "es" : plural;
    text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + noun + ending;
  }
  return text.empty() ? "nothing" : text;
}

bool agrees(std::istream& in, std::ostream& out) {
  out << "Write it? [y/N] " << std::flush;
  std::string answer;
  std::getline(in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::string redaction_text(const Redactor* redactor) {
  if (redactor == nullptr)
    return "Nothing is replaced: addresses and names are in it as they are.\n";
  return "Replaced by stand-ins like address-1, the same in all files: " +
         replaced_text(*redactor) + ".\nPrivate addresses (10.x, 192.168.x, ...) are in it.\n";
}

}  // namespace

std::string contents_text(const std::vector<Section>& sections, const Redactor* redactor) {
  std::vector<std::vector<std::string>> rows;
  std::size_t all = 0;
  for (const Section& section : sections) {
    rows.push_back({"  " + section.name, size_text(section.text.size()), section.remark});
    all += section.text.size();
  }
  return "The report has " + size_text(all) + " in " + std::to_string(sections.size()) +
         " files:\n" + table_text(rows) + redaction_text(redactor) +
         "Keys and other secrets are not in it, nor who talked to whom.\n";
}

Result<void> offer_report(const BugreportOptions& options, const std::vector<Section>& sections,
                          const Redactor* redactor, std::time_t now, std::istream& in,
                          std::ostream& out) {
  const std::string file = options.file.empty() ? default_file(now) : options.file;
  out << contents_text(sections, redactor);
  out << "It goes to " << std::filesystem::absolute(file).string() << " and nowhere else.\n";
  if (!options.yes && options.terminal && !agrees(in, out)) {
    out << "Nothing is written.\n";
    return {};
  }
  if (auto written = write_archive(file, sections, now); !written) return written;
  out << "Written. To look into it: tar --zstd -xf " << file << '\n';
  return {};
}

Result<void> run_bugreport(const BugreportOptions& options, std::istream& in, std::ostream& out) {
  if (!options.yes && !options.terminal && options.file.empty()) {
    return fail(ErrorKind::kUsage, "there is no terminal to ask whether to write the report",
                "add --yes, or name a file with -o");
  }
  const doctor::Facts facts = doctor::read_facts(options.socket, options.patience);
  std::vector<Section> sections = collect(options.socket, options.patience, facts);
  Redactor redactor;
  if (options.redact) {
    learn_names(sections, redactor);
    for (Section& section : sections) section.text = redactor.redact(section.text);
  }
  return offer_report(options, sections, options.redact ? &redactor : nullptr, facts.now, in, out);
}

}  // namespace rsip::cli::bugreport
