#include "agent/discovery/offer.h"

#include <set>

#include <gtest/gtest.h>

#include "common/slp/predicate.h"

namespace rsip::agent {
namespace {

GatewayOffer offer_of(const char* attributes) {
  return read_offer(slp::AttributeList::parse(attributes).value());
}

GatewayWishes any() {
  return {{}, std::nullopt, false};
}

bool found_by(const GatewayWishes& wishes, const char* attributes) {
  const auto predicate = slp::Predicate::parse(predicate_for(wishes)).value();
  return predicate.matches(slp::AttributeList::parse(attributes).value());
}

FoundGateway with_load(std::uint32_t address, std::optional<int> load) {
  FoundGateway gateway;
  gateway.address = Ipv4Address{address};
  gateway.load = load;
  return gateway;
}

std::vector<std::uint32_t> order(std::vector<FoundGateway> gateways, std::uint32_t seed,
                                 const GatewayWishes& wishes = any()) {
  rank(gateways, wishes, seed);
  std::vector<std::uint32_t> addresses;
  for (const FoundGateway& gateway : gateways) addresses.push_back(gateway.address.value);
  return addresses;
}

// H-248: the template's default and all its values.
TEST(GatewayOffer, HasTheTemplatesTunnelTypes) {
  EXPECT_EQ(offer_of("").tunnels, std::vector{OfferedTunnel::kIpIp});
  EXPECT_EQ(offer_of("(tunnel-type=none,l2tp,GRE,ip-ip)").tunnels,
            (std::vector{OfferedTunnel::kIpIp, OfferedTunnel::kGre, OfferedTunnel::kL2tp,
                         OfferedTunnel::kNone}));
  EXPECT_TRUE(offer_of("(tunnel-type=VXLAN)").tunnels.empty());
}

// H-249: TCP, UDP or both; TCP if nothing is said.
TEST(GatewayOffer, HasTheTemplatesTransports) {
  EXPECT_EQ(offer_of("").transports, std::vector{OfferedTransport::kTcp});
  EXPECT_EQ(offer_of("(transport=UDP)").transports, std::vector{OfferedTransport::kUdp});
  EXPECT_EQ(offer_of("(TRANSPORT=udp,tcp)").transports.size(), 2U);
}

// H-250: absent means unknown.
TEST(GatewayOffer, DoesNotTakeSilenceAboutIpsecForNo) {
  EXPECT_EQ(offer_of("").ipsec, std::nullopt);
  EXPECT_EQ(offer_of("").ike, std::nullopt);
  EXPECT_EQ(offer_of("(ipsec-support=false),(ike-support=TRUE)").ipsec, false);
  EXPECT_EQ(offer_of("(ipsec-support=false),(ike-support=TRUE)").ike, true);
  EXPECT_TRUE(meets(offer_of(""), {{}, std::nullopt, true}));
  EXPECT_FALSE(meets(offer_of("(ipsec-support=false)"), {{}, std::nullopt, true}));
}

// H-242, H-248: the query of RFC 3105 section 4, with the tunnel type in it.
TEST(GatewayPredicate, AsksForTheTunnelTypeByDefault) {
  EXPECT_EQ(predicate_for({}), "(|(tunnel-type=IP-IP)(!(tunnel-type=*)))");
}

// H-242: all wishes in one predicate.
TEST(GatewayPredicate, AsksForEverythingWished) {
  EXPECT_EQ(
      predicate_for({{OfferedTunnel::kGre, OfferedTunnel::kL2tp}, OfferedTransport::kUdp, true}),
      "(&(|(tunnel-type=GRE)(tunnel-type=L2TP))(transport=UDP)"
      "(|(ipsec-support=true)(!(ipsec-support=*))))");
  EXPECT_EQ(predicate_for(any()), "");
}

// H-249, H-250: what is missing stands for its default, or for unknown.
TEST(GatewayPredicate, FindsGatewaysThatLeaveAttributesOut) {
  EXPECT_TRUE(found_by({{OfferedTunnel::kIpIp}, OfferedTransport::kTcp, true}, ""));
  EXPECT_FALSE(found_by({{OfferedTunnel::kGre}, std::nullopt, false}, ""));
  EXPECT_FALSE(found_by({{}, OfferedTransport::kUdp, false}, ""));
  EXPECT_FALSE(found_by({{}, OfferedTransport::kTcp, false}, "(transport=UDP)"));
  EXPECT_FALSE(found_by({{}, std::nullopt, true}, "(ipsec-support=false)"));
}

TEST(GatewayOffer, MeetsWishesAsThePredicateSays) {
  for (const char* attributes :
       {"", "(tunnel-type=GRE)", "(transport=UDP)", "(transport=UDP,TCP),(ipsec-support=false)",
        "(tunnel-type=IP-IP,GRE),(ipsec-support=true)"}) {
    for (const GatewayWishes& wishes :
         {GatewayWishes{}, GatewayWishes{{OfferedTunnel::kGre}, OfferedTransport::kUdp, false},
          GatewayWishes{{}, OfferedTransport::kTcp, true}}) {
      EXPECT_EQ(meets(offer_of(attributes), wishes), found_by(wishes, attributes)) << attributes;
    }
  }
}

TEST(GatewayOffer, IsUsedOverTheTransportWishedFor) {
  EXPECT_EQ(choose_transport(offer_of("(transport=TCP,UDP)"), {{}, OfferedTransport::kUdp, false}),
            OfferedTransport::kUdp);
  EXPECT_EQ(choose_transport(offer_of("(transport=UDP)"), any()), OfferedTransport::kUdp);
}

// H-246, H-247: the least load first, whatever its scale; gateways that do not say theirs last.
TEST(GatewayRank, GoesByLoad) {
  EXPECT_EQ(
      order({with_load(1, std::nullopt), with_load(2, 1700), with_load(3, 0), with_load(4, 30)}, 7),
      (std::vector<std::uint32_t>{3, 4, 2, 1}));
}

// H-246: ties are broken at random, and the same way for the same seed.
TEST(GatewayRank, BreaksTiesAtRandom) {
  const std::vector<FoundGateway> equal = {with_load(1, 5), with_load(2, 5), with_load(3, 5)};
  std::set<std::uint32_t> first;
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(order(equal, seed), order(equal, seed));
    first.insert(order(equal, seed).front());
  }
  EXPECT_EQ(first.size(), 3U);
}

// H-250: a gateway that says it can do IPsec goes before one that does not say.
TEST(GatewayRank, PrefersCertaintyAboutIpsecIfItIsWished) {
  auto certain = with_load(1, 90);
  certain.ipsec = true;
  EXPECT_EQ(order({with_load(2, 1), certain}, 0, {{}, std::nullopt, true}),
            (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(order({with_load(2, 1), certain}, 0), (std::vector<std::uint32_t>{2, 1}));
}

}  // namespace
}  // namespace rsip::agent
