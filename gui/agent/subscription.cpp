#include "gui/agent/subscription.h"

#include <utility>

#include "common/ipc/protocol.h"

namespace rsip::gui {
namespace {

constexpr int kHelloMs = 5'000;

std::string_view viewOf(const QByteArray& line) {
  return {line.constData(), static_cast<std::size_t>(line.size())};
}

}  // namespace

Subscription::Subscription(const QString& socketPath, const ipc::SubscribeRequest& what,
                           QObject* parent)
    : QObject(parent), what_(what), socket_(socketPath) {
  connect(&socket_, &LineSocket::ready, this,
          [this] { socket_.writeLine(ipc::encode_request(1, what_)); });
  connect(&socket_, &LineSocket::lineArrived, this, &Subscription::take);
  connect(&socket_, &LineSocket::over, this, &Subscription::end);
  socket_.open(kHelloMs);
}

void Subscription::take(const QByteArray& line) {
  if (over_) return;
  if (!begun_) {
    const auto snapshot = ipc::parse_answer<ipc::Snapshot>(viewOf(line));
    if (!snapshot) return end(snapshot.error());
    begun_ = true;
    emit begun(*snapshot);
    return;
  }
  const auto event = ipc::parse_event(viewOf(line));
  if (!event) return end(event.error());
  if (*event) emit eventArrived(**event);
}

void Subscription::end(const Error& why) {
  if (std::exchange(over_, true)) return;
  emit over(why);
}

}  // namespace rsip::gui
