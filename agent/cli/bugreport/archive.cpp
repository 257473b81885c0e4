#include "agent/cli/bugreport/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace rsip::cli::bugreport {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_write_free(a); }
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using ArchivePointer = std::unique_ptr<archive, FreeArchive>;
using EntryPointer = std::unique_ptr<archive_entry, FreeArchive>;

/// "rsip-report.tar.zst": "rsip-report"
std::string folder_in(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.substr(0, name.find('.'));
}

bool add(archive* into, const std::string& name, const std::string& text, std::time_t now) {
  const EntryPointer entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(text.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), now, 0);
  return archive_write_header(into, entry.get()) == ARCHIVE_OK &&
         archive_write_data(into, text.data(), text.size()) == static_cast<la_ssize_t>(text.size());
}

Result<void> write_to(int descriptor, const std::string& path, const std::vector<Section>& sections,
                      std::time_t now) {
  const ArchivePointer writer(archive_write_new());
  archive* const a = writer.get();
  bool well = archive_write_add_filter_zstd(a) == ARCHIVE_OK &&
              archive_write_set_format_pax_restricted(a) == ARCHIVE_OK &&
              archive_write_open_fd(a, descriptor) == ARCHIVE_OK;
  for (const Section& section : sections) {
    well = well && add(a, folder_in(path) + '/' + section.name, section.text, now);
  }
  well = well && archive_write_close(a) == ARCHIVE_OK;
  if (well) return {};
  const char* const reason = archive_error_string(a);
  return fail(ErrorKind::kOther,
              "cannot write " + path + ": " + (reason == nullptr ? "unknown" : reason));
}

}  // namespace

Result<void> write_archive(const std::string& path, const std::vector<Section>& sections,
                           std::time_t now) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const int reason = errno;
  if (descriptor < 0 && reason == EEXIST) {
    return fail(ErrorKind::kUsage, path + " exists", "name another file with -o");
  }
  if (descriptor < 0) {
    return fail(reason == EACCES || reason == EPERM ? ErrorKind::kPermission : ErrorKind::kOther,
                "cannot write " + path + ": " + std::strerror(reason), "name another file with -o");
  }
  auto written = write_to(descriptor, path, sections, now);
  close(descriptor);
  if (!written) unlink(path.c_str());
  return written;
}

}  // namespace rsip::cli::bugreport
