#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

DecodeError error_of(std::string_view hex) {
  const auto message = decode(from_hex(hex));
  EXPECT_FALSE(message) << hex;
  return message ? DecodeError{} : message.error();
}

TEST(Decode, RefusesNothingAtAll) {
  EXPECT_EQ(error_of("").code, ErrorCode::kBadMessage);
}

TEST(Decode, JudgesTheVersionBeforeTheLength) {
  EXPECT_EQ(error_of("02").code, ErrorCode::kUnsupportedRsipVersion);
  EXPECT_EQ(error_of("02 02 0000").code, ErrorCode::kUnsupportedRsipVersion);
}

TEST(Decode, RefusesAnOverallLengthUnderTheHeader) {
  const auto error = error_of("01 02 0003");
  EXPECT_EQ(error.code, ErrorCode::kBadMessage);
  EXPECT_EQ(error.offset, 2U);
}

TEST(Decode, ReportsTheIdentifiersReadBeforeTheFault) {
  // EXTEND_REQUEST with a lease time of three bytes
  const auto error = error_of("01 0a 0018 04 0004 00000007 05 0004 00000009 03 0003 000001");
  EXPECT_EQ(error.code, ErrorCode::kBadParam);
  EXPECT_EQ(error.client, ClientId{7});
  EXPECT_EQ(error.bind, BindId{9});
  EXPECT_EQ(error.counter, std::nullopt);
  EXPECT_EQ(error.detail, "lease time: length is not 4");
}

TEST(Decode, ReportsACounterThatStandsBehindTheFault) {
  const auto error = error_of("01 0c 0012 04 0004 00000007 0b 0004 00000003");
  EXPECT_EQ(error.code, ErrorCode::kMissingParam);
  EXPECT_EQ(error.client, ClientId{7});
  EXPECT_EQ(error.counter, 3U);
}

TEST(Decode, ReportsTheIdentifiersOfAMessageItDoesNotKnow) {
  const auto error = error_of("01 12 0012 04 0004 00000007 0b 0004 00000003");
  EXPECT_EQ(error.code, ErrorCode::kIllegalMessage);
  EXPECT_EQ(error.client, ClientId{7});
  EXPECT_EQ(error.counter, 3U);
}

TEST(Decode, ReportsNoIdentifierThatIsMalformedAndTheFirstOfTwo) {
  EXPECT_EQ(error_of("01 04 000a 04 0003 000007").client, std::nullopt);
  EXPECT_EQ(error_of("01 04 0012 04 0004 00000007 04 0004 00000008").client, ClientId{7});
}

TEST(Decode, ReportsWhatWasReadBeforeAParameterThatRunsPastTheEnd) {
  const auto error = error_of("01 0c 0012 04 0004 00000007 05 0005 00000003");
  EXPECT_EQ(error.code, ErrorCode::kBadMessage);
  EXPECT_EQ(error.offset, 12U);
  EXPECT_EQ(error.client, ClientId{7});
  EXPECT_EQ(error.bind, std::nullopt);
}

// H-017, H-097: unknown vendors' content changes nothing else
TEST(Decode, KeepsVendorSpecificAndPrivateUseParametersInTheirOrder) {
  const auto message = decode(message_of(2,
                                         "ff 0001 01 0c 0004 0001 0002 0b 0004 00000005"
                                         "f1 0000 0c 0005 0003 0004 09"));
  ASSERT_TRUE(message);
  const Trailer expected{5, {{1, 2, {}}, {3, 4, {9}}}, {{255, {1}}, {241, {}}}};
  EXPECT_EQ(std::get<RegisterRequest>(*message).trailer, expected);
}

TEST(Decode, TakesExtensionsInsideAQueryTuple) {
  const auto message = decode(message_of(14,
                                         "04 0004 00000001 0a 0002 0001 f1 0000"
                                         "01 0005 01 0a010001"));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<QueryRequest>(*message).addresses.size(), 1U);
}

TEST(Decode, KeepsOffersThatWereAssignedAfterTheRfc) {
  const auto message = decode(message_of(3,
                                         "04 0004 00000001 03 0004 00000258 09 0002 0103"
                                         "07 0001 09 06 0001 08 06 0001 01"));
  ASSERT_TRUE(message);
  const auto& response = std::get<RegisterResponse>(*message);
  EXPECT_EQ(response.methods, std::vector{static_cast<Method>(9)});
  EXPECT_EQ(response.tunnels, (std::vector{static_cast<TunnelType>(8), TunnelType::kIpIp}));
  EXPECT_TRUE(decode(*encode(*message)) == *message);
}

TEST(Decode, TakesADontCareEndpointForNone) {
  const auto message = decode(message_of(7,
                                         "04 0004 00000001 05 0004 00000002 01 0001 01 01 0001 01"
                                         "02 0001 01 03 0004 00000258 06 0001 01 01 0001 01"));
  ASSERT_TRUE(message);
  EXPECT_EQ(std::get<AssignResponseRsaIp>(*message).endpoint, std::nullopt);
}

// zeros mean don't care
TEST(Decode, TakesAListOfZeroPortsForDontCare) {
  const auto message = decode(message_of(8,
                                         "04 0004 00000001 01 0001 01 02 0005 02 0000 0000"
                                         "01 0011 03 00000000000000000000000000000000"
                                         "02 0001 01"));
  ASSERT_TRUE(message);
  const auto& request = std::get<AssignRequestRsapIp>(*message);
  EXPECT_EQ(request.local_ports, Ports::dont_care(2));
  EXPECT_EQ(request.remote, Address(DontCare{}));
}

// ports that are not needed
TEST(Decode, TakesPortsOnOneSideOnlyInRsipsec) {
  const auto message = decode(message_of(22,
                                         "04 0004 00000001 01 0001 01 02 0003 01 1388 01 0001 01"
                                         "02 0000 16 0006 0001 00001000"));
  ASSERT_TRUE(message);
  const auto& request = std::get<AssignRequestRsipsec>(*message);
  EXPECT_EQ(request.local_ports, Ports::contiguous({5000, 1}));
  EXPECT_EQ(request.remote_ports, Ports::dont_need());
  EXPECT_EQ(request.spis, Spis::contiguous(4096, 1));
}

TEST(Decode, TakesAQueryWithTuplesInAnyOrder) {
  const auto message = decode(message_of(15,
                                         "04 0004 00000001"
                                         "0a 0002 0004 01 0005 01 09000000 01 0005 02 ff000000"
                                         "0a 0002 0001 01 0005 01 0a010001"
                                         "0b 0004 00000002"
                                         "0a 0002 0003 01 0005 01 09010001"));
  ASSERT_TRUE(message);
  const auto& response = std::get<QueryResponse>(*message);
  EXPECT_EQ(response.local_addresses, (std::vector<AddressTuple>{{Ipv4Address{0x0A010001}}}));
  EXPECT_EQ(response.remote_addresses, (std::vector<AddressTuple>{{Ipv4Address{0x09010001}}}));
  EXPECT_EQ(response.remote_networks.size(), 1U);
  EXPECT_EQ(response.trailer.counter, 2U);
}

}  // namespace
}  // namespace rsip::msg
