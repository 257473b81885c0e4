#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

using SlpTime = std::chrono::steady_clock::time_point;

struct SlpDatagram {
  std::vector<std::uint8_t> bytes;
  boost::asio::ip::udp::endpoint source;
};

/// The UDP socket of a user agent: what it sends leaves by one interface, and each wait for an
/// answer has an end. Thread: the executor's. Keep it in a
/// shared_ptr: a timer that fires late must find out that it has gone.
class SlpChannel : public std::enable_shared_from_this<SlpChannel> {
 public:
  /// local   address of the interface, also for multicast
  /// mark    SO_MARK, 0: none
  /// errors  kPermission for the mark, kUnreachable if the address is none of this machine's
  static Result<std::shared_ptr<SlpChannel>> open(const boost::asio::any_io_executor& executor,
                                                  Ipv4Address local, std::uint32_t mark);

  explicit SlpChannel(const boost::asio::any_io_executor& executor)
      : socket_(executor), timer_(executor) {}

  /// Sends at once. A datagram that cannot be sent is one that is lost: it is sent again anyway.
  void send(std::span<const std::uint8_t> bytes, const boost::asio::ip::udp::endpoint& target);
  /// The next datagram; none once it is that late.
  boost::asio::awaitable<std::optional<SlpDatagram>> receive(SlpTime until);

 private:
  void cancel_at(SlpTime until);

  boost::asio::ip::udp::socket socket_;
  boost::asio::steady_timer timer_;
};

/// Asks over TCP and waits for the one answer: for what did not fit into a datagram (RFC 2608
/// section 7). None if there is no whole answer in time, or none that is SLP.
boost::asio::awaitable<std::optional<std::vector<std::uint8_t>>> ask_over_tcp(
    std::vector<std::uint8_t> request, boost::asio::ip::tcp::endpoint target, Ipv4Address local,
    std::uint32_t mark, SlpTime until);

}  // namespace rsip::agent
