#include "agent/cli/trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <ostream>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <vector>

#include "agent/cli/agent_client.h"
#include "agent/cli/doctor/fact_parsers.h"
#include "agent/cli/host/program.h"
#include "agent/cli/trace/capture.h"
#include "agent/cli/trace/targets.h"

namespace rsip::cli::trace {
namespace {

using Clock = std::chrono::steady_clock;

/// Ctrl-C as something to wait for: the file is ended properly.
class Interruption {
 public:
  Interruption() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
    sigprocmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~Interruption() {
    close(descriptor_);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

  /// Takes the signal, if one came: it has no other effect then.
  [[nodiscard]] bool came() const {
    signalfd_siginfo signal{};
    return ::read(descriptor_, &signal, sizeof signal) > 0;
  }

 private:
  sigset_t before_{};
  int descriptor_ = -1;
};

/// One device while it is looked at.
struct Watched {
  Target target;
  Capture capture;
  std::uint64_t packets = 0;
  bool gone = false;
};

struct Taken {
  CapturedPacket packet;
  std::vector<std::uint8_t> bytes;
};

std::map<std::string, std::string> ways_out(const ipc::Status& status) {
  std::map<std::string, std::string> devices;
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    if (gateway.address.empty()) continue;
    // 0x11cb is the mark of the agent's own packets: they go past the tunnels.
    const auto output =
        run_program({"ip", "-j", "route", "get", gateway.address, "mark", "0x11cb"});
    const auto way = output ? doctor::parse_way_out(output->text) : std::nullopt;
    if (way) devices[gateway.address] = way->device;
  }
  return devices;
}

Result<std::vector<Watched>> open_all(const std::vector<Target>& targets) {
  std::vector<Watched> watched;
  for (const Target& target : targets) {
    auto capture = Capture::open(target.device, target.filter);
    if (!capture) return tl::unexpected(capture.error());
    watched.push_back({target, std::move(*capture)});
  }
  return watched;
}

/// Readable by its owner alone: it has what programs said to each other.
Result<std::ofstream> create(const std::string& path, bool overwrite) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (overwrite ? O_TRUNC : O_EXCL);
  const int descriptor = open(path.c_str(), flags, 0600);
  const int reason = errno;
  if (descriptor < 0 && reason == EEXIST) {
    return fail(ErrorKind::kUsage, path + " exists", "name another file, or add --force");
  }
  if (descriptor < 0) {
    return fail(reason == EACCES ? ErrorKind::kPermission : ErrorKind::kOther,
                "cannot write " + path + ": " + std::strerror(reason));
  }
  close(descriptor);
  return std::ofstream(path, std::ios::binary);
}

class Tracer {
 public:
  Tracer(const TraceOptions& options, std::vector<Watched> watched, std::ofstream file)
      : options_(options), watched_(std::move(watched)), file_(std::move(file)) {}

  Result<void> run(const std::string& comment) {
    PcapngWriter writer(file_, "rsipctl " RSIP_VERSION, comment);
    for (const Watched& one : watched_) {
      writer.add_interface(one.target.device, one.capture.link_type(), kSnapBytes,
                           one.target.filter);
    }
    const Interruption interruption;
    while (wait(interruption) && file_) take_all(writer);
    file_.close();
    if (file_) return {};
    return fail(ErrorKind::kOther, "cannot write " + options_.file, "is the disk full?");
  }

  void summarize(std::ostream& out) const {
    std::uint64_t all = 0;
    for (const Watched& one : watched_) {
      all += one.packets;
      out << "  " << one.target.device << ": " << one.packets << " packets";
      if (const std::uint64_t lost = one.capture.lost(); lost > 0) {
        out << ", " << lost << " lost (they came faster than they were written)";
      }
      out << (one.gone ? ", then the device went away\n" : "\n");
    }
    out << all << " packets in " << options_.file << '\n';
  }

 private:
  [[nodiscard]] std::uint64_t taken() const {
    std::uint64_t all = 0;
    for (const Watched& one : watched_) all += one.packets;
    return all;
  }

  [[nodiscard]] std::uint64_t room() const {
    return options_.packets == 0 ? UINT64_MAX : options_.packets - taken();
  }

  /// Milliseconds to wait at most; -1: for ever.
  [[nodiscard]] int patience() const {
    if (options_.seconds == 0) return -1;
    const auto left = begun_ + std::chrono::seconds(options_.seconds) - Clock::now();
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::clamp<std::int64_t>(whole, 0, INT32_MAX));
  }

  /// False when it is over.
  bool wait(const Interruption& interruption) {
    if (room() == 0) return false;
    std::vector<pollfd> waiting = {{interruption.descriptor(), POLLIN, 0}};
    for (const Watched& one : watched_) {
      if (!one.gone) waiting.push_back({one.capture.descriptor(), POLLIN, 0});
    }
    const bool woken = waiting.size() > 1 && poll(waiting.data(), waiting.size(), patience()) > 0;
    return woken && !interruption.came() && patience() != 0;
  }

  /// Each device has its own queue: what came meanwhile is put in order.
  void take_all(PcapngWriter& writer) {
    std::vector<Taken> taken_now;
    for (std::uint32_t i = 0; i < watched_.size(); ++i) {
      Watched& one = watched_[i];
      if (one.gone) continue;
      const auto done = one.capture.read(room(), [&](const CapturedPacket& packet) {
        taken_now.push_back({packet, {packet.bytes.begin(), packet.bytes.end()}});
        taken_now.back().packet.interface = i;
        ++one.packets;
      });
      one.gone = !done;
    }
    std::ranges::stable_sort(taken_now, {}, [](const Taken& t) { return t.packet.time_ns; });
    for (Taken& taken : taken_now) {
      taken.packet.bytes = taken.bytes;
      writer.add_packet(taken.packet);
    }
    file_.flush();  // who looks into the file meanwhile sees whole packets
  }

  const TraceOptions& options_;
  std::vector<Watched> watched_;
  std::ofstream file_;
  Clock::time_point begun_ = Clock::now();
};

void announce(const std::vector<Target>& targets, std::ostream& out, bool until_interrupted) {
  for (const Target& target : targets) out << "  " << target.device << ": " << target.shows << '\n';
  if (until_interrupted) out << "Ctrl-C ends it.\n";
  out.flush();
}

}  // namespace

Result<void> run_trace(const TraceOptions& options, std::ostream& progress) {
  const auto status = ask(options.socket, options.patience, ipc::StatusRequest{});
  if (!status) return tl::unexpected(status.error());
  const auto targets = targets_of(*status, ways_out(*status));
  if (!targets) return tl::unexpected(targets.error());
  auto watched = open_all(*targets);
  if (!watched) return tl::unexpected(watched.error());
  auto file = create(options.file, options.overwrite);
  if (!file) return tl::unexpected(file.error());
  progress << "Tracing into " << options.file << '\n';
  announce(*targets, progress, options.seconds == 0 && options.packets == 0);
  Tracer tracer(options, std::move(*watched), std::move(*file));
  if (auto done = tracer.run(comment_of(*status)); !done) return done;
  tracer.summarize(progress);
  return {};
}

}  // namespace rsip::cli::trace
