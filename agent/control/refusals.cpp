#include "agent/control/refusals.h"

#include <string>

namespace rsip::agent {
namespace {

using msg::ErrorCode;

struct Explanation {
  ErrorCode code;
  ErrorKind kind;
  const char* words;
  const char* hint;
};

constexpr Explanation kExplanations[] = {
    {ErrorCode::kUseTcp, ErrorKind::kProtocol, "the gateway speaks TCP only",
     "set transport = \"tcp\""},
    {ErrorCode::kFlowPolicyViolation, ErrorKind::kProtocol,
     "the gateway's flow policy wants every remote address named", ""},
    {ErrorCode::kInternalServerError, ErrorKind::kProtocol, "the gateway has an internal fault",
     "ask its operator"},
    {ErrorCode::kMessageCounterRequired, ErrorKind::kProtocol,
     "the gateway wants a message counter, and each message has one",
     "report it to the gateway's maker"},
    {ErrorCode::kMissingParam, ErrorKind::kProtocol, "the gateway misses a parameter",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kDuplicateParam, ErrorKind::kProtocol, "the gateway finds a parameter twice",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kExtraParam, ErrorKind::kProtocol,
     "the gateway finds a parameter too many, even without the optional ones",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kIllegalParam, ErrorKind::kProtocol,
     "the gateway does not know a parameter, even without the optional ones",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kBadParam, ErrorKind::kProtocol, "the gateway finds a parameter malformed",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kBadMessage, ErrorKind::kProtocol, "the gateway finds a message malformed",
     "report it to the makers of both programs; the agent tries again in 5 minutes"},
    {ErrorCode::kIllegalMessage, ErrorKind::kProtocol,
     "the gateway does not accept this request from a host",
     "try the other method = \"rsap-ip\" | \"rsa-ip\""},
    {ErrorCode::kUnsupportedRsipVersion, ErrorKind::kProtocol,
     "the gateway does not speak RSIP version 1",
     "use another gateway; the agent tries this one again every hour"},
    {ErrorCode::kUnsupportedMessage, ErrorKind::kProtocol,
     "the gateway does not support this request",
     "try the other method = \"rsap-ip\" | \"rsa-ip\""},
    {ErrorCode::kRegistrationDenied, ErrorKind::kDenied,
     "the gateway refuses to register this host",
     "ask its operator to allow this host's address, or set secret_file if it wants hosts to "
     "authenticate themselves; the agent tries again every 5 minutes"},
    {ErrorCode::kBadTunnelType, ErrorKind::kProtocol, "the gateway refuses the tunnel type", ""},
    {ErrorCode::kLocalAddrUnavailable, ErrorKind::kNoResources,
     "the gateway has no public address left", "the agent tries again by itself"},
    {ErrorCode::kLocalAddrportUnavailable, ErrorKind::kNoResources,
     "the gateway has not enough public ports left", "ask for fewer (ports = ...) or try later"},
    {ErrorCode::kLocalAddrInuse, ErrorKind::kInUse, "the public address is in use by another host",
     ""},
    {ErrorCode::kLocalAddrportInuse, ErrorKind::kInUse,
     "the public ports are in use by another host", ""},
    {ErrorCode::kLocalAddrUnallowed, ErrorKind::kDenied,
     "the gateway does not allow this host that public address", ""},
    {ErrorCode::kLocalAddrportUnallowed, ErrorKind::kDenied,
     "the gateway does not allow this host that public port", ""},
    {ErrorCode::kRemoteAddrUnallowed, ErrorKind::kDenied,
     "the gateway does not allow that destination", ""},
    {ErrorCode::kRemoteAddrportUnallowed, ErrorKind::kDenied,
     "the gateway does not allow that destination port", ""},
    {ErrorCode::kIpsecUnallowed, ErrorKind::kDenied, "the gateway does not allow this host IPsec",
     "ask its operator to allow it; everything else goes on"},
    {ErrorCode::kIpsecSpiUnavailable, ErrorKind::kNoResources,
     "the gateway has not enough SPIs for IPsec left", "the agent asks again for fewer"},
    {ErrorCode::kIpsecSpiInuse, ErrorKind::kInUse, "the SPI is in use by another host", ""},
};

}  // namespace

Error explain(const msg::ErrorResponse& error) {
  const std::string name =
      std::string(msg::to_string(error.code())) + ", RSIP error " + std::to_string(error.error);
  for (const Explanation& row : kExplanations) {
    if (row.code == error.code()) {
      return {row.kind, std::string(row.words) + " (" + name + ")", row.hint};
    }
  }
  return {ErrorKind::kProtocol, "the gateway answered with an error (" + name + ")", ""};
}

}  // namespace rsip::agent
