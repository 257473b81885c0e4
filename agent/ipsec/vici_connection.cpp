#include "agent/ipsec/vici_connection.h"

#include <utility>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using Why = ViciEnd::Why;

constexpr std::chrono::seconds kWholeMessage{5};

Why why_not_connected(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  if (error == errc::no_such_file_or_directory || error == errc::connection_refused ||
      error == errc::not_a_directory) {
    return Why::kAbsent;
  }
  if (error == errc::permission_denied || error == errc::operation_not_permitted) {
    return Why::kRefused;
  }
  return Why::kTroubled;
}

/// Also if its handler is queued already.
void end_wait(asio::steady_timer& timer) {
  timer.expires_at(asio::steady_timer::time_point::max());
}

bool answers(vici::PacketType answer, vici::PacketType question) {
  using Type = vici::PacketType;
  if (question == Type::kRequest) {
    return answer == Type::kResponse || answer == Type::kUnknownCommand;
  }
  return answer == Type::kConfirmed || answer == Type::kUnknownEvent;
}

const char* what_to_do(Why why) {
  switch (why) {
    case Why::kAbsent:
      return "start strongSwan, and let it load the plugin vici";
    case Why::kRefused:
      return "run rsipd as root, or as charon.user or in charon.group of strongswan.conf";
    default:
      return "check that the socket is strongSwan's VICI socket";
  }
}

}  // namespace

void ViciConnection::open(const std::string& path, Limit limit) {
  limit_wait(timer_, limit, "charon does not take the connection");
  try {
    socket_.async_connect(
        path, [self = shared_from_this(), path](const error_code& e) { self->connected(e, path); });
  } catch (const boost::system::system_error& error) {
    fail(Why::kTroubled, "cannot reach charon at " + path + ": " + error.code().message(),
         "name a shorter path");
  }
}

void ViciConnection::connected(const error_code& error, const std::string& path) {
  if (closed_) return;
  end_wait(timer_);
  if (error) {
    const Why why = why_not_connected(error);
    return fail(why, "cannot reach charon at " + path + ": " + error.message(), what_to_do(why));
  }
  up_ = true;
  read_length();
  if (events_.up) events_.up();
  if (!closed_ && !asking_) send_front();
}

void ViciConnection::ask(vici::Packet question, Limit limit, Answer answer) {
  if (closed_) return;
  auto bytes = vici::encode(question);
  if (!bytes) return fail(Why::kTroubled, bytes.error().message);
  questions_.push_back({std::move(*bytes), question.type, limit, std::move(answer)});
  if (up_ && !asking_) send_front();
}

void ViciConnection::close() {
  closed_ = true;
  error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  stall_.cancel();
  questions_.clear();
}

void ViciConnection::send_front() {
  if (questions_.empty()) return;
  asking_ = true;
  limit_wait(timer_, questions_.front().limit, "charon does not answer");
  const auto bytes = std::make_shared<std::vector<std::uint8_t>>(questions_.front().bytes);
  // A failed write needs no word of its own: the read fails too, or the answer does not come.
  asio::async_write(socket_, asio::buffer(*bytes),
                    [self = shared_from_this(), bytes](const error_code&, std::size_t) {});
}

void ViciConnection::read_length() {
  asio::async_read(socket_, asio::buffer(length_),
                   [self = shared_from_this()](const error_code& error, std::size_t got) {
                     if (error) return self->end(error, got > 0);
                     std::size_t length = 0;
                     for (const std::uint8_t byte : self->length_) length = length << 8 | byte;
                     self->read_body(length);
                   });
}

void ViciConnection::read_body(std::size_t length) {
  if (closed_) return;
  if (length == 0 || length > vici::kMaxPacketBytes) {
    return fail(Why::kTroubled,
                "charon announces a VICI message of " + std::to_string(length) + " bytes",
                what_to_do(Why::kTroubled));
  }
  body_.resize(length);
  limit_wait(stall_, kWholeMessage, "charon does not end a message");
  asio::async_read(socket_, asio::buffer(body_),
                   [self = shared_from_this()](const error_code& error, std::size_t) {
                     if (error) return self->end(error, true);
                     if (self->closed_) return;
                     end_wait(self->stall_);
                     auto packet = vici::decode(self->body_);
                     if (!packet) {
                       return self->fail(Why::kTroubled, packet.error().message,
                                         what_to_do(Why::kTroubled));
                     }
                     self->take(std::move(*packet));
                     if (!self->closed_) self->read_length();
                   });
}

void ViciConnection::take(vici::Packet packet) {
  if (packet.type == vici::PacketType::kEvent) {
    if (events_.event) events_.event(std::move(packet));
    return;
  }
  if (!asking_ || !answers(packet.type, questions_.front().type)) {
    return fail(Why::kTroubled, "charon answers what was not asked", what_to_do(Why::kTroubled));
  }
  end_wait(timer_);
  const Answer answer = std::move(questions_.front().answer);
  questions_.pop_front();
  asking_ = false;
  if (answer) answer(std::move(packet));
  if (!closed_ && !asking_) send_front();
}

void ViciConnection::limit_wait(asio::steady_timer& timer, Limit limit, const char* what) {
  timer.expires_after(limit);
  timer.async_wait([weak = weak_from_this(), &timer, what, limit](const error_code& cancelled) {
    const auto self = weak.lock();
    if (cancelled || !self || self->closed_) return;
    // It may have been ended or set anew after this handler was queued.
    if (timer.expiry() > std::chrono::steady_clock::now()) return;
    self->fail(Why::kTroubled,
               std::string(what) + " within " + std::to_string(limit.count()) + " ms",
               "check whether charon hangs");
  });
}

void ViciConnection::end(const error_code& error, bool inside) {
  if (closed_) return;
  if (inside) return fail(Why::kTroubled, "charon closed its VICI socket within a message");
  if (error != asio::error::eof && error != asio::error::connection_reset) {
    return fail(Why::kTroubled, "lost connection to charon: " + error.message());
  }
  fail(Why::kGone, "charon closed its VICI socket");
}

void ViciConnection::fail(ViciEnd::Why why, std::string message, std::string hint) {
  if (closed_) return;
  close();
  const ErrorKind kind = why == Why::kRefused    ? ErrorKind::kPermission
                         : why == Why::kTroubled ? ErrorKind::kProtocol
                                                 : ErrorKind::kUnreachable;
  // A copy: it may destroy the owner of this.
  const auto down = events_.down;
  if (down) down({why, {kind, std::move(message), std::move(hint)}});
}

}  // namespace rsip::agent
