#include "tests/gateway/app/accounting.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>
#include <utility>
#include <variant>

#include <boost/json.hpp>

namespace rsip::gateway {
namespace {

namespace json = boost::json;
using std::chrono::system_clock;

/// "2026-11-24T08:41:23.042Z".
std::string iso8601(system_clock::time_point time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  const std::time_t seconds = whole.count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> day{};
  const std::size_t length = std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  const std::string fraction = std::to_string(1000 + (since - whole).count()).substr(1);
  return std::string(day.data(), length) + "." + fraction + "Z";
}

json::value remote_of(const RemoteScope& remote) {
  if (!remote.address) return nullptr;
  std::string text = remote.address->to_string();
  if (remote.port) text += ":" + std::to_string(*remote.port);
  return json::value(text);
}

void add_usage(json::object& line, const Usage* usage) {
  const auto read = [usage](const std::atomic<std::uint64_t> Usage::* counter) {
    return usage != nullptr ? (usage->*counter).load(std::memory_order_relaxed) : 0;
  };
  line["from_host_packets"] = read(&Usage::from_host_packets);
  line["from_host_bytes"] = read(&Usage::from_host_bytes);
  line["to_host_packets"] = read(&Usage::to_host_packets);
  line["to_host_bytes"] = read(&Usage::to_host_bytes);
}

}  // namespace

std::string to_json(const AccountRecord& record, system_clock::time_point time) {
  const Bind& bind = record.bind;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(record.at - bind.granted_at);
  json::object line{{"time", iso8601(time)},
                    {"event", record.event},
                    {"host", record.host.to_string()},
                    {"key", nullptr},
                    {"class", record.account.host_class},
                    {"client", record.client.value},
                    {"bind", bind.id.value},
                    {"method", msg::to_string(bind.method)},
                    {"address", bind.address.to_string()},
                    {"ports", to_string(bind.ports)},
                    {"spis", to_string(bind.spis)},
                    {"remote", remote_of(bind.remote)},
                    {"tunnel", msg::to_string(bind.tunnel)},
                    {"seconds", seconds.count()}};
  if (record.account.key) line["key"] = *record.account.key;
  add_usage(line, bind.usage.get());
  line["reason"] = record.reason.empty() ? json::value(nullptr) : json::value(record.reason);
  return json::serialize(line);
}

Accounting::Accounting(std::string path, Clock clock, Trouble trouble)
    : path_(std::move(path)), clock_(std::move(clock)), trouble_(std::move(trouble)) {}

Accounting::~Accounting() {
  reopen();
}

void Accounting::reopen() {
  if (descriptor_ >= 0) close(descriptor_);
  descriptor_ = -1;
}

void Accounting::write(const AccountRecord& record) {
  if (descriptor_ < 0) {
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (descriptor_ < 0) return fail_once("open");
  }
  const std::string line = to_json(record, clock_()) + "\n";
  const ssize_t written = ::write(descriptor_, line.data(), line.size());
  if (written < 0) return fail_once("write to");
  if (static_cast<std::size_t>(written) != line.size()) {
    errno = ENOSPC;
    return fail_once("write a whole line to");
  }
  failing_ = false;
}

void Accounting::write(const Action& action, TimePoint now) {
  if (const auto* start = std::get_if<LeaseGranted>(&action)) {
    write({"start", start->host, start->client, start->account, start->bind, now});
  } else if (const auto* stop = std::get_if<LeaseEnded>(&action)) {
    write({"stop", stop->host, stop->client, stop->account, stop->bind, stop->at, stop->reason});
  }
}

void Accounting::write_interim(Ipv4Address host, const Registration& registration, TimePoint now) {
  for (const auto& [id, bind] : registration.binds) {
    write({"interim", host, registration.client, registration.account, bind, now});
  }
}

void Accounting::fail_once(const char* what) {
  const int reason = errno;
  reopen();  // it may have been removed, or its disk mounted anew
  if (std::exchange(failing_, true)) return;
  trouble_({reason == EACCES ? ErrorKind::kPermission : ErrorKind::kOther,
            std::string("cannot ") + what + " " + path_ + ": " + std::strerror(reason),
            "accounts are lost until this is mended"});
}

}  // namespace rsip::gateway
