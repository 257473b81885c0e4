#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/rsip/codec.h"
#include "tests/unit/common/rsip/vector_file.h"

namespace rsip::msg {
namespace {

using testing::HasSubstr;

std::string refusal(const Message& message) {
  const auto bytes = encode(message);
  if (bytes) return "none";
  EXPECT_EQ(bytes.error().kind, ErrorKind::kOther);
  return bytes.error().message;
}

Message request_with(Ports local_ports) {
  return AssignRequestRsapIp{
      {1}, DontCare{}, std::move(local_ports), DontCare{}, Ports::dont_care(1), {}, {}, {}};
}

Message request_with(Address local, Address remote) {
  return AssignRequestRsaIp{{1}, std::move(local), std::move(remote), Ports::dont_care(1), {}, {},
                            {}};
}

Message request_with(Spis spis) {
  return AssignRequestRsipsec{
      {1}, DontCare{}, Ports::dont_need(), DontCare{}, Ports::dont_need(), std::move(spis), {},
      {},  {}};
}

TEST(Encode, PutsOptionalParametersInTheOrderOfTheBnf) {
  const AssignRequestRsaIp message{{1},          DontCare{},       DontCare{}, Ports::dont_care(1),
                                   LeaseTime(2), TunnelType::kGre, {3, {}, {}}};
  EXPECT_EQ(*encode(message), message_of(6,
                                         "04 0004 00000001 01 0001 01 01 0001 01 02 0001 01"
                                         "0b 0004 00000003 03 0004 00000002 06 0001 02"));
}

TEST(Encode, PutsExtensionsLast) {
  const FreeRequest message{{1}, {2}, {3, {{32473, 4, {0x55}}}, {{255, {}}}}};
  EXPECT_EQ(*encode(message), message_of(12,
                                         "04 0004 00000001 05 0004 00000002 0b 0004 00000003"
                                         "0c 0005 7ed9 0004 55 ff 0000"));
}

TEST(Encode, NamesTheMessageAndTheField) {
  EXPECT_EQ(refusal(request_with(Ports::dont_care(0))),
            "cannot encode ASSIGN_REQUEST_RSAP-IP: ports: count 0");
}

// H-084, H-086: a count of 1 to 255, no range past 65535
TEST(Encode, RefusesPortsThatCannotBeSaid) {
  EXPECT_THAT(refusal(request_with(Ports::dont_need())), HasSubstr("don't need outside RSIPSEC"));
  EXPECT_THAT(refusal(request_with(Ports::contiguous({0, 1}))), HasSubstr("port 0"));
  EXPECT_THAT(refusal(request_with(Ports::contiguous({65535, 2}))), HasSubstr("past 65535"));
  EXPECT_THAT(refusal(request_with(Ports::listed({80, 0}))), HasSubstr("port 0"));
  EXPECT_THAT(refusal(request_with(Ports{Form::kListed, 1, {80}})), HasSubstr("a list of one"));
  EXPECT_THAT(refusal(request_with(Ports{Form::kListed, 3, {80, 81}})), HasSubstr("as many"));
  EXPECT_THAT(refusal(request_with(Ports{Form::kDontCare, 1, {80}})), HasSubstr("as many"));
  EXPECT_THAT(refusal(request_with(Ports{Form::kContiguous, 1, {}})), HasSubstr("as many"));
  const Ports too_many = Ports::listed(std::vector<std::uint16_t>(256, 80));
  EXPECT_THAT(refusal(request_with(too_many)), HasSubstr("as many"));
}

// H-086: the largest that can be said
TEST(Encode, TakesTheLastPortAndTheLongestRangeAndList) {
  EXPECT_EQ(refusal(request_with(Ports::contiguous({65535, 1}))), "none");
  EXPECT_EQ(refusal(request_with(Ports::contiguous({65281, 255}))), "none");
  EXPECT_EQ(refusal(request_with(Ports::listed(std::vector<std::uint16_t>(255, 80)))), "none");
}

// H-226: a count of at least 1
TEST(Encode, RefusesSpisThatCannotBeSaid) {
  EXPECT_THAT(refusal(request_with(Spis::dont_care(0))), HasSubstr("count 0"));
  EXPECT_THAT(refusal(request_with(Spis{Form::kDontNeed, 0, {}})), HasSubstr("don't need"));
  EXPECT_THAT(refusal(request_with(Spis::contiguous(0xFFFFFFFF, 2))), HasSubstr("past"));
  EXPECT_THAT(refusal(request_with(Spis{Form::kListed, 1, {256}})), HasSubstr("a list of one"));
  EXPECT_THAT(refusal(request_with(Spis{Form::kListed, 2, {256}})), HasSubstr("as many"));
}

// H-081: no name as local address
TEST(Encode, RefusesAddressesThatHaveNoPlaceThere) {
  const Address ok = Ipv4Address{0x0A010001};
  EXPECT_THAT(refusal(request_with(Fqdn{"a.example"}, ok)), HasSubstr("local address"));
  EXPECT_THAT(refusal(request_with(Ipv4Netmask{0xFF000000}, ok)), HasSubstr("local address"));
  EXPECT_THAT(refusal(request_with(ok, Ipv4Netmask{0xFF000000})), HasSubstr("remote address"));
  EXPECT_THAT(refusal(request_with(Ipv4Address{0}, ok)), HasSubstr("all zero"));
  EXPECT_THAT(refusal(request_with(ok, Ipv6Address{})), HasSubstr("all zero"));
}

TEST(Encode, RefusesNamesThatAreNotNames) {
  EXPECT_THAT(refusal(request_with(DontCare{}, Fqdn{""})), HasSubstr("FQDN: empty"));
  EXPECT_THAT(refusal(request_with(DontCare{}, Fqdn{"a b"})), HasSubstr("printable"));
  EXPECT_THAT(refusal(request_with(DontCare{}, Fqdn{std::string("a\0", 2)})),
              HasSubstr("printable"));
  EXPECT_THAT(refusal(request_with(DontCare{}, Fqdn{std::string(256, 'a')})), HasSubstr("255"));
  EXPECT_EQ(refusal(request_with(DontCare{}, Fqdn{std::string(255, 'a')})), "none");
}

// H-150: no name for a network, netmasks in the netmask form
TEST(Encode, RefusesQueriesForWhatIsNoAddressOrNetwork) {
  const Address network = Ipv4Address{0x0A000000};
  const Address mask = Ipv4Netmask{0xFF000000};
  EXPECT_EQ(refusal(QueryRequest{{1}, {{network}}, {{network, mask}}, {}}), "none");
  EXPECT_THAT(refusal(QueryRequest{{1}, {{mask}}, {}, {}}), HasSubstr("queried address"));
  EXPECT_THAT(refusal(QueryRequest{{1}, {{DontCare{}}}, {}, {}}), HasSubstr("queried address"));
  EXPECT_THAT(refusal(QueryRequest{{1}, {}, {{Fqdn{"a.example"}, mask}}, {}}),
              HasSubstr("network"));
  EXPECT_THAT(refusal(QueryRequest{{1}, {}, {{network, network}}, {}}), HasSubstr("netmask form"));
  EXPECT_THAT(refusal(QueryRequest{{1}, {}, {{network, Ipv6Address{}}}, {}}), HasSubstr("family"));
}

// H-109: private parameters are 241-255
TEST(Encode, RefusesNumbersThatAreNotAssigned) {
  const auto tunnel = static_cast<TunnelType>(4);
  EXPECT_THAT(
      refusal(ListenRequest{
          {1}, DontCare{}, Ports::dont_care(1), DontCare{}, Ports::dont_care(1), {}, {tunnel}, {}}),
      HasSubstr("tunnel type"));
  EXPECT_THAT(refusal(RegisterResponse{{1}, {}, {}, {Method{}}, {}, {}}), HasSubstr("method"));
  EXPECT_THAT(refusal(RegisterResponse{{1}, {}, {LocalFlowPolicy{}, {}}, {}, {}, {}}),
              HasSubstr("local flow policy"));
  EXPECT_THAT(refusal(RegisterRequest{{{}, {}, {{240, {}}}}}), HasSubstr("under 241"));
}

TEST(Encode, RefusesAnEndpointThatIsDontCare) {
  EXPECT_THAT(refusal(AssignResponseRsaIp{{1},
                                          {2},
                                          DontCare{},
                                          DontCare{},
                                          Ports::dont_care(1),
                                          {},
                                          TunnelType::kIpIp,
                                          DontCare{},
                                          {}}),
              HasSubstr("tunnel endpoint"));
}

TEST(Encode, TakesAMessageOf65535BytesAndRefusesAByteMore) {
  constexpr std::size_t kRoom = 65535 - 4 - 3;
  EXPECT_EQ(encode(RegisterRequest{{{}, {}, {{241, std::vector<std::uint8_t>(kRoom)}}}})->size(),
            65535U);
  EXPECT_THAT(refusal(RegisterRequest{{{}, {}, {{241, std::vector<std::uint8_t>(kRoom + 1)}}}}),
              HasSubstr("longer than 65535 bytes"));
  EXPECT_THAT(refusal(RegisterRequest{{{}, {}, {{241, std::vector<std::uint8_t>(70000)}}}}),
              HasSubstr("longer than 65535 bytes"));
}

}  // namespace
}  // namespace rsip::msg
