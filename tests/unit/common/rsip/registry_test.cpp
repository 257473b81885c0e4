#include "common/rsip/registry.h"

#include <string>

#include <gtest/gtest.h>

namespace rsip::msg {
namespace {

TEST(Registry, SpellsMessageTypesAsTheRfcDoes) {
  EXPECT_STREQ(to_string(MessageType::kAssignRequestRsapIp), "ASSIGN_REQUEST_RSAP-IP");
  EXPECT_STREQ(to_string(MessageType::kDeRegisterResponse), "DE-REGISTER_RESPONSE");
  EXPECT_STREQ(to_string(MessageType::kAssignResponseRsipsec), "ASSIGN_RESPONSE_RSIPSEC");
}

TEST(Registry, NamesExactlyTheAssignedMessageTypes) {
  for (int type = 0; type <= 255; ++type) {
    const bool assigned = (type >= 1 && type <= 17) || type == 22 || type == 23;
    EXPECT_EQ(std::string(to_string(static_cast<MessageType>(type))) != "?", assigned) << type;
  }
}

TEST(Registry, NamesExactlyTheAssignedParameterTypes) {
  for (int type = 0; type <= 255; ++type) {
    const bool assigned = (type >= 1 && type <= 12) || type == 22;
    EXPECT_EQ(std::string(to_string(static_cast<ParameterType>(type))) != "?", assigned) << type;
  }
}

// H-092: every error has its name
TEST(Registry, NamesExactlyTheAssignedErrors) {
  const auto in = [](int n, int first, int last) { return n >= first && n <= last; };
  for (int code = 0; code <= 500; ++code) {
    const bool assigned =
        in(code, 101, 106) || in(code, 201, 208) || in(code, 301, 315) || in(code, 401, 403);
    EXPECT_EQ(std::string(to_string(static_cast<ErrorCode>(code))) != "?", assigned) << code;
  }
}

TEST(Registry, PutsTheIpsecErrorsWhereRfc3104HasThem) {
  EXPECT_STREQ(to_string(static_cast<ErrorCode>(401)), "IPSEC_UNALLOWED");
  EXPECT_STREQ(to_string(static_cast<ErrorCode>(402)), "IPSEC_SPI_UNAVAILABLE");
  EXPECT_STREQ(to_string(static_cast<ErrorCode>(403)), "IPSEC_SPI_INUSE");
}

TEST(Registry, NamesTunnelsMethodsAndPoliciesAsTheConfigurationDoes) {
  EXPECT_STREQ(to_string(TunnelType::kIpIp), "ip-ip");
  EXPECT_STREQ(to_string(TunnelType::kGre), "gre");
  EXPECT_STREQ(to_string(TunnelType::kL2tp), "l2tp");
  EXPECT_STREQ(to_string(Method::kRsaIp), "rsa-ip");
  EXPECT_STREQ(to_string(Method::kRsapIp), "rsap-ip");
  EXPECT_STREQ(to_string(Method::kRsipsec), "rsipsec");
  EXPECT_STREQ(to_string(LocalFlowPolicy::kMicro), "micro");
  EXPECT_STREQ(to_string(RemoteFlowPolicy::kMacro), "macro");
  EXPECT_STREQ(to_string(RemoteFlowPolicy::kNone), "none");
}

TEST(Registry, HasAQuestionMarkForWhatIsNotAssigned) {
  EXPECT_STREQ(to_string(static_cast<TunnelType>(0)), "?");
  EXPECT_STREQ(to_string(static_cast<Method>(4)), "?");
  EXPECT_STREQ(to_string(static_cast<LocalFlowPolicy>(3)), "?");
  EXPECT_STREQ(to_string(static_cast<RemoteFlowPolicy>(4)), "?");
}

}  // namespace
}  // namespace rsip::msg
