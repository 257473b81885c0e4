#include "gui/agent/line_socket.h"

#include <utility>

#include <QPointer>

#include "common/ipc/protocol.h"

namespace rsip::gui {
namespace {

Error cannotConnect(const QString& path, QLocalSocket::LocalSocketError error) {
  const std::string where = path.toStdString();
  switch (error) {
    case QLocalSocket::SocketAccessError:
      return {ErrorKind::kPermission, "not allowed to open " + where,
              "the socket is for all local users: check the permissions of its folder"};
    case QLocalSocket::ServerNotFoundError:
      return {ErrorKind::kAgentNotRunning, "no agent answers at " + where + ": there is no socket",
              "start it with: systemctl start rsipd"};
    default:
      return {ErrorKind::kAgentNotRunning, "no agent answers at " + where,
              "start it with: systemctl start rsipd"};
  }
}

}  // namespace

LineSocket::LineSocket(QString path, QObject* parent) : QObject(parent), path_(std::move(path)) {
  patience_.setSingleShot(true);
  connect(&patience_, &QTimer::timeout, this,
          [this] { end({ErrorKind::kTimeout, "the agent does not answer", "see its log"}); });
  connect(&socket_, &QLocalSocket::readyRead, this, &LineSocket::read);
  connect(&socket_, &QLocalSocket::disconnected, this, [this] {
    read();  // what it said before it went
    end({ErrorKind::kAgentNotRunning, "the agent ended", "see its log"});
  });
  connect(&socket_, &QLocalSocket::errorOccurred, this,
          [this](QLocalSocket::LocalSocketError error) {
            // While connected, "disconnected" follows, after what is left to read.
            if (socket_.state() != QLocalSocket::ConnectedState && !greeted_) {
              end(cannotConnect(path_, error));
            }
          });
}

LineSocket::~LineSocket() {
  socket_.disconnect(this);  // it tells of its end from its own destructor
}

void LineSocket::open(int patienceMs) {
  // Without a socket file Qt reports the error from inside connectToServer().
  QMetaObject::invokeMethod(
      this,
      [this, patienceMs] {
        if (over_) return;
        patience_.start(patienceMs);
        socket_.connectToServer(path_);
      },
      Qt::QueuedConnection);
}

void LineSocket::writeLine(const std::string& line) {
  socket_.write(QByteArray::fromStdString(line + '\n'));
}

void LineSocket::drain() {
  const QPointer<LineSocket> alive(this);
  while (alive && !over_ && socket_.waitForReadyRead(0)) read();
}

void LineSocket::read() {
  if (socket_.isOpen()) received_ += socket_.readAll();
  const QPointer<LineSocket> alive(this);
  qsizetype begin = 0;
  for (qsizetype end = 0; !over_ && (end = received_.indexOf('\n', begin)) >= 0; begin = end + 1) {
    take(received_.mid(begin, end - begin));
    if (!alive) return;
  }
  received_.remove(0, begin);
  if (!over_ && received_.size() > static_cast<qsizetype>(ipc::kMaxLineBytes)) {
    end({ErrorKind::kProtocol, "the agent sends a line without end", "see its log"});
  }
}

void LineSocket::take(const QByteArray& line) {
  if (greeted_) {
    emit lineArrived(line);
    return;
  }
  const auto hello =
      ipc::parse_hello(std::string_view(line.constData(), static_cast<std::size_t>(line.size())));
  if (!hello) return end(hello.error());
  greeted_ = true;
  patience_.stop();
  emit ready();
}

void LineSocket::end(const Error& why) {
  if (std::exchange(over_, true)) return;
  patience_.stop();
  received_.clear();
  emit over(why);
}

}  // namespace rsip::gui
