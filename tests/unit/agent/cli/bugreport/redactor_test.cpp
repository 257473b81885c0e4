#include "agent/cli/bugreport/redactor.h"

#include <gtest/gtest.h>

namespace rsip::cli::bugreport {
namespace {

std::string redacted(const std::string& text) {
  return Redactor().redact(text);
}

TEST(Redactor, GivesOneAddressOneNameEverywhere) {
  Redactor redactor;
  EXPECT_EQ(redactor.redact("inet 203.0.113.10/32, 198.51.100.7:443"),
            "inet address-1/32, address-2:443");
  EXPECT_EQ(redactor.redact("to=198.51.100.7 from 203.0.113.10."), "to=address-2 from address-1.");
  EXPECT_EQ(redactor.counts(), (std::map<std::string, std::size_t>{{"address", 2}}));
}

TEST(Redactor, LeavesWhatIsPrivateOrSaysNothing) {
  for (const std::string text :
       {"10.1.0.1", "172.16.9.9", "192.168.1.1:53", "100.64.0.1", "169.254.1.1", "127.0.0.1",
        "0.0.0.0/0", "255.255.255.0", "224.0.0.1", "::1", "fe80::/64", "ff00::/8",
        "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Redactor, ReplacesAddressesOfIPv6AndOfLinks) {
  EXPECT_EQ(redacted("inet6 2001:db8::1/64 via fe80::5054:ff:fe12:3456"),
            "inet6 address-1/64 via address-2");
  EXPECT_EQ(redacted("fd00:1::1"), "address-1");
  EXPECT_EQ(redacted("link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff"),
            "link/ether mac-1 brd ff:ff:ff:ff:ff:ff");
}

TEST(Redactor, FindsAnAddressBehindAColon) {
  EXPECT_EQ(redacted("::ffff:203.0.113.10"), "::ffff:address-1");
  EXPECT_EQ(redacted("1:203.0.113.10:443"), "1:address-1:443");
}

TEST(Redactor, TakesNoVersionTimeOrNumberForAnAddress) {
  for (const std::string text : {"Linux 6.18.44-fc", "nftables v1.0.6", "2026-11-24T15:04:05Z",
                                 "rsip 0.1.0", "mark 0x11cb", "300.1.1.1", "dead beef", "a.b:c"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(Redactor, ReplacesNamesThatStandAlone) {
  Redactor redactor;
  redactor.learn("ann", "user");
  redactor.learn("anns-laptop", "host");
  EXPECT_EQ(redactor.redact("/home/ann on anns-laptop, annotated \"ann\""),
            "/home/user-1 on host-1, annotated \"user-1\"");
}

TEST(Redactor, CountsOnlyWhatItReplaced) {
  Redactor redactor;
  redactor.learn("nobody-here", "user");
  redactor.redact("nothing");
  EXPECT_TRUE(redactor.counts().empty());
}

TEST(Redactor, LeavesWordsThatEveryReportHas) {
  Redactor redactor;
  redactor.learn("debian", "host");
  redactor.learn("pc", "host");
  EXPECT_EQ(redactor.redact("ID=debian pc"), "ID=debian pc");
}

}  // namespace
}  // namespace rsip::cli::bugreport
