#include <gtest/gtest.h>

#include "tests/gateway/slp/advertisement.h"

namespace rsip::gateway {
namespace {

using slp::ErrorCode;

SlpAgentSettings settings() {
  SlpAgentSettings all;
  all.address = Ipv4Address::parse("10.1.0.1").value();
  all.service_address = all.address;
  all.service_port = 4455;
  all.scopes = {"DEFAULT", "hotel"};
  all.tunnel_types = {"IP-IP", "GRE"};
  all.ipsec_support = true;
  return all;
}

std::vector<std::uint8_t> bytes_of(slp::Body body, std::uint16_t xid = 77) {
  slp::Message message{{}, std::move(body)};
  message.header.xid = xid;
  message.header.language = "de";
  return slp::encode(message).value();
}

std::optional<slp::Message> ask(const slp::Body& body, Heard heard = Heard::kDatagram,
                                const SlpAgentSettings& with = settings()) {
  Advertisement advertisement(with);
  advertisement.set_load(30);
  const auto reply = advertisement.answer(bytes_of(body), heard);
  if (!reply) return std::nullopt;
  const auto message = slp::decode(*reply);
  EXPECT_TRUE(message);
  return *message;
}

slp::ServiceRequest request(const char* predicate = "", const char* scopes = "DEFAULT",
                            const char* type = "service:rsip", const char* responders = "") {
  return {responders, type, scopes, predicate, ""};
}

/// How many services are found.
std::size_t found(const slp::ServiceRequest& question, Heard heard = Heard::kDatagram) {
  const auto reply = ask(question, heard);
  return reply ? std::get<slp::ServiceReply>(reply->body).entries.size() : 0;
}

ErrorCode error_of(const slp::ServiceRequest& question) {
  return std::get<slp::ServiceReply>(ask(question)->body).error;
}

// G-47: the URL has the service type, address and port, and a lifetime.
TEST(SlpAdvertisement, AnswersWithItsUrl) {
  for (const Heard heard : {Heard::kDatagram, Heard::kMulticast, Heard::kStream}) {
    const auto reply = ask(request(), heard);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->header.xid, 77);
    EXPECT_EQ(reply->header.language, "de");
    EXPECT_EQ(std::get<slp::ServiceReply>(reply->body).entries,
              (std::vector<slp::UrlEntry>{{3600, "service:rsip://10.1.0.1:4455"}}));
  }
}

// G-47: the predicate is tried on the attributes of the template.
TEST(SlpAdvertisement, IsFoundByItsAttributes) {
  EXPECT_EQ(found(request("(tunnel-type=GRE)")), 1U);
  EXPECT_EQ(found(request("(&(transport=TCP)(ipsec-support=true)(load<=30))")), 1U);
  EXPECT_EQ(found(request("(tunnel-type=L2TP)")), 0U);
  EXPECT_EQ(found(request("(ike-support=*)")), 0U);
}

TEST(SlpAdvertisement, SaysByUnicastThatNothingFits) {
  const auto reply = ask(request("(tunnel-type=L2TP)"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<slp::ServiceReply>(reply->body), slp::ServiceReply());
}

// G-47: RFC 2608 section 7, nobody answers multicast to say no.
TEST(SlpAdvertisement, IsSilentToMulticastThatItCannotServe) {
  EXPECT_FALSE(ask(request("(tunnel-type=L2TP)"), Heard::kMulticast));
  EXPECT_FALSE(ask(request("((("), Heard::kMulticast));
  EXPECT_FALSE(ask(request("", "elsewhere"), Heard::kMulticast));
  EXPECT_FALSE(ask(request("", "DEFAULT", "service:printer"), Heard::kMulticast));
  EXPECT_FALSE(ask(request("", "DEFAULT", "service:directory-agent"), Heard::kMulticast));
}

TEST(SlpAdvertisement, SaysByUnicastWhatIsWrong) {
  EXPECT_EQ(error_of(request("(((")), ErrorCode::kParseError);
  EXPECT_EQ(error_of(request("", "elsewhere")), ErrorCode::kScopeNotSupported);
  EXPECT_EQ(error_of(request("", "")), ErrorCode::kScopeNotSupported);
  auto authenticated = request();
  authenticated.spi = "secret";
  EXPECT_EQ(error_of(authenticated), ErrorCode::kAuthenticationUnknown);
}

TEST(SlpAdvertisement, IsInEachOfItsScopes) {
  EXPECT_EQ(found(request("", "x,HOTEL")), 1U);
  EXPECT_EQ(found(request("", "hotels")), 0U);
}

TEST(SlpAdvertisement, IsSilentOnceItHasAnswered) {
  EXPECT_FALSE(ask(request("", "DEFAULT", "service:rsip", "10.1.0.9,10.1.0.1")));
  EXPECT_TRUE(ask(request("", "DEFAULT", "service:rsip", "10.1.0.11")));
  EXPECT_FALSE(ask(slp::AttributeRequest{"10.1.0.1", "service:rsip", "DEFAULT", "", ""}));
}

// G-47, G-48: all attributes of the template, with the load as it is now.
TEST(SlpAdvertisement, TellsItsAttributes) {
  const std::string url = "service:rsip://10.1.0.1:4455";
  const auto all = ask(slp::AttributeRequest{"", url, "DEFAULT", "", ""});
  ASSERT_TRUE(all);
  EXPECT_EQ(std::get<slp::AttributeReply>(all->body).attributes,
            "(tunnel-type=IP-IP,GRE),(transport=TCP),(ipsec-support=true),(load=30)");
  const auto load = ask(slp::AttributeRequest{"", "service:rsip", "DEFAULT", "LOAD", ""});
  EXPECT_EQ(std::get<slp::AttributeReply>(load->body).attributes, "(load=30)");
}

TEST(SlpAdvertisement, TellsNothingOfOthersServices) {
  const slp::AttributeRequest other{"", "service:rsip://10.1.0.2:4455", "DEFAULT", "", ""};
  EXPECT_EQ(std::get<slp::AttributeReply>(ask(other)->body), slp::AttributeReply());
  EXPECT_FALSE(ask(other, Heard::kMulticast));
  const slp::AttributeRequest elsewhere{"", "service:rsip", "elsewhere", "", ""};
  EXPECT_EQ(std::get<slp::AttributeReply>(ask(elsewhere)->body).error,
            ErrorCode::kScopeNotSupported);
}

// G-48: the template's range.
TEST(SlpAdvertisement, KeepsTheLoadWithinItsRange) {
  Advertisement advertisement(settings());
  EXPECT_EQ(advertisement.registration().attributes.find("load"), std::string::npos);
  advertisement.set_load(1000);
  EXPECT_NE(advertisement.registration().attributes.find("(load=100)"), std::string::npos);
  advertisement.set_load(-1);
  EXPECT_NE(advertisement.registration().attributes.find("(load=0)"), std::string::npos);
}

TEST(SlpAdvertisement, DescribesItsAgentAndItsTypes) {
  const auto agent =
      ask(request("(service-type=service:rsip)", "", "service:service-agent"), Heard::kMulticast);
  ASSERT_TRUE(agent);
  EXPECT_EQ(std::get<slp::ServiceAgentAdvert>(agent->body).url, "service:service-agent://10.1.0.1");
  EXPECT_EQ(std::get<slp::ServiceAgentAdvert>(agent->body).scopes, "DEFAULT,hotel");
  EXPECT_FALSE(ask(request("(service-type=service:lpr)", "", "service:service-agent")));
  const auto types = ask(slp::ServiceTypeRequest{"", true, "", "DEFAULT"}, Heard::kMulticast);
  ASSERT_TRUE(types);
  EXPECT_EQ(std::get<slp::ServiceTypeReply>(types->body).types, "service:rsip");
}

TEST(SlpAdvertisement, RegistersNobody) {
  const auto reply =
      ask(slp::ServiceRegistration{{60, "service:x://y"}, "service:x", "DEFAULT", ""});
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<slp::ServiceAcknowledge>(reply->body).error, ErrorCode::kMessageNotSupported);
}

TEST(SlpAdvertisement, AnswersNoReplies) {
  EXPECT_FALSE(ask(slp::ServiceReply()));
  EXPECT_FALSE(ask(slp::ServiceAcknowledge()));
  EXPECT_FALSE(ask(slp::DirectoryAdvert()));
}

TEST(SlpAdvertisement, AnswersGarbageByUnicastOnlyIfItIsARequest) {
  const Advertisement advertisement(settings());
  auto bytes = bytes_of(request());
  bytes.back() = 9;  // the last text is longer than the message
  const auto reply = advertisement.answer(bytes, Heard::kDatagram);
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<slp::ServiceReply>(slp::decode(*reply)->body).error, ErrorCode::kParseError);
  EXPECT_FALSE(advertisement.answer(bytes, Heard::kMulticast));
  EXPECT_FALSE(advertisement.answer({}, Heard::kDatagram));
  EXPECT_FALSE(advertisement.answer(std::vector<std::uint8_t>(100, 0xFF), Heard::kDatagram));
}

TEST(SlpAdvertisement, CutsADatagramAtWholeThingsAndSaysSo) {
  auto narrow = settings();
  narrow.max_datagram = 59;
  const slp::AttributeRequest attributes{"", "service:rsip", "DEFAULT", "", ""};
  const auto part = ask(attributes, Heard::kDatagram, narrow);
  ASSERT_TRUE(part);
  EXPECT_TRUE(part->header.overflow);
  EXPECT_EQ(std::get<slp::AttributeReply>(part->body).attributes, "(tunnel-type=IP-IP,GRE)");
  EXPECT_FALSE(ask(attributes, Heard::kStream, narrow)->header.overflow);
}

// G-47: what a directory agent gets, and how it goes.
TEST(SlpAdvertisement, IsRegisteredWithEverythingThatItAnswers) {
  const Advertisement advertisement(settings());
  EXPECT_EQ(advertisement.registration(),
            (slp::ServiceRegistration{{3600, "service:rsip://10.1.0.1:4455"},
                                      "service:rsip",
                                      "DEFAULT,hotel",
                                      "(tunnel-type=IP-IP,GRE),(transport=TCP),"
                                      "(ipsec-support=true)"}));
  EXPECT_EQ(advertisement.deregistration().entry.url, "service:rsip://10.1.0.1:4455");
}

}  // namespace
}  // namespace rsip::gateway
