#include "agent/datapath/tunnel_pump.h"

#include <future>

#include <gtest/gtest.h>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_tun.h"
#include "tests/fakes/fake_underlay.h"
#include "tests/unit/agent/datapath/flow_fixture.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

std::shared_ptr<const FlowTable> shared(FlowTable table) {
  return std::make_shared<const FlowTable>(std::move(table));
}

class TunnelPumpTest : public ::testing::Test {
 protected:
  const Endpoint host_ = at("203.0.113.10", 40000);
  const Endpoint mapped_ = at("203.0.113.10", 5000);
  const Endpoint server_ = at("198.51.100.7", 443);

  FakeClock clock_;
  FakeTun tun_;
  FakeUnderlay underlay_;
  std::promise<void> ports_wanted_;
  TunnelPump pump_{tun_, underlay_, clock_, {[this] { ports_wanted_.set_value(); }}};
};

TEST_F(TunnelPumpTest, MovesPacketsBothWaysOnItsThread) {
  pump_.publish(shared(leased_ports({{5000, 4}})));
  // Packets may be read before the table is: the stack sends again, as TCP would.
  std::vector<Bytes> sent;
  while (sent.empty()) {
    tun_.inject(udp_packet(host_, server_, pattern(40)));
    if (pump_.stats().sent_packets > 0) sent = underlay_.wait_for_sent(1);
  }
  EXPECT_EQ(sent[0], udp_packet(mapped_, server_, pattern(40)));
  underlay_.inject(udp_packet(server_, mapped_, pattern(50)));
  const auto written = tun_.wait_for_written(1);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].bytes, udp_packet(server_, host_, pattern(50)));
}

TEST_F(TunnelPumpTest, CallsForPortsAndSendsHeldPacketsAfterThePublication) {
  pump_.publish(shared({1, {}, {{BindId{1}, host_.address, false, {}}}, true}));
  auto wanted = ports_wanted_.get_future();
  while (wanted.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    tun_.inject(udp_packet(host_, server_, pattern(40)));
  }
  pump_.publish(shared(leased_ports({{5000, 1}}, true, 2)));
  const auto sent = underlay_.wait_for_sent(1);
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(source_port(sent[0]), 5000);
}

TEST_F(TunnelPumpTest, SurvivesPublicationsAndReadingsFromOtherThreadsUnderLoad) {
  std::thread publisher([this] {
    for (std::uint64_t generation = 1; generation < 200; ++generation) {
      const auto first = static_cast<std::uint16_t>(5000 + generation % 8);
      pump_.publish(shared(leased_ports({{first, 8}}, false, generation)));
    }
  });
  std::thread reader([this] {
    for (int i = 0; i < 200; ++i) EXPECT_LE(pump_.stats().ports_in_use, 8U);
  });
  for (std::uint16_t i = 0; i < 300; ++i) {
    tun_.inject(udp_packet({host_.address, static_cast<std::uint16_t>(40000 + i % 10)}, server_,
                           pattern(40)));
    underlay_.inject(udp_packet(server_, {host_.address, static_cast<std::uint16_t>(5000 + i % 16)},
                                pattern(40)));
  }
  publisher.join();
  reader.join();
}

TEST_F(TunnelPumpTest, EndsAtOnceWhenItIsIdle) {
  pump_.publish(shared(leased_ports({{5000, 4}})));
}

}  // namespace
}  // namespace rsip::agent
