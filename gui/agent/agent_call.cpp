#include "gui/agent/agent_call.h"

#include <utility>

#include "common/ipc/protocol.h"

namespace rsip::gui {
namespace {

/// The agent itself gives up on a gateway after 20 seconds, with words that say more.
constexpr int kLimitMs = 25'000;

}  // namespace

AgentCall::AgentCall(const QString& socketPath, const ipc::Call& call, QObject* context,
                     Answered answered, QObject* parent)
    : QObject(parent), socket_(socketPath), context_(context), answered_(std::move(answered)) {
  limit_.setSingleShot(true);
  connect(&limit_, &QTimer::timeout, this, [this] {
    finish(fail(ErrorKind::kTimeout, "the agent does not answer", "see its log"));
  });
  connect(&socket_, &LineSocket::ready, this,
          [this, line = ipc::encode_request(1, call)] { socket_.writeLine(line); });
  connect(&socket_, &LineSocket::lineArrived, this,
          [this](const QByteArray& line) { finish(line); });
  connect(&socket_, &LineSocket::over, this,
          [this](const Error& why) { finish(tl::unexpected(why)); });
  limit_.start(kLimitMs);
  socket_.open(kLimitMs);
}

void AgentCall::finish(const Result<QByteArray>& result) {
  const Answered answered = std::exchange(answered_, nullptr);
  if (!answered) return;
  const bool wanted = !context_.isNull();
  deleteLater();
  if (wanted) answered(result);
}

}  // namespace rsip::gui
