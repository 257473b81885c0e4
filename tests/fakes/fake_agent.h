#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QByteArray>
#include <QLocalServer>
#include <QLocalSocket>
#include <QString>
#include <QTemporaryDir>

#include "common/ipc/protocol.h"

namespace rsip::fakes {

/// An agent behind a socket of its own, for front ends that live on Qt's event loop: it tells the
/// snapshot that a test gives it, and answers as the test says.
class FakeAgent {
 public:
  /// What to answer to a call; an error is one of the agent.
  using Answering = std::function<Result<ipc::Answer>(const ipc::Call&)>;

  /// It listens at once.
  FakeAgent();
  ~FakeAgent();

  [[nodiscard]] QString path() const;

  /// Ends like a process that is killed. `come` starts it again.
  void die();
  void come();
  /// Says goodbye first, like a process that is asked to end.
  void stop();

  /// What the next subscription begins with; events that are published change it.
  ipc::Status& status() { return status_; }
  void forbid_changes(std::string why) { why_not_ = std::move(why); }
  void allow_changes() { why_not_.reset(); }

  /// Tells all who subscribed, as far as they asked for such events.
  void publish(const ipc::EventBody& body);
  /// `status()` was edited: tells the gateway of that name, or what is the agent's own.
  void publish_gateway(const std::string& name);
  void publish_agent();
  /// Sends these bytes to all who subscribed.
  void publish_raw(const QByteArray& bytes);

  /// What calls get; without it each that fits is done, and status is the status.
  void answer_with(Answering answering) { answering_ = std::move(answering); }
  /// Calls are recorded and not answered.
  void keep_silent(bool silent) { silent_ = silent; }
  /// Instead of its hello; empty: none at all.
  void greet_with(QByteArray line) { greeting_ = std::move(line); }

  /// All calls but subscriptions, oldest first.
  [[nodiscard]] const std::vector<ipc::Call>& calls() const { return calls_; }
  /// The last call, if it is such a request.
  template <class Request>
  [[nodiscard]] const Request* last_call() const {
    return calls_.empty() ? nullptr : std::get_if<Request>(&calls_.back());
  }
  [[nodiscard]] std::vector<ipc::SubscribeRequest> subscriptions() const;
  [[nodiscard]] std::size_t connections() const { return peers_.size(); }

 private:
  struct Peer {
    QLocalSocket* socket;
    QByteArray received;
    std::optional<ipc::SubscribeRequest> subscribed;
  };
  void accept();
  void read(Peer& peer);
  void take(Peer& peer, const ipc::Request& request);
  Result<ipc::Answer> answer_to(const ipc::Call& call) const;
  static void say(Peer& peer, const std::string& line);
  void forget(QLocalSocket* socket);

  QTemporaryDir folder_;
  std::unique_ptr<QLocalServer> server_;
  std::vector<std::unique_ptr<Peer>> peers_;
  ipc::Status status_;
  std::optional<std::string> why_not_;
  std::uint64_t seq_ = 0;
  Answering answering_;
  bool silent_ = false;
  std::optional<QByteArray> greeting_;
  std::vector<ipc::Call> calls_;
};

}  // namespace rsip::fakes
