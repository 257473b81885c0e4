#pragma once

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "agent/discovery/slp_channel.h"
#include "common/base/ipv4.h"

namespace rsip::agent {

/// The first IPv4 address of a host name, or what a dotted quad says; none if there is none by
/// then. The lookup itself may go on in its own thread: nobody waits for it any more.
boost::asio::awaitable<std::optional<Ipv4Address>> look_up(std::string host, SlpTime until);

}  // namespace rsip::agent
