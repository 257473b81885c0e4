#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "common/rsip/codec.h"
#include "tests/gateway/script/line_socket.h"
#include "tests/gateway/script/paced_sender.h"
#include "tests/gateway/script/script.h"

namespace rsip::gateway::script {

/// What a script needs of the gateway it runs in.
struct Gateway {
  PacedSender::Send send;
  std::function<std::vector<Ipv4Address>()> hosts;  ///< That are registered.
  std::function<Subject(Ipv4Address host)> subject;
  std::function<void(Ipv4Address host, const Act& act)> really;  ///< Frees and de-registers.
  std::function<TimePoint()> now;
};

/// Makes a gateway lie: puts rules between the engine and its hosts, from a file and, at any
/// moment, from a socket. All on the event loop.
class Driver {
 public:
  using Decoded = Result<msg::Message, msg::DecodeError>;

  Driver(boost::asio::io_context& io, Gateway gateway);

  /// errors   those of the file, and of its first line that is wrong, by number
  Result<void> load(const std::string& path);
  Result<void> listen(const std::string& path) { return socket_.listen(path); }
  void stop();

  /// One line of a script: adds a rule, or is done at once.
  Result<void> take(std::string_view line);
  /// The answers to send now; others are sent by the driver.
  ///
  /// serve   lets the engine have the request, and gives its answers
  std::vector<msg::Message> answer(Ipv4Address host, const Decoded& request,
                                   const std::function<std::vector<msg::Message>()>& serve);

 private:
  void do_now(const Line& line);

  Gateway gateway_;
  Script script_;
  PacedSender sender_;
  LineSocket socket_;
};

}  // namespace rsip::gateway::script
