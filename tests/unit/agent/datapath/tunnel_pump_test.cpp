#include "agent/datapath/tunnel_pump.h"

#include <atomic>
#include <functional>
#include <future>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_tun.h"
#include "tests/fakes/fake_underlay.h"
#include "tests/unit/agent/datapath/ipsec_packets.h"

namespace rsip::agent {
namespace {

using namespace rsip::fakes;

std::shared_ptr<const FlowTable> shared(FlowTable table) {
  return std::make_shared<const FlowTable>(std::move(table));
}

constexpr std::chrono::seconds kLongEnough{10};

/// Waits until something that another thread does has happened; false after some seconds.
bool soon(const std::function<bool()>& happened) {
  const auto end = std::chrono::steady_clock::now() + kLongEnough;
  while (!happened()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
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
  std::promise<std::uint64_t> ike_held_;
  std::atomic<int> device_gone_ = 0;
  std::unique_ptr<TunnelPump> pump_ = std::make_unique<TunnelPump>(
      tun_, underlay_, clock_,
      DatapathEvents{[this](const auto&) { ports_wanted_.set_value(); },
                     [this](const IkeHold& hold) { ike_held_.set_value(hold.id); },
                     [this] { ++device_gone_; }});
};

/// Sent, received, or dropped for a reason.
std::uint64_t packets_in(const DatapathStats& stats) {
  return std::accumulate(stats.drops.begin(), stats.drops.end(),
                         stats.sent_packets + stats.received_packets);
}

TEST_F(TunnelPumpTest, MovesPacketsBothWaysOnItsThread) {
  pump_->publish(shared(leased_ports({{5000, 4}})));
  // Packets may be read before the table is: the stack sends again, as TCP would.
  std::vector<Bytes> sent;
  while (sent.empty()) {
    tun_.inject(udp_packet(host_, server_, pattern(40)));
    if (pump_->stats().sent_packets > 0) sent = underlay_.wait_for_sent(1);
  }
  EXPECT_EQ(sent[0], udp_packet(mapped_, server_, pattern(40)));
  underlay_.inject(udp_packet(server_, mapped_, pattern(50)));
  const auto written = tun_.wait_for_written(1);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].bytes, udp_packet(server_, host_, pattern(50)));
}

TEST_F(TunnelPumpTest, CallsForPortsAndSendsHeldPacketsAfterThePublication) {
  pump_->publish(shared({1, {}, {{BindId{1}, host_.address, false, {}}}, true}));
  auto wanted = ports_wanted_.get_future();
  while (wanted.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    tun_.inject(udp_packet(host_, server_, pattern(40)));
  }
  pump_->publish(shared(leased_ports({{5000, 1}}, true, 2)));
  const auto sent = underlay_.wait_for_sent(1);
  ASSERT_FALSE(sent.empty());
  EXPECT_EQ(source_port(sent[0]), 5000);
}

// H-222
TEST_F(TunnelPumpTest, ReleasesAnIkeMessageFromAnyThread) {
  FlowTable table = leased_spis();
  table.hold_ike = true;
  pump_->publish(shared(table));
  const Bytes message = ike_packet({host_.address, 5000}, server_, {});
  EXPECT_TRUE(soon([&] {
    tun_.inject(esp_packet(host_.address, server_.address, 1));
    return pump_->stats().sent_packets > 0;
  })) << "it goes by the table now";
  underlay_.take_sent();
  tun_.inject(message);
  const std::uint64_t id = ike_held_.get_future().get();
  pump_->release(id, true);
  EXPECT_TRUE(soon([&] {
    for (const Bytes& sent : underlay_.take_sent()) {
      if (sent == message) return true;
    }
    return false;
  }));
}

TEST_F(TunnelPumpTest, ListsFlowsFromItsThread) {
  pump_->publish(shared(leased_ports({{5000, 4}})));
  EXPECT_TRUE(soon([&] {
    tun_.inject(udp_packet(host_, server_, pattern(40)));
    return pump_->stats().sent_packets > 0;
  }));
  std::promise<FlowList> promise;
  pump_->list_flows([&](FlowList flows) { promise.set_value(std::move(flows)); });
  const FlowList list = promise.get_future().get();
  ASSERT_EQ(list.flows.size(), 1U);
  EXPECT_EQ(list.flows[0].app.port, host_.port);
  EXPECT_EQ(list.flows[0].leased, 5000);
  EXPECT_GE(list.flows[0].sent_bytes, 68U);
}

TEST_F(TunnelPumpTest, AnswersWhoAsksForFlowsThoughItEnds) {
  int answers = 0;
  for (int i = 0; i < 100; ++i) {
    pump_->list_flows([&](const FlowList&) { ++answers; });
  }
  pump_.reset();
  EXPECT_EQ(answers, 100);
}

TEST_F(TunnelPumpTest, AccountsForEveryPacketUnderPublicationsAndReadingsFromOtherThreads) {
  constexpr std::uint16_t kPackets = 300;
  std::thread publisher([this] {
    for (std::uint64_t generation = 1; generation < 200; ++generation) {
      const auto first = static_cast<std::uint16_t>(5000 + generation % 8);
      pump_->publish(shared(leased_ports({{first, 8}}, false, generation)));
    }
  });
  std::thread reader([this] {
    for (int i = 0; i < 200; ++i) EXPECT_LE(pump_->stats().ports_in_use, 8U);
  });
  for (std::uint16_t i = 0; i < kPackets; ++i) {
    tun_.inject(udp_packet({host_.address, static_cast<std::uint16_t>(40000 + i % 10)}, server_,
                           pattern(40)));
    underlay_.inject(udp_packet(server_, {host_.address, static_cast<std::uint16_t>(5000 + i % 16)},
                                pattern(40)));
  }
  publisher.join();
  reader.join();
  EXPECT_TRUE(soon([&] { return packets_in(pump_->stats()) == 2 * kPackets; }))
      << packets_in(pump_->stats());
  const DatapathStats stats = pump_->stats();
  EXPECT_EQ(stats.sent_bytes, stats.sent_packets * 68);
  for (const Bytes& packet : underlay_.take_sent()) EXPECT_TRUE(is_right(packet));
}

TEST_F(TunnelPumpTest, EndsThoughItWouldWaitForEver) {
  pump_->publish(shared(leased_ports({{5000, 4}})));
  // The table is taken once a packet passes; then nothing is left to wake up for but the end.
  ASSERT_TRUE(soon([&] {
    tun_.inject(udp_packet({host_.address, 5000}, server_, pattern(40)));
    return pump_->stats().sent_packets > 0;
  }));
  pump_->publish(shared({2, {}, {}, false}));
  ASSERT_TRUE(soon([&] { return pump_->stats().ports_in_use == 0; }));
  auto ended = std::async(std::launch::async, [this] { pump_.reset(); });
  EXPECT_EQ(ended.wait_for(kLongEnough), std::future_status::ready);
  tun_.inject({});  // ends the wait of a pump that was not told to end
}

TEST_F(TunnelPumpTest, ReportsTheUseOfBindingsToOtherThreads) {
  EXPECT_TRUE(pump_->use().empty());
  pump_->publish(shared(leased_ports({{5000, 4}})));
  EXPECT_TRUE(soon([&] { return pump_->use().size() == 1; }));
  EXPECT_FALSE(pump_->use().at(0).in_use);
  EXPECT_TRUE(soon([&] {
    clock_.advance(std::chrono::seconds(1));
    tun_.inject(udp_packet(host_, server_, pattern(40)));
    return pump_->use().at(0).in_use;
  }));
}

/// A path to the gateway that closes if nothing passes.
class DrowsyUnderlay : public FakeUnderlay {
 public:
  [[nodiscard]] std::optional<Duration> keep_alive_every() const override {
    return std::chrono::milliseconds(1);
  }
  void keep_alive() override { ++kept_alive; }
  std::atomic<int> kept_alive = 0;
};

TEST_F(TunnelPumpTest, KeepsThePathAliveWithoutAnyPacket) {
  DrowsyUnderlay underlay;
  TunnelPump pump(tun_, underlay, clock_, {});
  pump.publish(shared(leased_ports({{5000, 4}})));
  EXPECT_TRUE(soon([&] {
    clock_.advance(std::chrono::milliseconds(1));
    return underlay.kept_alive >= 3;
  }));
}

TEST_F(TunnelPumpTest, SaysOnceThatItsDeviceIsGoneAndGoesOnWithTheRest) {
  pump_->publish(shared(leased_ports({{5000, 4}})));
  tun_.vanish();
  EXPECT_TRUE(soon([&] { return device_gone_ == 1; }));
  pump_->publish(shared(leased_ports({{6000, 4}}, true, 2)));
  underlay_.inject(udp_packet(server_, mapped_, pattern(40)));
  EXPECT_TRUE(soon([&] { return packets_in(pump_->stats()) == 1; }));
  EXPECT_EQ(device_gone_, 1);
}

}  // namespace
}  // namespace rsip::agent
