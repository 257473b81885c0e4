#include "agent/discovery/discovery.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/discovery/name_lookup.h"
#include "tests/unit/agent/discovery/slp_fixture.h"

namespace rsip::agent {
namespace {

using testing::ElementsAre;

class DiscoveryTest : public SlpFixture {
 protected:
  void SetUp() override {
    SlpFixture::SetUp();
    std::string name = testing::TempDir() + "discovery.XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override {
    std::filesystem::remove_all(root_);
    SlpFixture::TearDown();
  }

  void write_lease(const std::string& text) {
    std::filesystem::create_directories(root_ / "run/systemd/netif/leases");
    std::ofstream(root_ / "run/systemd/netif/leases/3") << text;
  }

  DiscoverySettings everything() {
    DiscoverySettings all;
    all.interface = "lan";
    all.interface_index = 3;
    all.dhcp_option = 224;
    all.root = root_;
    all.slp = settings();
    all.use_router = true;
    all.router = fakes::slp_address("10.1.0.8");
    return all;
  }

  std::vector<FoundGateway> search(const DiscoverySettings& settings) {
    std::optional<std::vector<FoundGateway>> result;
    Discovery discovery(io_);
    discovery.search(settings, [&](std::vector<FoundGateway> found, const std::string& trouble) {
      EXPECT_FALSE(result) << "told once";
      result = std::move(found);
      trouble_ = trouble;
    });
    run_until([&result] { return result.has_value(); });
    return result.value_or(std::vector<FoundGateway>());
  }

  static std::vector<std::string> sources(const std::vector<FoundGateway>& gateways) {
    std::vector<std::string> texts;
    for (const FoundGateway& gateway : gateways) {
      texts.push_back(gateway.source + " " + gateway.address.to_string());
    }
    return texts;
  }

  std::filesystem::path root_;
  std::string trouble_;
};

// H-026: DHCP before SLP before the default router; the next is asked if one knows nothing.
TEST_F(DiscoveryTest, GoesFromTheBestSourceToTheWorst) {
  start_gateway("10.1.0.1");
  write_lease("OPTION_224=0a010002\n");
  EXPECT_THAT(sources(search(everything())), ElementsAre("dhcp 10.1.0.2"));
  write_lease("");
  EXPECT_THAT(sources(search(everything())), ElementsAre("slp 10.1.0.1"));
  gateways_.clear();
  EXPECT_THAT(sources(search(everything())), ElementsAre("router 10.1.0.8"));
}

// H-026: the same order in a list of all.
TEST_F(DiscoveryTest, ListsWhatEachSourceKnowsOnce) {
  start_gateway("10.1.0.1", 2);
  start_gateway("10.1.0.2", 1);
  write_lease("OPTION_224=0a010001\n");
  auto all = everything();
  all.ask_all = true;
  EXPECT_THAT(sources(search(all)),
              ElementsAre("dhcp 10.1.0.1", "slp 10.1.0.2", "router 10.1.0.8"));
}

// H-252: what SLP found is marked, what the network's configuration says is not.
TEST_F(DiscoveryTest, MarksWhatAnybodyCouldHaveSaid) {
  start_gateway("10.1.0.1");
  write_lease("OPTION_224=0a010002\n");
  auto all = everything();
  all.ask_all = true;
  const auto found = search(all);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].trusted);
  EXPECT_FALSE(found[1].trusted);
  EXPECT_TRUE(found[2].trusted);
}

TEST_F(DiscoveryTest, UsesThePortThatIsSetWhereNoneIsNamed) {
  write_lease("OPTION_224=0a010002\n");
  auto all = everything();
  all.port = 4000;
  EXPECT_EQ(search(all).at(0).port, 4000);
}

// H-244: scope and directory agent by DHCP, unless they are configured.
TEST_F(DiscoveryTest, TakesScopesFromTheLease) {
  auto hotel = gateway_settings("10.1.0.1");
  hotel.scopes = {"hotel"};
  start_gateway(hotel);
  write_lease("OPTION_79=00686f74656c\n");
  auto all = everything();
  EXPECT_THAT(sources(search(all)), ElementsAre("slp 10.1.0.1"));
  all.slp.scopes = {"DEFAULT"};
  EXPECT_THAT(sources(search(all)), ElementsAre("router 10.1.0.8"));
}

// H-241: the directory agent that DHCP names is asked.
TEST_F(DiscoveryTest, TakesTheDirectoryAgentFromTheLease) {
  fakes::SlpDirectory directory(io_, "10.1.0.5");
  directory.registrations.push_back({{60, "service:rsip://10.1.0.3"}, "service:rsip", "", ""});
  write_lease("OPTION_78=000a010005\n");
  EXPECT_THAT(sources(search(everything())), ElementsAre("slp 10.1.0.3"));
}

TEST_F(DiscoveryTest, TakesTheRouterFromTheLeaseIfTheCallerKnowsNone) {
  write_lease("ROUTER=10.1.0.7\n");
  auto all = everything();
  all.router = std::nullopt;
  EXPECT_THAT(sources(search(all)), ElementsAre("router 10.1.0.7"));
  all.use_router = false;
  EXPECT_TRUE(search(all).empty());
}

TEST_F(DiscoveryTest, GoesOnIfSlpCannotBeSpoken) {
  auto all = everything();
  all.slp.network.local = fakes::slp_address("10.99.0.1");
  EXPECT_THAT(sources(search(all)), ElementsAre("router 10.1.0.8"));
  EXPECT_NE(trouble_.find("10.99.0.1"), std::string::npos);
}

TEST_F(DiscoveryTest, SaysNothingOnceItIsCancelled) {
  start_gateway("10.1.0.1");
  int told = 0;
  {
    Discovery discovery(io_);
    const auto count = [&told](const auto&, const auto&) { ++told; };
    discovery.search(everything(), count);
    run_for(Milliseconds(20));
    discovery.cancel();
    discovery.search(everything(), count);
    run_for(Milliseconds(20));
  }
  gateways_.clear();
  io_.restart();
  io_.run_for(std::chrono::seconds(3));
  EXPECT_TRUE(io_.stopped()) << "nothing is left to do";
  EXPECT_EQ(told, 0);
}

TEST_F(DiscoveryTest, GivesUpAnEarlierSearchForALaterOne) {
  start_gateway("10.1.0.1");
  int first = 0;
  int second = 0;
  Discovery discovery(io_);
  discovery.search(everything(), [&](const auto&, const auto&) { ++first; });
  run_for(Milliseconds(20));
  discovery.search(everything(), [&](const auto&, const auto&) { ++second; });
  run_until([&] { return second == 1; });
  EXPECT_EQ(first, 0);
}

TEST_F(DiscoveryTest, MaySearchAgainFromWithinTheAnswer) {
  int told = 0;
  Discovery discovery(io_);
  auto all = everything();
  all.use_slp = false;
  discovery.search(all, [&](const auto&, const auto&) {
    ++told;
    discovery.search(all, [&](const auto&, const auto&) { ++told; });
  });
  run_until([&] { return told == 2; });
}

TEST(NameLookup, KnowsAddressesAndNames) {
  boost::asio::io_context io;
  std::vector<std::string> found;
  for (const char* host : {"10.1.0.1", "localhost"}) {
    boost::asio::co_spawn(io,
                          look_up(host, std::chrono::steady_clock::now() + std::chrono::seconds(5)),
                          [&found](const std::exception_ptr&, std::optional<Ipv4Address> address) {
                            found.push_back(address ? address->to_string() : "none");
                          });
  }
  io.run();
  EXPECT_THAT(found, ElementsAre("10.1.0.1", "127.0.0.1"));
}

TEST(NameLookup, DoesNotWaitBeyondItsTime) {
  boost::asio::io_context io;
  bool done = false;
  boost::asio::co_spawn(io, look_up("localhost", std::chrono::steady_clock::now()),
                        [&done](const std::exception_ptr&, auto) { done = true; });
  while (!done) ASSERT_GT(io.run_one(), 0U);
}

}  // namespace
}  // namespace rsip::agent
