#include "agent/datapath/flow_life.h"

#include "common/packet/transport_header.h"

namespace rsip::agent {

using packet::kTcpAck;
using packet::kTcpFin;
using packet::kTcpRst;
using packet::kTcpSyn;
using packet::Protocol;

namespace {

constexpr std::uint16_t kDnsPort = 53;

bool is_syn(std::uint8_t tcp_flags) {
  return (tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
}

}  // namespace

bool FlowLife::is_tcp() const {
  return protocol_ == static_cast<std::uint8_t>(Protocol::kTcp);
}

void FlowLife::outbound(std::uint8_t tcp_flags) {
  sent_ = true;
  if (!is_tcp()) {
    if (begun_by_ == BegunBy::kRemote) answered_ = true;
  } else if ((tcp_flags & kTcpRst) != 0) {
    tcp_ = Tcp::kReset;
  } else if (is_syn(tcp_flags) && tcp_ >= Tcp::kClosing) {
    *this = FlowLife(protocol_, remote_port_);  // a new connection between the same two sockets
  } else if ((tcp_flags & kTcpFin) != 0) {
    finished_out_ = true;
    finish();
  } else if (tcp_ == Tcp::kReset) {
    // The other side did not believe the reset, or it was forged (RFC 7857 section 2.2).
    tcp_ = Tcp::kClosing;
  }
}

void FlowLife::inbound(std::uint8_t tcp_flags) {
  if (!is_tcp()) {
    if (begun_by_ == BegunBy::kHost) answered_ = true;
  } else if ((tcp_flags & kTcpRst) != 0) {
    tcp_ = Tcp::kReset;
  } else if (begun_by_ == BegunBy::kRemote) {
    inbound_of_caller(tcp_flags);
  } else {
    inbound_in_course(tcp_flags);
  }
}

// A caller that answers what we sent, and not merely calls again, is where it says it is.
void FlowLife::inbound_of_caller(std::uint8_t tcp_flags) {
  if (is_syn(tcp_flags)) {
    if (tcp_ >= Tcp::kClosing) *this = FlowLife(protocol_, remote_port_, begun_by_);
  } else if (tcp_ != Tcp::kOpening || sent_) {
    inbound_in_course(tcp_flags);
  }
}

void FlowLife::inbound_in_course(std::uint8_t tcp_flags) {
  answered_ = true;
  if ((tcp_flags & kTcpFin) != 0) {
    finished_in_ = true;
    finish();
  } else if (tcp_ == Tcp::kOpening) {
    tcp_ = Tcp::kEstablished;
  } else if (tcp_ == Tcp::kReset) {
    tcp_ = Tcp::kClosing;
  }
}

void FlowLife::finish() {
  tcp_ = finished_in_ && finished_out_ ? Tcp::kClosed : Tcp::kClosing;
}

Duration FlowLife::idle_limit() const {
  if (protocol_ == static_cast<std::uint8_t>(Protocol::kIcmp)) return kIcmpLife;
  if (!is_tcp()) {
    if (!answered_) return kUdpLife;
    return remote_port_ == kDnsPort ? kDnsAnsweredLife : kUdpAnsweredLife;
  }
  switch (tcp_) {
    case Tcp::kOpening:
      return kTcpOpeningLife;
    case Tcp::kEstablished:
      return kTcpEstablishedLife;
    case Tcp::kClosing:
      return kTcpClosingLife;
    case Tcp::kClosed:
      return kTcpClosedLife;
    case Tcp::kReset:
      break;
  }
  return kTcpResetLife;
}

FlowState FlowLife::state() const {
  if (!is_tcp()) return FlowState::kActive;
  switch (tcp_) {
    case Tcp::kOpening:
      return FlowState::kOpening;
    case Tcp::kEstablished:
      return FlowState::kEstablished;
    case Tcp::kClosing:
      return FlowState::kClosing;
    default:
      return FlowState::kClosed;
  }
}

bool FlowLife::leaves_time_wait() const {
  // A connection that was refused or never answered leaves nothing behind.
  return is_tcp() && answered_;
}

bool FlowLife::unproven() const {
  return begun_by_ == BegunBy::kRemote && (!is_tcp() || !answered_);
}

}  // namespace rsip::agent
