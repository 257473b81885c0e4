#pragma once

#include <functional>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "common/base/result.h"
#include "tests/gateway/slp/advertisement.h"

namespace rsip::gateway {

/// Keeps the gateway registered with one directory agent (RFC 2608 section 6.1 and 8.3): until
/// stop(), renewed before its lifetime ends, and when something has changed.
class Registrar : public std::enable_shared_from_this<Registrar> {
 public:
  /// advertisement   must stay until stop() is over
  Registrar(const boost::asio::any_io_executor& executor, const SlpAgentSettings& settings,
            Ipv4Address directory_agent, std::shared_ptr<const Advertisement> advertisement);

  /// errors   kConfigInvalid if the address is none of this machine's
  Result<void> start();
  /// What is registered is out of date: told at most every load_interval.
  void changed();
  /// The directory agent has forgotten: tell it at once, if nothing is under way.
  void register_anew();
  /// De-registers, at the latest within a second, and then holds nothing any more.
  void stop();

 private:
  using Time = std::chrono::steady_clock::time_point;

  static boost::asio::awaitable<void> run(std::shared_ptr<Registrar> self);
  /// Whether the directory agent has acknowledged the message without error.
  boost::asio::awaitable<bool> tell(slp::Body body, std::vector<std::chrono::milliseconds> waits);
  boost::asio::awaitable<std::optional<bool>> wait_for_acknowledgement(std::uint16_t xid,
                                                                       Time until);
  boost::asio::awaitable<void> rest(bool registered);
  [[nodiscard]] Time next_registration(bool registered, Time last) const;

  SlpAgentSettings settings_;
  boost::asio::ip::udp::endpoint directory_agent_;
  std::shared_ptr<const Advertisement> advertisement_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::steady_timer answer_timer_;  ///< Ends a wait for an answer.
  boost::asio::steady_timer rest_timer_;    ///< Ends the rest between two registrations.
  std::uint16_t xid_ = 0;
  bool changed_ = false;
  bool forgotten_ = false;
  bool stopping_ = false;
};

}  // namespace rsip::gateway
