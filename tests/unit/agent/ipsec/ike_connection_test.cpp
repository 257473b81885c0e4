#include "agent/ipsec/ike_connection.h"

#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

const IkeEnd kEnd{{0xCB007101}, {{40000, 16}}, false};

IkeConnection office() {
  IkeConnection connection;
  connection.name = "office";
  connection.remote = {0xCB00710A};
  connection.local_id = "laptop@rsip";
  connection.remote_id = "office@rsip";
  connection.secret = "s3cret";
  connection.networks = {{{0x0A630000}, 24}};
  connection.inner = {0x0A090101};
  return connection;
}

const vici::Section& conn(const vici::Section& body) {
  return *body.section("rsip-office");
}

const vici::Section& child(const vici::Section& body) {
  return *conn(body).section("children")->section("office");
}

vici::Section::List list(const vici::Section& section, const std::string& name) {
  for (const vici::Entry& entry : section.entries) {
    if (entry.name == name) return std::get<vici::Section::List>(entry.value);
  }
  return {};
}

// H-213, H-215: who is who is said by names.
TEST(IkeConnectionTest, BeginsAtTheLeasedAddressAndStaysThere) {
  const auto body = load_conn(office(), kEnd);
  EXPECT_EQ(list(conn(body), "local_addrs"), vici::Section::List{"203.0.113.1"});
  EXPECT_EQ(list(conn(body), "remote_addrs"), vici::Section::List{"203.0.113.10"});
  EXPECT_EQ(conn(body).text("mobike"), "no");
  EXPECT_EQ(conn(body).text("encap"), "no");
  EXPECT_EQ(conn(body).section("local")->text("id"), "laptop@rsip");
  EXPECT_EQ(conn(body).section("remote")->text("id"), "office@rsip");
  EXPECT_EQ(conn(body).text("rekey_time"), "") << "only where cookies matter";
}

// H-237
TEST(IkeConnectionTest, RekeysBeforeThePeerWhereTheGatewayGoesByCookies) {
  IkeEnd end = kEnd;
  end.on_500 = true;
  EXPECT_EQ(conn(load_conn(office(), end)).text("rekey_time"), "50m");
}

TEST(IkeConnectionTest, TunnelBeginsAtItsInnerAddress) {
  const auto body = load_conn(office(), kEnd);
  EXPECT_EQ(list(child(body), "local_ts"), vici::Section::List{"10.9.1.1/32"});
  EXPECT_EQ(list(child(body), "remote_ts"), vici::Section::List{"10.99.0.0/24"});
}

// H-224, H-233: hosts of one address differ in their ports alone.
TEST(IkeConnectionTest, TransportKeepsToLeasedPorts) {
  auto connection = office();
  connection.transport = true;
  const auto body = load_conn(connection, kEnd);
  EXPECT_EQ(child(body).text("mode"), "transport");
  EXPECT_EQ(list(child(body), "local_ts"),
            (vici::Section::List{"dynamic[tcp/40000-40015]", "dynamic[udp/40000-40015]"}));
}

TEST(IkeConnectionTest, ComesBackByItselfIfItIsToBeThere) {
  auto connection = office();
  EXPECT_EQ(child(load_conn(connection, kEnd)).text("close_action"), "start");
  connection.start = false;
  EXPECT_EQ(child(load_conn(connection, kEnd)).text("close_action"), "");
}

TEST(IkeConnectionTest, SecretBelongsToBothNames) {
  const auto body = load_shared(office());
  EXPECT_EQ(body.text("data"), "s3cret");
  EXPECT_EQ(body.text("type"), "IKE");
  EXPECT_EQ(list(body, "owners"), (vici::Section::List{"laptop@rsip", "office@rsip"}));
}

}  // namespace
}  // namespace rsip::agent
