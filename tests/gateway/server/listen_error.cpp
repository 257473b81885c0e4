#include "tests/gateway/server/listen_error.h"

#include <cerrno>

namespace rsip::gateway {

Error listen_error(const char* protocol, Ipv4Address address, std::uint16_t port,
                   const boost::system::error_code& error) {
  const std::string message =
      "cannot listen on " + address.to_string() + ":" + std::to_string(port) + ": ";
  switch (error.value()) {
    case EADDRINUSE:
      return {ErrorKind::kInUse, message + "the " + protocol + " port is in use",
              std::string("find out by what with: ss -lnp --") + protocol +
                  " sport = " + std::to_string(port)};
    case EACCES:
      return {ErrorKind::kPermission, message + "not permitted", "run it as root"};
    case EADDRNOTAVAIL:
      return {ErrorKind::kConfigInvalid, message + "the address is not one of this machine's",
              "listen has to be the gateway's address in the private network, see: ip address"};
    default:
      return {ErrorKind::kOther, message + error.message(), {}};
  }
}

}  // namespace rsip::gateway
