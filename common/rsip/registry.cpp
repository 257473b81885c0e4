#include "common/rsip/registry.h"

namespace rsip::msg {
namespace {

template <class Number>
struct Name {
  Number number;
  const char* text;
};

constexpr Name<MessageType> kMessageNames[] = {
    {MessageType::kErrorResponse, "ERROR_RESPONSE"},
    {MessageType::kRegisterRequest, "REGISTER_REQUEST"},
    {MessageType::kRegisterResponse, "REGISTER_RESPONSE"},
    {MessageType::kDeRegisterRequest, "DE-REGISTER_REQUEST"},
    {MessageType::kDeRegisterResponse, "DE-REGISTER_RESPONSE"},
    {MessageType::kAssignRequestRsaIp, "ASSIGN_REQUEST_RSA-IP"},
    {MessageType::kAssignResponseRsaIp, "ASSIGN_RESPONSE_RSA-IP"},
    {MessageType::kAssignRequestRsapIp, "ASSIGN_REQUEST_RSAP-IP"},
    {MessageType::kAssignResponseRsapIp, "ASSIGN_RESPONSE_RSAP-IP"},
    {MessageType::kExtendRequest, "EXTEND_REQUEST"},
    {MessageType::kExtendResponse, "EXTEND_RESPONSE"},
    {MessageType::kFreeRequest, "FREE_REQUEST"},
    {MessageType::kFreeResponse, "FREE_RESPONSE"},
    {MessageType::kQueryRequest, "QUERY_REQUEST"},
    {MessageType::kQueryResponse, "QUERY_RESPONSE"},
    {MessageType::kListenRequest, "LISTEN_REQUEST"},
    {MessageType::kListenResponse, "LISTEN_RESPONSE"},
    {MessageType::kAssignRequestRsipsec, "ASSIGN_REQUEST_RSIPSEC"},
    {MessageType::kAssignResponseRsipsec, "ASSIGN_RESPONSE_RSIPSEC"},
};

constexpr Name<ParameterType> kParameterNames[] = {
    {ParameterType::kAddress, "Address"},
    {ParameterType::kPorts, "Ports"},
    {ParameterType::kLeaseTime, "Lease Time"},
    {ParameterType::kClientId, "Client ID"},
    {ParameterType::kBindId, "Bind ID"},
    {ParameterType::kTunnelType, "Tunnel Type"},
    {ParameterType::kMethod, "RSIP Method"},
    {ParameterType::kError, "Error"},
    {ParameterType::kFlowPolicy, "Flow Policy"},
    {ParameterType::kIndicator, "Indicator"},
    {ParameterType::kMessageCounter, "Message Counter"},
    {ParameterType::kVendorSpecific, "Vendor Specific"},
    {ParameterType::kSpi, "SPI"},
};

constexpr Name<ErrorCode> kErrorNames[] = {
    {ErrorCode::kUnknownError, "UNKNOWN_ERROR"},
    {ErrorCode::kUseTcp, "USE_TCP"},
    {ErrorCode::kFlowPolicyViolation, "FLOW_POLICY_VIOLATION"},
    {ErrorCode::kInternalServerError, "INTERNAL_SERVER_ERROR"},
    {ErrorCode::kMessageCounterRequired, "MESSAGE_COUNTER_REQUIRED"},
    {ErrorCode::kUnsupportedRsipVersion, "UNSUPPORTED_RSIP_VERSION"},
    {ErrorCode::kMissingParam, "MISSING_PARAM"},
    {ErrorCode::kDuplicateParam, "DUPLICATE_PARAM"},
    {ErrorCode::kExtraParam, "EXTRA_PARAM"},
    {ErrorCode::kIllegalParam, "ILLEGAL_PARAM"},
    {ErrorCode::kBadParam, "BAD_PARAM"},
    {ErrorCode::kIllegalMessage, "ILLEGAL_MESSAGE"},
    {ErrorCode::kBadMessage, "BAD_MESSAGE"},
    {ErrorCode::kUnsupportedMessage, "UNSUPPORTED_MESSAGE"},
    {ErrorCode::kRegisterFirst, "REGISTER_FIRST"},
    {ErrorCode::kAlreadyRegistered, "ALREADY_REGISTERED"},
    {ErrorCode::kAlreadyUnregistered, "ALREADY_UNREGISTERED"},
    {ErrorCode::kRegistrationDenied, "REGISTRATION_DENIED"},
    {ErrorCode::kBadClientId, "BAD_CLIENT_ID"},
    {ErrorCode::kBadBindId, "BAD_BIND_ID"},
    {ErrorCode::kBadTunnelType, "BAD_TUNNEL_TYPE"},
    {ErrorCode::kLocalAddrUnavailable, "LOCAL_ADDR_UNAVAILABLE"},
    {ErrorCode::kLocalAddrportUnavailable, "LOCAL_ADDRPORT_UNAVAILABLE"},
    {ErrorCode::kLocalAddrInuse, "LOCAL_ADDR_INUSE"},
    {ErrorCode::kLocalAddrportInuse, "LOCAL_ADDRPORT_INUSE"},
    {ErrorCode::kLocalAddrUnallowed, "LOCAL_ADDR_UNALLOWED"},
    {ErrorCode::kLocalAddrportUnallowed, "LOCAL_ADDRPORT_UNALLOWED"},
    {ErrorCode::kRemoteAddrUnallowed, "REMOTE_ADDR_UNALLOWED"},
    {ErrorCode::kRemoteAddrportUnallowed, "REMOTE_ADDRPORT_UNALLOWED"},
    {ErrorCode::kIpsecUnallowed, "IPSEC_UNALLOWED"},
    {ErrorCode::kIpsecSpiUnavailable, "IPSEC_SPI_UNAVAILABLE"},
    {ErrorCode::kIpsecSpiInuse, "IPSEC_SPI_INUSE"},
};

constexpr Name<TunnelType> kTunnelNames[] = {
    {TunnelType::kIpIp, "ip-ip"}, {TunnelType::kGre, "gre"}, {TunnelType::kL2tp, "l2tp"}};

constexpr Name<Method> kMethodNames[] = {
    {Method::kRsaIp, "rsa-ip"}, {Method::kRsapIp, "rsap-ip"}, {Method::kRsipsec, "rsipsec"}};

constexpr Name<LocalFlowPolicy> kLocalNames[] = {{LocalFlowPolicy::kMacro, "macro"},
                                                 {LocalFlowPolicy::kMicro, "micro"}};

constexpr Name<RemoteFlowPolicy> kRemoteNames[] = {{RemoteFlowPolicy::kMacro, "macro"},
                                                   {RemoteFlowPolicy::kMicro, "micro"},
                                                   {RemoteFlowPolicy::kNone, "none"}};

template <class Number, std::size_t N>
const char* find(const Name<Number> (&names)[N], Number number) {
  for (const Name<Number>& name : names) {
    if (name.number == number) return name.text;
  }
  return "?";
}

}  // namespace

const char* to_string(MessageType type) {
  return find(kMessageNames, type);
}
const char* to_string(ParameterType type) {
  return find(kParameterNames, type);
}
const char* to_string(ErrorCode code) {
  return find(kErrorNames, code);
}
const char* to_string(TunnelType type) {
  return find(kTunnelNames, type);
}
const char* to_string(Method method) {
  return find(kMethodNames, method);
}
const char* to_string(LocalFlowPolicy policy) {
  return find(kLocalNames, policy);
}
const char* to_string(RemoteFlowPolicy policy) {
  return find(kRemoteNames, policy);
}

}  // namespace rsip::msg
