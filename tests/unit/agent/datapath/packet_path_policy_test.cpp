#include <gtest/gtest.h>

#include "agent/datapath/packet_path.h"
#include "agent/datapath/refusals.h"
#include "common/packet/checksum.h"
#include "tests/unit/agent/datapath/flow_map_fixture.h"
#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;
using namespace std::chrono_literals;

class PacketPathPolicyTest : public PathTest {
 protected:
  /// Leases of one port each for these remotes.
  void lease_for(const std::vector<Ipv4Address>& remotes, RemoteDetail detail) {
    std::vector<Binding> bindings{binding(1, {})};
    for (const Ipv4Address remote : remotes) {
      const auto number = static_cast<std::uint32_t>(bindings.size());
      bindings.push_back(
          binding(number + 1, {{static_cast<std::uint16_t>(5000 + number), 1}}, only(remote)));
    }
    FlowTable table = table_of(std::move(bindings), detail);
    table.generation = ++generation_;
    lease(std::move(table));
  }
  Bytes packet_to(Ipv4Address remote, std::uint8_t content = 0) const {
    return udp_packet(host_, {remote, 443}, {content});
  }
  /// What the stack was told.
  std::vector<Bytes> told() {
    std::vector<Bytes> packets;
    for (auto& written : tun_.take_written()) packets.push_back(std::move(written.bytes));
    return packets;
  }
  static void expect_prohibited(const Bytes& error, const Bytes& about) {
    const Tins::IP read = parsed(error);
    EXPECT_EQ(packet::sum(std::span(error).subspan(20)), 0xFFFF);
    EXPECT_EQ(read.src_addr(), parsed(about).dst_addr());
    EXPECT_EQ(read.dst_addr(), parsed(about).src_addr());
    EXPECT_EQ(read.rfind_pdu<Tins::ICMP>().type(), Tins::ICMP::DEST_UNREACHABLE);
    EXPECT_EQ(read.rfind_pdu<Tins::ICMP>().code(), 13);
    EXPECT_EQ(Bytes(error.begin() + 28, error.end()), about) << "as the application sent it";
  }
  std::uint64_t generation_ = 0;
  const Ipv4Address first_ = ip("198.51.100.1");
  const Ipv4Address second_ = ip("198.51.100.2");
  const Ipv4Address third_ = ip("198.51.100.3");
};

// H-072, H-073: the agent asks for the remotes it wants to reach, and waits with their packets.
TEST_F(PacketPathPolicyTest, PacketsWaitForTheLeaseThatNamesTheirRemote) {
  lease_for({}, RemoteDetail::kAddress);
  tun_.inject(packet_to(first_, 1));
  tun_.inject(packet_to(second_, 2));
  tun_.inject(packet_to(first_, 3));
  EXPECT_TRUE(send(packet_to(third_, 4)).empty());
  EXPECT_EQ(ports_wanted_, 1) << "one call for a batch";
  EXPECT_EQ(scopes_wanted_, (std::vector{only(first_), only(second_), only(third_)}));
  lease_for({first_}, RemoteDetail::kAddress);
  auto sent = underlay_.take_sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].back(), 1);
  EXPECT_EQ(sent[1].back(), 3);
  EXPECT_EQ(source_port(sent[0]), 5001);
  lease_for({first_, second_, third_}, RemoteDetail::kAddress);
  sent = underlay_.take_sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(source_port(sent[0]), 5002);
  EXPECT_EQ(source_port(sent[1]), 5003);
  EXPECT_EQ(all_drops(), 0U);
}

TEST_F(PacketPathPolicyTest, PacketsToServedRemotesPassThoseThatWait) {
  lease_for({first_}, RemoteDetail::kAddress);
  EXPECT_TRUE(send(packet_to(second_)).empty());
  EXPECT_EQ(send(packet_to(first_)).size(), 1U);
  EXPECT_EQ(send(packet_to(first_)).size(), 1U);
}

TEST_F(PacketPathPolicyTest, CallsAgainOnceASecondForTheRemotesThatStillWait) {
  lease_for({}, RemoteDetail::kAddressAndPort);
  send(packet_to(first_));
  EXPECT_EQ(scopes_wanted_, (std::vector{only({first_, 443})}));
  send(packet_to(second_));
  EXPECT_EQ(ports_wanted_, 2);
  send(packet_to(first_));
  EXPECT_EQ(ports_wanted_, 2);
  pass(1s);
  EXPECT_EQ(ports_wanted_, 3);
  EXPECT_EQ(scopes_wanted_, (std::vector{only({first_, 443}), only({second_, 443})}));
}

TEST_F(PacketPathPolicyTest, RefusedRemoteIsToldToTheApplicationAtOnce) {
  lease_for({}, RemoteDetail::kAddress);
  const Bytes syn = tcp_packet(host_, {first_, 443}, {},
                               [](auto&, Tins::TCP& tcp) { tcp.flags(Tins::TCP::SYN); });
  EXPECT_TRUE(send(syn).empty());
  EXPECT_TRUE(told().empty()) << "there is hope";
  FlowTable table = table_of({binding(1, {})}, RemoteDetail::kAddress);
  table.generation = 7;
  table.refused = {only(first_)};
  lease(table);
  EXPECT_EQ(drops(DropReason::kRemoteRefused), 1U);
  auto errors = told();
  ASSERT_EQ(errors.size(), 1U);
  expect_prohibited(errors[0], syn);
  send(packet_to(first_));
  errors = told();
  ASSERT_EQ(errors.size(), 1U);
  expect_prohibited(errors[0], packet_to(first_));
  EXPECT_EQ(ports_wanted_, 1);
}

TEST_F(PacketPathPolicyTest, ExhaustedLeaseThatCannotGrowIsToldToTheApplicationAtOnce) {
  lease(leased_ports({{5000, 1}}, false));
  send(packet_to(first_));
  const Bytes second = udp_packet(at("203.0.113.10", 40001), {first_, 443}, {});
  EXPECT_TRUE(send(second).empty());
  const auto errors = told();
  ASSERT_EQ(errors.size(), 1U);
  expect_prohibited(errors[0], second);
  EXPECT_EQ(drops(DropReason::kNoFreePort), 1U);
}

TEST_F(PacketPathPolicyTest, WaitInVainIsToldToTheApplication) {
  lease_for({}, RemoteDetail::kAddress);
  send(packet_to(first_, 9));
  for (int second = 0; second < 9; ++second) pass(1s);
  EXPECT_TRUE(told().empty());
  pass(1s);
  const auto errors = told();
  ASSERT_EQ(errors.size(), 1U);
  expect_prohibited(errors[0], packet_to(first_, 9));
}

TEST_F(PacketPathPolicyTest, ErrorsAreFewAndNeverAboutErrorsFragmentsOrGroups) {
  lease(leased_ports({}, false));
  for (std::uint32_t i = 0; i < 2 * Refusals::kPerSecond; ++i) send(packet_to(first_));
  EXPECT_EQ(told().size(), Refusals::kPerSecond);
  pass(1s);
  for (const Bytes& fragment : fragments_of(udp_packet(host_, server_, pattern(3000)), 1000)) {
    send(fragment);
  }
  EXPECT_EQ(told().size(), 1U) << "about the first";
  send(packet_to(ip("224.0.0.251")));
  send(packet_to(ip("255.255.255.255")));
  send(unreachable_packet(host_.address, server_.address, udp_packet(server_, host_, {1}), 28));
  EXPECT_TRUE(told().empty());
}

TEST_F(PacketPathPolicyTest, SuspendedFlowsAreHeldAndNothingIsSaidOrCalledFor) {
  lease(leased_ports({{5000, 4}}));
  send(udp_packet(host_, server_, {1}));
  const auto fragments = fragments_of(udp_packet(server_, mapped_, pattern(2000)), 1000);
  EXPECT_EQ(receive(fragments[0]).size(), 1U);
  FlowTable none{2, {}, {}, true};
  none.suspended = true;
  lease(none);
  EXPECT_TRUE(receive(fragments[1]).empty()) << "its first came while the port was leased";
  EXPECT_TRUE(receive(udp_packet(server_, mapped_, {1})).empty());
  EXPECT_TRUE(send(udp_packet(host_, server_, {2})).empty());
  EXPECT_TRUE(send(udp_packet(at("203.0.113.10", 40001), server_, {3})).empty());
  for (int second = 0; second < 5; ++second) pass(1s);
  EXPECT_TRUE(underlay_.take_sent().empty());
  EXPECT_EQ(ports_wanted_, 0);
  lease(leased_ports({{5000, 4}}, true, 3));
  const auto sent = underlay_.take_sent();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0], udp_packet(mapped_, server_, {2}));
  EXPECT_EQ(source_port(sent[1]), 5001);
  EXPECT_EQ(receive(udp_packet(server_, mapped_, {4})),
            std::vector<Bytes>{udp_packet(server_, host_, {4})});
}

TEST_F(PacketPathPolicyTest, SuspendedPacketsThatWaitTooLongVanishQuietly) {
  lease(leased_ports({{5000, 4}}, false));
  FlowTable none{2, {}, {}, false};
  none.suspended = true;
  lease(none);
  send(packet_to(first_));
  for (int second = 0; second < 11; ++second) pass(1s);
  EXPECT_EQ(drops(DropReason::kNoFreePort), 1U);
  EXPECT_TRUE(told().empty());
}

TEST_F(PacketPathPolicyTest, CallToAListeningPortArrivesAtTheServersPort) {
  lease(table_of({listening(1, 8080, 80)}));
  const Endpoint leased = at("203.0.113.10", 8080);
  const Endpoint server = at("203.0.113.10", 80);
  const auto flags = [](Tins::TCP::Flags set) {
    return [set](Tins::IP&, Tins::TCP& tcp) { tcp.flags(set); };
  };
  EXPECT_EQ(receive(tcp_packet(server_, leased, {}, flags(Tins::TCP::SYN))),
            std::vector<Bytes>{tcp_packet(server_, server, {}, flags(Tins::TCP::SYN))});
  const auto syn_ack = [](Tins::IP&, Tins::TCP& tcp) {
    tcp.flags(Tins::TCP::SYN | Tins::TCP::ACK);
  };
  EXPECT_EQ(send(tcp_packet(server, server_, {}, syn_ack)),
            std::vector<Bytes>{tcp_packet(leased, server_, {}, syn_ack)});
  EXPECT_EQ(receive(udp_packet(server_, leased, {1})),
            std::vector<Bytes>{udp_packet(server_, server, {1})});
}

TEST_F(PacketPathPolicyTest, UseOfBindingsIsReportedAsItChangesWithoutFurtherPackets) {
  lease(leased_ports({{5000, 4}}));
  EXPECT_FALSE(path_->binding_use(clock_.now()).at(0).in_use);
  send(udp_packet(host_, server_, {1}));
  pass(1s);
  EXPECT_TRUE(path_->binding_use(clock_.now()).at(0).in_use);
  // Only as often as the path itself wants to be tidied up.
  for (auto wait = path_->patience(); wait && *wait > Duration{}; wait = path_->patience()) {
    pass(*wait);
  }
  clock_.advance(1h);
  const BindingUse use = path_->binding_use(clock_.now()).at(0);
  EXPECT_FALSE(use.in_use);
  EXPECT_GT(use.idle, 1h - 10s);
}

}  // namespace
}  // namespace rsip::agent
