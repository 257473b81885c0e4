#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/ipsec/vici_message.h"
#include "common/base/result.h"

namespace rsip::agent {

/// How a connection to charon ended, or why there is none.
struct ViciEnd {
  enum class Why : std::uint8_t {
    kAbsent,    ///< Nobody listens.
    kRefused,   ///< No permission.
    kGone,      ///< Closed by charon between two messages: it has been stopped.
    kTroubled,  ///< Something went wrong.
  } why = Why::kTroubled;
  Error error;
};

struct ViciConnectionEvents {
  std::function<void()> up;
  std::function<void(vici::Packet event)> event;
  std::function<void(ViciEnd)> down;  ///< Once, not after close().
};

/// One connection to charon's VICI socket: one question at a time, events in between.
///
/// thread   the event loop's
class ViciConnection : public std::enable_shared_from_this<ViciConnection> {
 public:
  using Limit = std::chrono::milliseconds;
  /// Not called if the connection ends first.
  using Answer = std::function<void(vici::Packet)>;

  ViciConnection(boost::asio::io_context& io, ViciConnectionEvents events)
      : socket_(io), timer_(io), stall_(io), events_(std::move(events)) {}

  void open(const std::string& path, Limit limit);
  /// Asks when everything asked before has been answered. A question that is not answered within
  /// the limit ends the connection: a late answer would pass for that to the next.
  void ask(vici::Packet question, Limit limit, Answer answer);
  void close();

 private:
  struct Question {
    std::vector<std::uint8_t> bytes;
    vici::PacketType type;
    Limit limit;
    Answer answer;
  };
  using error_code = boost::system::error_code;

  void connected(const error_code& error, const std::string& path);
  void send_front();
  void read_length();
  void read_body(std::size_t length);
  void take(vici::Packet packet);
  void limit_wait(boost::asio::steady_timer& timer, Limit limit, const char* what);
  void end(const error_code& error, bool inside);
  void fail(ViciEnd::Why why, std::string message, std::string hint = {});

  boost::asio::local::stream_protocol::socket socket_;
  boost::asio::steady_timer timer_;  ///< For an answer.
  boost::asio::steady_timer stall_;  ///< For the rest of a message.
  ViciConnectionEvents events_;
  std::deque<Question> questions_;  ///< The first has been sent, if asking_.
  std::array<std::uint8_t, 4> length_{};
  std::vector<std::uint8_t> body_;
  bool up_ = false;
  bool asking_ = false;
  bool closed_ = false;
};

}  // namespace rsip::agent
