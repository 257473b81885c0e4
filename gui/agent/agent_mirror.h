#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <QByteArray>
#include <QObject>
#include <QString>

#include "common/base/result.h"
#include "common/ipc/protocol.h"
#include "common/ipc/requests.h"
#include "common/ipc/summary.h"

namespace rsip::gui {

/// The agent as this program sees it: its snapshot, kept current by events, and calls to it. Keeps
/// trying to reach an agent that is not there. Nothing here ever waits.
///
/// thread   the user interface's
class AgentMirror : public QObject {
  Q_OBJECT

 public:
  /// Milliseconds that go on while the machine sleeps (CLOCK_BOOTTIME); tests have their own.
  using Clock = std::function<std::int64_t()>;

  AgentMirror(QString socketPath, Clock clock, QObject* parent = nullptr);
  ~AgentMirror() override;

  /// Connects, and again half a second after each loss, then less and less often up to 5 s.
  void start();

  [[nodiscard]] bool isConnected() const;
  /// Why there is no agent; only while it is not connected.
  [[nodiscard]] const Error& whyNot() const;
  /// The agent is away and had said that it ends: somebody stopped it.
  [[nodiscard]] bool saidGoodbye() const;
  /// The last snapshot; empty while it is not connected: what was is not what is.
  [[nodiscard]] const ipc::Status& status() const;
  /// Its mood is kAgentDown while it is not connected. Countdowns are of now.
  [[nodiscard]] ipc::Summary summary() const;
  [[nodiscard]] bool mayChange() const;
  /// What to do to be allowed to change something; only while one may not.
  [[nodiscard]] QString whyMayNotChange() const;

  /// Seconds left now of what the gateway's part of the snapshot told as `seconds`.
  [[nodiscard]] std::uint32_t secondsLeft(const std::string& gateway, std::uint32_t seconds) const;
  [[nodiscard]] std::int64_t now() const;

  /// Counters once a second, and the log, only while somebody looks at them.
  void wantTraffic(bool wanted);
  void wantLog(bool wanted);

  /// Calls the agent on a connection of its own; answered once, later, unless `context` is gone by
  /// then. Errors are the agent's, or kAgentNotRunning, kTimeout, kProtocol.
  template <class Request>
  void ask(const Request& request, QObject* context,
           std::function<void(Result<typename Request::Reply>)> answered) {
    send(ipc::Call(request), context,
         [answered = std::move(answered)](const Result<QByteArray>& line) {
           if (!line) return answered(tl::unexpected(line.error()));
           answered(ipc::parse_answer<typename Request::Reply>(
               std::string_view(line->constData(), static_cast<std::size_t>(line->size()))));
         });
  }

 signals:
  /// The snapshot, the connection or the right to change something is another one. At most four
  /// times a second.
  void changed();
  /// Only counters are others.
  void trafficChanged();
  void happened(const rsip::ipc::Happening& what);
  void logged(const rsip::ipc::LogLine& line);

 private:
  void send(const ipc::Call& call, QObject* context,
            std::function<void(const Result<QByteArray>&)> answered);

  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rsip::gui
