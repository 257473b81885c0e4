#pragma once

#include <cstddef>
#include <cstdint>

/// The numbers that RFC 3103 (appendices A and B, section 8) and RFC 3104 (section 6,
/// appendices B and C) assign. The enumerators keep the RFC's values.
namespace rsip::msg {

inline constexpr std::uint8_t kVersion = 1;
inline constexpr std::uint16_t kDefaultControlPort = 4555;  // RFC 3103 section 12
inline constexpr std::size_t kHeaderBytes = 4;
inline constexpr std::size_t kMaxMessageBytes = 65535;
inline constexpr std::uint8_t kFirstPrivateType = 241;  // parameter types, RFC 3103 section 12

/// RFC 3103 appendix B, RFC 3104 appendix C.
enum class MessageType : std::uint8_t {
  kErrorResponse = 1,
  kRegisterRequest = 2,
  kRegisterResponse = 3,
  kDeRegisterRequest = 4,
  kDeRegisterResponse = 5,
  kAssignRequestRsaIp = 6,
  kAssignResponseRsaIp = 7,
  kAssignRequestRsapIp = 8,
  kAssignResponseRsapIp = 9,
  kExtendRequest = 10,
  kExtendResponse = 11,
  kFreeRequest = 12,
  kFreeResponse = 13,
  kQueryRequest = 14,
  kQueryResponse = 15,
  kListenRequest = 16,
  kListenResponse = 17,
  kAssignRequestRsipsec = 22,
  kAssignResponseRsipsec = 23,
};

/// RFC 3103 section 8; SPI from RFC 3104 section 6.2. 241-255 are for private use.
enum class ParameterType : std::uint8_t {
  kAddress = 1,
  kPorts = 2,
  kLeaseTime = 3,
  kClientId = 4,
  kBindId = 5,
  kTunnelType = 6,
  kMethod = 7,
  kError = 8,
  kFlowPolicy = 9,
  kIndicator = 10,
  kMessageCounter = 11,
  kVendorSpecific = 12,
  kSpi = 22,
};

enum class AddressType : std::uint8_t { kIpv4 = 1, kIpv4Netmask = 2, kIpv6 = 3, kFqdn = 4 };

enum class TunnelType : std::uint8_t { kIpIp = 1, kGre = 2, kL2tp = 3 };

enum class Method : std::uint8_t { kRsaIp = 1, kRsapIp = 2, kRsipsec = 3 };

enum class LocalFlowPolicy : std::uint8_t { kMacro = 1, kMicro = 2 };

enum class RemoteFlowPolicy : std::uint8_t { kMacro = 1, kMicro = 2, kNone = 3 };

/// Appendix A of RFC 3103 and appendix B of RFC 3104 (401-403; Wireshark's table is one off).
enum class ErrorCode : std::uint16_t {
  kUnknownError = 101,
  kUseTcp = 102,
  kFlowPolicyViolation = 103,
  kInternalServerError = 104,
  kMessageCounterRequired = 105,
  kUnsupportedRsipVersion = 106,
  kMissingParam = 201,
  kDuplicateParam = 202,
  kExtraParam = 203,
  kIllegalParam = 204,
  kBadParam = 205,
  kIllegalMessage = 206,
  kBadMessage = 207,
  kUnsupportedMessage = 208,
  kRegisterFirst = 301,
  kAlreadyRegistered = 302,
  kAlreadyUnregistered = 303,
  kRegistrationDenied = 304,
  kBadClientId = 305,
  kBadBindId = 306,
  kBadTunnelType = 307,
  kLocalAddrUnavailable = 308,
  kLocalAddrportUnavailable = 309,
  kLocalAddrInuse = 310,
  kLocalAddrportInuse = 311,
  kLocalAddrUnallowed = 312,
  kLocalAddrportUnallowed = 313,
  kRemoteAddrUnallowed = 314,
  kRemoteAddrportUnallowed = 315,
  kIpsecUnallowed = 401,
  kIpsecSpiUnavailable = 402,
  kIpsecSpiInuse = 403,
};

/// The RFC's own spelling, "ASSIGN_REQUEST_RSAP-IP"; "?" for a number that is not assigned.
const char* to_string(MessageType type);
const char* to_string(ParameterType type);
const char* to_string(ErrorCode code);
/// "ip-ip", "gre", "l2tp".
const char* to_string(TunnelType type);
/// "rsa-ip", "rsap-ip", "rsipsec".
const char* to_string(Method method);
/// "macro", "micro".
const char* to_string(LocalFlowPolicy policy);
/// "macro", "micro", "none".
const char* to_string(RemoteFlowPolicy policy);

}  // namespace rsip::msg
