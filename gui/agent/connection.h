#pragma once

#include <map>
#include <string>

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include "gui/agent/agent_mirror.h"
#include "gui/agent/subscription.h"

namespace rsip::gui {

/// What the mirror knows and how it comes to know it.
class AgentMirror::Connection : public QObject {
  Q_OBJECT

 public:
  Connection(AgentMirror& mirror, QString path, Clock clock);

  void start();
  void want(const ipc::SubscribeRequest& what);

  AgentMirror& mirror_;
  QString path_;
  Clock clock_;
  ipc::SubscribeRequest wanted_;
  ipc::Snapshot snapshot_;
  bool connected_ = false;
  bool goodbye_ = false;
  Error why_not_;
  /// When each gateway's part of the snapshot was told: its countdowns are of then.
  std::map<std::string, std::int64_t> told_at_;

 private:
  void subscribe();
  void begin(Subscription& subscription, const ipc::Snapshot& snapshot);
  void take(Subscription& subscription, const ipc::Event& event);
  void apply(const ipc::Event& event);
  void tell(const ipc::Event& event);
  void lose(Subscription& subscription, const Error& why);
  void retire(QPointer<Subscription>& subscription);
  /// Has changed() told soon.
  ///
  /// collectMs   how long to wait for what belongs to it
  void noteChange(int collectMs);

  bool started_ = false;
  QPointer<Subscription> current_;  ///< The one that the snapshot follows.
  QPointer<Subscription> next_;     ///< Asks for something else; takes over with its snapshot.
  std::uint64_t told_seq_ = 0;      ///< What happened up to here has been told.
  /// The one before, until it has told all that was before the new snapshot.
  QPointer<Subscription> last_;
  QTimer retry_;
  int retry_ms_;
  QTimer report_;           ///< Until the next changed().
  QElapsedTimer reported_;  ///< Since the last one.
};

}  // namespace rsip::gui
