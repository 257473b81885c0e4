#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "tests/gateway/engine/actions.h"
#include "tests/gateway/engine/registration.h"

namespace rsip::gateway {

/// One line of the account of a bind.
struct AccountRecord {
  std::string_view event;  ///< "start", "interim" or "stop".
  Ipv4Address host;
  ClientId client;
  const Account& account;
  const Bind& bind;
  TimePoint at;
  std::string_view reason = {};  ///< Why it stopped; empty otherwise.
};

/// A JSON object on one line, without newline. README.md says what the keys mean.
///
/// time   UTC
std::string to_json(const AccountRecord& record, std::chrono::system_clock::time_point time);

/// Writes who had which bind for how long and how much went through it: one JSON object a line, at
/// the end of a file. A line is written at once and as a whole. What cannot be written is lost: the
/// gateway goes on, and says so once.
class Accounting {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;
  /// Told when writing begins to fail.
  using Trouble = std::function<void(const Error& error)>;

  Accounting(std::string path, Clock clock, Trouble trouble);
  ~Accounting();
  Accounting(const Accounting&) = delete;
  Accounting& operator=(const Accounting&) = delete;

  void write(const AccountRecord& record);
  /// The same for what has happened; actions that are about no bind are passed over.
  void write(const Action& action, TimePoint now);
  /// All binds of a host that go on.
  void write_interim(Ipv4Address host, const Registration& registration, TimePoint now);
  /// The file has been moved away: the next line goes into a new one.
  void reopen();

 private:
  void fail_once(const char* what);

  std::string path_;
  Clock clock_;
  Trouble trouble_;
  int descriptor_ = -1;
  bool failing_ = false;
};

}  // namespace rsip::gateway
