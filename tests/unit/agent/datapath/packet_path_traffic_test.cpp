#include <gtest/gtest.h>

#include "tests/unit/agent/datapath/path_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

/// What a path writes into the book of its leases.
class PacketPathTraffic : public PathTest {
 protected:
  PacketPathTraffic() {
    path_ = std::make_unique<PacketPath>(
        tun_, underlay_, [](const std::vector<RemoteScope>&) {}, nullptr, book_);
  }
  [[nodiscard]] FlowTable two_leases(std::uint64_t generation = 1) const {
    FlowTable table = leased_ports({{5000, 1}}, false, generation);
    table.bindings.push_back({BindId{2}, ip("203.0.113.10"), false, {{6000, 1}}});
    return table;
  }

  std::shared_ptr<TrafficBook> book_ = std::make_shared<TrafficBook>();
  const Endpoint own_ = at("203.0.113.10", 6000);
};

TEST_F(PacketPathTraffic, CountsForTheLeaseWhosePortAPacketHas) {
  lease(two_leases());
  send(udp_packet(at("203.0.113.10", 5000), server_, pattern(40)));
  send(udp_packet(own_, server_, pattern(10)));
  receive(udp_packet(server_, own_, pattern(50)));
  pass(std::chrono::seconds(1));
  const TrafficBook::Traffic expected{{BindId{1}, {1, 68, 0, 0}}, {BindId{2}, {1, 38, 1, 78}}};
  EXPECT_EQ(book_->take(), expected);
  EXPECT_TRUE(book_->take().empty());
}

TEST_F(PacketPathTraffic, CountsASuperPacketAsTheWirePacketsThatItBecomes) {
  lease(leased_ports({{5000, 32}}));
  send(with_partial_checksum(tcp_packet(host_, server_, pattern(50000))),
       packet::Offload{true, 20, 16, packet::Segmentation::kTcp4, 1440, 40, false});
  pass(std::chrono::seconds(1));
  const BindingTraffic moved = book_->take()[BindId{1}];
  EXPECT_EQ(moved.sent_packets, path_->stats().sent_packets);
  EXPECT_EQ(moved.sent_bytes, path_->stats().sent_bytes);
  EXPECT_EQ(moved.sent_bytes, 50000U + 35 * 40);
}

TEST_F(PacketPathTraffic, DoesNotCountWhatIsDropped) {
  lease(leased_ports({{5000, 32}}));
  receive(udp_packet(server_, mapped_, pattern(50)));
  send(udp_packet(at("192.0.2.1", 5000), server_, pattern(40)));
  pass(std::chrono::seconds(1));
  EXPECT_TRUE(book_->take().empty());
}

TEST_F(PacketPathTraffic, TellsWhatALeaseMovedThatIsGone) {
  lease(two_leases());
  send(udp_packet(own_, server_, pattern(10)));
  lease(leased_ports({{5000, 1}}, false, 2));
  EXPECT_EQ(book_->take(), (TrafficBook::Traffic{{BindId{2}, {1, 38, 0, 0}}}));
}

TEST_F(PacketPathTraffic, TellsTheRestWhenTheTunnelEnds) {
  lease(two_leases());
  send(udp_packet(own_, server_, pattern(10)));
  path_.reset();
  EXPECT_EQ(book_->take(), (TrafficBook::Traffic{{BindId{2}, {1, 38, 0, 0}}}));
}

TEST_F(PacketPathTraffic, CountsWhatIsForwardedForTheLeaseItUses) {
  FlowTable table = two_leases();
  table.forward = true;
  lease(table);
  send(udp_packet(own_, server_, pattern(10)));
  receive(udp_packet(server_, own_, pattern(50)));
  path_.reset();
  EXPECT_EQ(book_->take(), (TrafficBook::Traffic{{BindId{2}, {1, 38, 1, 78}}}));
}

TEST_F(PacketPathTraffic, CountsWhatHasNoFlowForTheFirstLeaseOfItsAddress) {
  lease(two_leases());
  const Bytes sent = udp_packet(own_, server_, pattern(10));
  send(sent);
  const Bytes error = unreachable_packet(ip("192.0.2.1"), own_.address, sent, 28);
  ASSERT_EQ(receive(error).size(), 1U);
  path_.reset();
  const TrafficBook::Traffic expected{{BindId{1}, {0, 0, 1, error.size()}},
                                      {BindId{2}, {1, 38, 0, 0}}};
  EXPECT_EQ(book_->take(), expected);
}

}  // namespace
}  // namespace rsip::agent
