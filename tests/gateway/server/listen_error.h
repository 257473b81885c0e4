#pragma once

#include <boost/system/error_code.hpp>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::gateway {

/// Why nobody can be heard at an address and port.
///
/// protocol   "tcp" or "udp"
Error listen_error(const char* protocol, Ipv4Address address, std::uint16_t port,
                   const boost::system::error_code& error);

}  // namespace rsip::gateway
