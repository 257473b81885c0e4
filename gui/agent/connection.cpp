#include "gui/agent/connection.h"

#include <algorithm>
#include <utility>

namespace rsip::gui {
namespace {

constexpr int kFirstRetryMs = 500;
constexpr int kMostRetryMs = 5'000;
constexpr int kBetweenChangesMs = 250;
/// The agent tells of one thing in several events: told one by one, the first would be shown alone
/// and the others a quarter of a second later.
constexpr int kCollectMs = 20;
constexpr int kLastWordsMs = 300;

}  // namespace

AgentMirror::Connection::Connection(AgentMirror& mirror, QString path, Clock clock)
    : mirror_(mirror),
      path_(std::move(path)),
      clock_(std::move(clock)),
      why_not_{ErrorKind::kAgentNotRunning, "the agent has not been reached yet", {}},
      retry_ms_(kFirstRetryMs) {
  retry_.setSingleShot(true);
  connect(&retry_, &QTimer::timeout, this, &Connection::subscribe);
  report_.setSingleShot(true);
  report_.setTimerType(Qt::PreciseTimer);  // others may be a twentieth early
  connect(&report_, &QTimer::timeout, this, [this] {
    reported_.start();
    emit mirror_.changed();
  });
}

void AgentMirror::Connection::start() {
  if (std::exchange(started_, true)) return;
  subscribe();
}

void AgentMirror::Connection::want(const ipc::SubscribeRequest& what) {
  wanted_ = what;
  // Otherwise whoever connects next asks for it.
  if (connected_ || next_) subscribe();
}

void AgentMirror::Connection::subscribe() {
  const auto isAsWanted = [this](const QPointer<Subscription>& subscription) {
    return subscription && subscription->what().traffic_seconds == wanted_.traffic_seconds &&
           subscription->what().log == wanted_.log;
  };
  if (isAsWanted(next_)) return;
  retire(next_);
  if (isAsWanted(current_)) return;
  next_ = new Subscription(path_, wanted_, this);
  auto* const made = next_.data();
  connect(made, &Subscription::begun, this,
          [this, made](const ipc::Snapshot& snapshot) { begin(*made, snapshot); });
  connect(made, &Subscription::eventArrived, this,
          [this, made](const ipc::Event& event) { take(*made, event); });
  connect(made, &Subscription::over, this, [this, made](const Error& why) { lose(*made, why); });
}

void AgentMirror::Connection::begin(Subscription& subscription, const ipc::Snapshot& snapshot) {
  if (current_) current_->drain();     // happened before the snapshot, so it is told before it
  if (next_ != &subscription) return;  // meanwhile the agent turned out to end
  retire(last_);
  if (!current_) told_seq_ = snapshot.seq;
  if ((last_ = current_)) {
    QTimer::singleShot(kLastWordsMs, last_, [this, before = last_.data()] {
      if (last_ == before) retire(last_);
    });
  }
  current_ = &subscription;
  next_ = nullptr;
  snapshot_ = snapshot;
  told_at_.clear();
  for (const auto& gateway : snapshot.status.gateways) told_at_[gateway.name] = clock_();
  connected_ = true;
  goodbye_ = false;
  why_not_ = {};
  retry_ms_ = kFirstRetryMs;
  noteChange(0);
}

void AgentMirror::Connection::take(Subscription& subscription, const ipc::Event& event) {
  if (&subscription == current_) return apply(event);
  if (&subscription != last_) return;
  if (event.seq > snapshot_.seq) return retire(last_);
  tell(event);  // the new snapshot has what this changed, but not that it happened
}

void AgentMirror::Connection::tell(const ipc::Event& event) {
  if (event.seq <= told_seq_) return;  // by the other subscription
  told_seq_ = event.seq;
  if (const auto* happening = std::get_if<ipc::Happening>(&event.body)) {
    emit mirror_.happened(*happening);
  } else if (const auto* line = std::get_if<ipc::LogLine>(&event.body)) {
    emit mirror_.logged(*line);
  }
}

void AgentMirror::Connection::apply(const ipc::Event& event) {
  ipc::apply(event.body, snapshot_.status);
  if (std::holds_alternative<ipc::Happening>(event.body) ||
      std::holds_alternative<ipc::LogLine>(event.body)) {
    tell(event);
  } else if (std::holds_alternative<ipc::TrafficChanged>(event.body)) {
    emit mirror_.trafficChanged();
  } else if (std::holds_alternative<ipc::AgentStopping>(event.body)) {
    goodbye_ = true;
  } else {
    if (const auto* changed = std::get_if<ipc::GatewayChanged>(&event.body)) {
      told_at_[changed->gateway.name] = clock_();
    }
    noteChange(kCollectMs);
  }
}

void AgentMirror::Connection::lose(Subscription& subscription, const Error& why) {
  if (&subscription == last_) return retire(last_);
  if (&subscription == current_) {
    // What is being asked for instead may be alive, but an agent that ends ends for both.
    retire(next_);
    retire(last_);
    retire(current_);
  } else {
    retire(next_);
    if (current_) {  // asked for more than before, in vain: what is known stays
      retry_.start(retry_ms_);
      return;
    }
  }
  const bool another = connected_ || !(why_not_ == why);
  connected_ = false;
  snapshot_ = {};
  told_at_.clear();
  why_not_ = why;
  retry_.start(retry_ms_);
  retry_ms_ = std::min(2 * retry_ms_, kMostRetryMs);
  if (another) noteChange(0);
}

void AgentMirror::Connection::retire(QPointer<Subscription>& subscription) {
  if (!subscription) return;
  subscription->disconnect(this);
  subscription->deleteLater();
  subscription = nullptr;
}

void AgentMirror::Connection::noteChange(int collectMs) {
  if (report_.isActive()) return;
  const qint64 passed = reported_.isValid() ? reported_.elapsed() : kBetweenChangesMs;
  report_.start(static_cast<int>(std::max<qint64>(collectMs, kBetweenChangesMs - passed)));
}

}  // namespace rsip::gui
