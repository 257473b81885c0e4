#include "agent/cli/trace/capture.h"

#include <pcap/pcap.h>

namespace rsip::cli::trace {
namespace {

constexpr int kBufferBytes = 16 << 20;

ErrorKind kind_of(int status) {
  if (status == PCAP_ERROR_PERM_DENIED) return ErrorKind::kPermission;
  if (status == PCAP_ERROR_NO_SUCH_DEVICE || status == PCAP_ERROR_IFACE_NOT_UP) {
    return ErrorKind::kNotFound;
  }
  return ErrorKind::kOther;
}

tl::unexpected<Error> cannot_open(const std::string& device, int status, const char* detail) {
  const ErrorKind kind = kind_of(status);
  const std::string what = "cannot look at " + device + ": ";
  if (kind == ErrorKind::kPermission) {
    return fail(kind, what + "that needs root, or CAP_NET_RAW", "run it with sudo");
  }
  const std::string why = detail == nullptr || *detail == '\0' ? pcap_statustostr(status) : detail;
  return fail(kind, what + why, kind == ErrorKind::kNotFound ? "rsipctl status" : "");
}

Result<void> apply_filter(pcap_t* handle, const std::string& device, const std::string& filter) {
  if (filter.empty()) return {};
  bpf_program program{};
  int status = pcap_compile(handle, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN);
  if (status == 0) {
    status = pcap_setfilter(handle, &program);
    pcap_freecode(&program);
  }
  if (status == 0) return {};
  return cannot_open(device, status, pcap_geterr(handle));
}

}  // namespace

void Capture::Close::operator()(pcap* handle) const {
  pcap_close(handle);
}

Result<Capture> Capture::open(const std::string& device, const std::string& filter) {
  char reason[PCAP_ERRBUF_SIZE] = "";
  pcap_t* const handle = pcap_create(device.c_str(), reason);
  if (handle == nullptr) return cannot_open(device, PCAP_ERROR, reason);
  Capture capture(handle);
  pcap_set_snaplen(handle, kSnapBytes);
  pcap_set_buffer_size(handle, kBufferBytes);
  pcap_set_immediate_mode(handle, 1);
  pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
  // Warnings, of which there is none worth to be told, are above 0.
  if (const int status = pcap_activate(handle); status < 0) {
    return cannot_open(device, status, pcap_geterr(handle));
  }
  if (auto filtered = apply_filter(handle, device, filter); !filtered) {
    return tl::unexpected(filtered.error());
  }
  if (pcap_setnonblock(handle, 1, reason) != 0) return cannot_open(device, PCAP_ERROR, reason);
  return capture;
}

int Capture::descriptor() const {
  return pcap_get_selectable_fd(handle_.get());
}

// libpcap's numbers are those of files but for this one.
std::uint16_t Capture::link_type() const {
  const int type = pcap_datalink(handle_.get());
  return type == DLT_RAW ? kLinkRaw : static_cast<std::uint16_t>(type);
}

Result<void> Capture::read(std::uint64_t most,
                           const std::function<void(const CapturedPacket&)>& take) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  constexpr int kBatch = 256;  // then the other devices have their turn
  for (std::uint64_t i = 0; i < most && i < kBatch; ++i) {
    pcap_pkthdr* header = nullptr;
    const std::uint8_t* bytes = nullptr;
    const int status = pcap_next_ex(handle_.get(), &header, &bytes);
    if (status == 0) return {};
    if (status < 0) return fail(ErrorKind::kNotFound, pcap_geterr(handle_.get()));
    // The field is called microseconds, but with that precision it has nanoseconds.
    const auto time = static_cast<std::uint64_t>(header->ts.tv_sec) * kSecond +
                      static_cast<std::uint64_t>(header->ts.tv_usec);
    take({0, time, header->len, {bytes, header->caplen}});
  }
  return {};
}

std::uint64_t Capture::lost() const {
  pcap_stat stats{};
  return pcap_stats(handle_.get(), &stats) == 0 ? stats.ps_drop : 0;
}

}  // namespace rsip::cli::trace
