#include "common/slp/service_url.h"

#include <gtest/gtest.h>

namespace rsip::slp {
namespace {

// H-243, A-10: the port is the URL's, here that of RFC 3105's own example.
TEST(ServiceUrl, NamesHostAndPort) {
  const auto url = ServiceUrl::parse("service:rsip://gateway.mydomain:4455");
  ASSERT_TRUE(url);
  EXPECT_EQ(*url, (ServiceUrl{"service:rsip", "gateway.mydomain", 4455}));
  EXPECT_EQ(url->print(), "service:rsip://gateway.mydomain:4455");
}

// H-243, A-10: nothing is made up where no port stands.
TEST(ServiceUrl, MayLeaveOutThePort) {
  const auto url = ServiceUrl::parse("SERVICE:RSIP://10.1.0.1");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->type, "service:rsip");
  EXPECT_EQ(url->host, "10.1.0.1");
  EXPECT_EQ(url->port, std::nullopt);
}

TEST(ServiceUrl, ReadsOverUserPathAndAttributes) {
  for (const char* text :
       {"service:rsip://me@gw:1/path", "service:rsip://gw:1;a=b", "service:rsip://gw:1/a@b:c"}) {
    const auto url = ServiceUrl::parse(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->host, "gw");
    EXPECT_EQ(url->port, 1);
  }
}

TEST(ServiceUrl, IsRefusedIfItIsBroken) {
  for (const char* text :
       {"", "gw:4455", "http://gw", "service:rsip:/gw", "service:rsip://", "service:rsip://:1",
        "service:rsip://gw:", "service:rsip://gw:0", "service:rsip://gw:65536",
        "service:rsip://gw:1x", "service:rsip://[2001:db8::1]:4455", "service:rsip://g w",
        "service:rsip://.gw", "service:rsip://-gw"}) {
    EXPECT_FALSE(ServiceUrl::parse(text)) << text;
  }
  EXPECT_FALSE(ServiceUrl::parse("service:rsip://" + std::string(254, 'a')));
}

}  // namespace
}  // namespace rsip::slp
