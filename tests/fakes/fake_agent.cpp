#include "tests/fakes/fake_agent.h"

#include <algorithm>

namespace rsip::fakes {
namespace {

constexpr const char* kVersion = "0.1.0";
constexpr const char* kTime = "2026-11-24T12:00:00Z";

bool is_wanted(const ipc::EventBody& body, const ipc::SubscribeRequest& by) {
  if (std::holds_alternative<ipc::TrafficChanged>(body)) return by.traffic_seconds != 0;
  if (std::holds_alternative<ipc::LogLine>(body)) return by.log;
  return true;
}

template <class Request>
ipc::Answer blank_answer(const Request&) {
  return typename Request::Reply();
}

}  // namespace

FakeAgent::FakeAgent() {
  status_.agent = kVersion;
  status_.state = "unregistered";
  status_.started_at = kTime;
  come();
}

FakeAgent::~FakeAgent() {
  die();
}

QString FakeAgent::path() const {
  return folder_.filePath("agent.sock");
}

void FakeAgent::come() {
  server_ = std::make_unique<QLocalServer>();
  QObject::connect(server_.get(), &QLocalServer::newConnection, server_.get(),
                   [this] { accept(); });
  server_->listen(path());
}

void FakeAgent::die() {
  server_.reset();
  while (!peers_.empty()) forget(peers_.back()->socket);
}

void FakeAgent::stop() {
  publish(ipc::AgentStopping{});
  for (const auto& peer : peers_) peer->socket->waitForBytesWritten(1000);
  die();
}

void FakeAgent::accept() {
  while (QLocalSocket* const socket = server_->nextPendingConnection()) {
    socket->setParent(nullptr);
    peers_.push_back(std::make_unique<Peer>(Peer{socket, {}, {}}));
    Peer& peer = *peers_.back();
    QObject::connect(socket, &QLocalSocket::readyRead, socket, [this, &peer] { read(peer); });
    // Queued: a peer may turn out to be gone while all are written to.
    QObject::connect(
        socket, &QLocalSocket::disconnected, socket, [this, socket] { forget(socket); },
        Qt::QueuedConnection);
    if (!greeting_)
      say(peer, ipc::encode_hello(kVersion));
    else if (!greeting_->isEmpty())
      socket->write(*greeting_ + '\n');
  }
}

void FakeAgent::read(Peer& peer) {
  peer.received += peer.socket->readAll();
  for (qsizetype end = 0; (end = peer.received.indexOf('\n')) >= 0;) {
    const std::string line = peer.received.left(end).toStdString();
    peer.received.remove(0, end + 1);
    const auto request = ipc::parse_request(line);
    if (request)
      take(peer, *request);
    else
      say(peer, ipc::encode_refusal(request.error()));
  }
}

void FakeAgent::take(Peer& peer, const ipc::Request& request) {
  if (const auto* subscribe = std::get_if<ipc::SubscribeRequest>(&request.call)) {
    if (silent_) return;
    peer.subscribed = *subscribe;
    return say(peer, ipc::encode_answer(request.id, ipc::Snapshot{seq_, status_, !why_not_,
                                                                  why_not_.value_or("")}));
  }
  calls_.push_back(request.call);
  if (silent_) return;
  const auto answer = answer_to(request.call);
  say(peer, answer ? ipc::encode_answer(request.id, *answer)
                   : ipc::encode_failure(request.id, answer.error()));
}

Result<ipc::Answer> FakeAgent::answer_to(const ipc::Call& call) const {
  if (answering_) return answering_(call);
  if (std::holds_alternative<ipc::StatusRequest>(call)) return ipc::Answer(status_);
  return std::visit([](const auto& request) { return blank_answer(request); }, call);
}

void FakeAgent::publish(const ipc::EventBody& body) {
  ipc::apply(body, status_);
  const std::string line = ipc::encode_event(ipc::Event{++seq_, kTime, body});
  for (const auto& peer : peers_) {
    if (peer->subscribed && is_wanted(body, *peer->subscribed)) say(*peer, line);
  }
}

void FakeAgent::publish_gateway(const std::string& name) {
  const auto gateway = std::ranges::find(status_.gateways, name, &ipc::GatewayStatus::name);
  if (gateway != status_.gateways.end()) {
    publish(ipc::GatewayChanged{status_.state, ipc::GatewayStatus(*gateway)});
  }
}

void FakeAgent::publish_agent() {
  publish(ipc::AgentChanged{status_.state, status_.network, status_.profile});
}

void FakeAgent::publish_raw(const QByteArray& bytes) {
  for (const auto& peer : peers_) {
    if (!peer->subscribed) continue;
    peer->socket->write(bytes);
    peer->socket->flush();
  }
}

std::vector<ipc::SubscribeRequest> FakeAgent::subscriptions() const {
  std::vector<ipc::SubscribeRequest> all;
  for (const auto& peer : peers_) {
    if (peer->subscribed) all.push_back(*peer->subscribed);
  }
  return all;
}

void FakeAgent::say(Peer& peer, const std::string& line) {
  if (!peer.socket->isOpen()) return;
  peer.socket->write(QByteArray::fromStdString(line + '\n'));
  peer.socket->flush();
}

void FakeAgent::forget(QLocalSocket* socket) {
  socket->disconnect();
  socket->abort();
  socket->deleteLater();
  std::erase_if(peers_, [&](const auto& peer) { return peer->socket == socket; });
}

}  // namespace rsip::fakes
