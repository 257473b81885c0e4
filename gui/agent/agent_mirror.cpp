#include "gui/agent/agent_mirror.h"

#include <utility>

#include "gui/agent/agent_call.h"
#include "gui/agent/connection.h"

namespace rsip::gui {

AgentMirror::AgentMirror(QString socketPath, Clock clock, QObject* parent)
    : QObject(parent),
      connection_(std::make_unique<Connection>(*this, std::move(socketPath), std::move(clock))) {}

AgentMirror::~AgentMirror() = default;

void AgentMirror::start() {
  connection_->start();
}

bool AgentMirror::isConnected() const {
  return connection_->connected_;
}

const Error& AgentMirror::whyNot() const {
  return connection_->why_not_;
}

bool AgentMirror::saidGoodbye() const {
  return !isConnected() && connection_->goodbye_;
}

const ipc::Status& AgentMirror::status() const {
  return connection_->snapshot_.status;
}

ipc::Summary AgentMirror::summary() const {
  if (!isConnected()) {
    ipc::Summary down;
    down.mood = ipc::Mood::kAgentDown;
    return down;
  }
  ipc::Status status = connection_->snapshot_.status;
  for (auto& gateway : status.gateways) {
    for (auto& lease : gateway.leases) {
      lease.expires_in_seconds = secondsLeft(gateway.name, lease.expires_in_seconds);
      lease.renews_in_seconds = secondsLeft(gateway.name, lease.renews_in_seconds);
    }
  }
  return ipc::summarize(status);
}

bool AgentMirror::mayChange() const {
  return isConnected() && connection_->snapshot_.may_change;
}

QString AgentMirror::whyMayNotChange() const {
  return mayChange() ? QString() : QString::fromStdString(connection_->snapshot_.why_not);
}

std::uint32_t AgentMirror::secondsLeft(const std::string& gateway, std::uint32_t seconds) const {
  const auto told = connection_->told_at_.find(gateway);
  const std::int64_t passed = told != connection_->told_at_.end() ? now() - told->second : 0;
  const std::int64_t left = std::int64_t{seconds} * 1000 - passed;
  return left > 0 ? static_cast<std::uint32_t>((left + 999) / 1000) : 0;
}

std::int64_t AgentMirror::now() const {
  return connection_->clock_();
}

void AgentMirror::wantTraffic(bool wanted) {
  ipc::SubscribeRequest what = connection_->wanted_;
  what.traffic_seconds = wanted ? 1 : 0;
  connection_->want(what);
}

void AgentMirror::wantLog(bool wanted) {
  ipc::SubscribeRequest what = connection_->wanted_;
  what.log = wanted;
  connection_->want(what);
}

void AgentMirror::send(const ipc::Call& call, QObject* context,
                       std::function<void(const Result<QByteArray>&)> answered) {
  new AgentCall(connection_->path_, call, context, std::move(answered), this);
}

}  // namespace rsip::gui
