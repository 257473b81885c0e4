#pragma once

#include <chrono>
#include <cstdint>

#include "common/base/time.h"

namespace rsip::agent {

/// How long a flow lives without a packet. Sources: RFC 5382 REQ-5 (TCP), RFC 4787 REQ-5 (UDP),
/// RFC 5508 REQ-1 (ICMP).
inline constexpr Duration kTcpOpeningLife = std::chrono::seconds(130);  // all SYN retries of Linux
inline constexpr Duration kTcpEstablishedLife = std::chrono::minutes(124);
inline constexpr Duration kTcpClosingLife = std::chrono::minutes(4);
inline constexpr Duration kTcpClosedLife = std::chrono::seconds(3);  // a last FIN sent again
inline constexpr Duration kTcpResetLife = std::chrono::seconds(4);   // packets crossing the reset
inline constexpr Duration kUdpLife = std::chrono::minutes(2);
inline constexpr Duration kUdpAnsweredLife = std::chrono::minutes(5);
/// A resolver takes a new socket for each question. REQ-5 (a) allows less for well-known ports.
inline constexpr Duration kDnsAnsweredLife = std::chrono::seconds(10);
inline constexpr Duration kIcmpLife = std::chrono::seconds(60);

/// How long the far end may still remember a TCP connection that ended, and packets of any flow may
/// still be on their way (RFC 3102 section 6.1).
inline constexpr Duration kTimeWait = std::chrono::minutes(2);

/// Whose packet was the first.
enum class BegunBy : std::uint8_t { kHost, kRemote };

/// How far a flow is, for people.
enum class FlowState : std::uint8_t {
  kActive,  ///< A protocol without connections.
  kOpening,
  kEstablished,
  kClosing,
  kClosed,
};

/// Where a flow is in its life, judged by the packets that passed.
class FlowLife {
 public:
  explicit FlowLife(std::uint8_t protocol, std::uint16_t remote_port = 0,
                    BegunBy begun_by = BegunBy::kHost)
      : protocol_(protocol), remote_port_(remote_port), begun_by_(begun_by) {}

  /// tcp_flags   flags byte of the TCP header; 0 for other protocols
  void outbound(std::uint8_t tcp_flags);
  void inbound(std::uint8_t tcp_flags);

  [[nodiscard]] Duration idle_limit() const;
  /// The far end may keep the connection in TIME_WAIT after this flow.
  [[nodiscard]] bool leaves_time_wait() const;
  /// The remote began it and did not show that our packets reach it: its address may be forged.
  /// UDP has no way to show it.
  [[nodiscard]] bool unproven() const;
  [[nodiscard]] FlowState state() const;

 private:
  enum class Tcp : std::uint8_t { kOpening, kEstablished, kClosing, kClosed, kReset };
  [[nodiscard]] bool is_tcp() const;
  void inbound_of_caller(std::uint8_t tcp_flags);
  void inbound_in_course(std::uint8_t tcp_flags);
  void finish();

  std::uint8_t protocol_;
  std::uint16_t remote_port_;
  BegunBy begun_by_;
  Tcp tcp_ = Tcp::kOpening;
  bool sent_ = false;  ///< This host has sent something.
  bool answered_ =
      false;  ///< Whoever did not begin has; with a remote that began: it answered that.
  bool finished_out_ = false;
  bool finished_in_ = false;
};

}  // namespace rsip::agent
