#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "agent/ipc/agent_server.h"
#include "agent/ipc/client_limits.h"
#include "tests/unit/agent/ipc/socket_client.h"

namespace rsip::agent {
namespace {

using test::SocketClient;

/// A server on its own thread, whose agent counts events.
class SubscribeTest : public testing::Test {
 protected:
  void SetUp() override {
    char folder[] = "/tmp/rsip-subscribe-test-XXXXXX";
    folder_ = mkdtemp(folder);
    path_ = folder_ + "/agent.sock";
    server_.emplace(
        io_, path_,
        [this](const ipc::Call& call, const ipc::Caller&, const Answered& answered) {
          if (!std::holds_alternative<ipc::SubscribeRequest>(call)) return answered(ipc::Done{});
          ipc::Snapshot snapshot;
          snapshot.seq = seq_;
          snapshot.status.state = "assigned";
          answered(snapshot);
          if (event_right_after_) publish(happening("right after"));
        },
        [this](const Peer&) { return may_change_ ? ipc::Who::kGroup : ipc::Who::kOther; });
    server_->on_wishes([this](const SubscriberWishes& wishes) { wishes_ = wishes; });
    ASSERT_TRUE(server_->start());
    thread_ = std::thread([this] { io_.run(); });
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(folder_);
  }

  void stop() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { server_->stop(); });
    thread_.join();
  }
  /// Runs it on the server's thread and waits for its end.
  template <class Work>
  void on_server(Work work) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  SubscriberWishes wishes() {
    SubscriberWishes now;
    on_server([&] { now = wishes_; });
    return now;
  }
  /// thread   the server's
  void publish(ipc::EventBody body) {
    server_->publish({++seq_, "2026-11-24T12:00:00Z", std::move(body)});
  }
  static ipc::Happening happening(std::string words) {
    ipc::Happening happening;
    happening.words = std::move(words);
    return happening;
  }
  static ipc::TrafficChanged traffic(std::string gateway, std::uint64_t bytes) {
    ipc::TrafficChanged changed;
    changed.gateway = std::move(gateway);
    changed.traffic.sent_bytes = bytes;
    return changed;
  }
  static std::string words_of(const std::optional<ipc::Event>& event) {
    const auto* const happening = event ? std::get_if<ipc::Happening>(&event->body) : nullptr;
    return happening != nullptr ? happening->words : "no happening";
  }
  /// Subscribed; the snapshot was read.
  std::unique_ptr<SocketClient> subscriber(const ipc::SubscribeRequest& request = {}) {
    auto client = std::make_unique<SocketClient>(path_);
    client->ask(request);
    snapshot_ = client->answer<ipc::Snapshot>();
    EXPECT_TRUE(snapshot_) << snapshot_.error().message;
    return client;
  }

  boost::asio::io_context io_;
  std::optional<AgentServer> server_;
  std::thread thread_;
  std::string folder_;
  std::string path_;
  std::atomic<bool> may_change_ = false;
  std::atomic<bool> event_right_after_ = false;
  std::uint64_t seq_ = 41;   ///< The server's thread.
  SubscriberWishes wishes_;  ///< Same.
  Result<ipc::Snapshot> snapshot_;
};

TEST_F(SubscribeTest, BeginsWithTheSnapshotAndGoesOnWithWhatFollowsIt) {
  event_right_after_ = true;
  const auto client = subscriber();
  EXPECT_EQ(snapshot_->seq, 41U);
  EXPECT_EQ(snapshot_->status.state, "assigned");
  on_server([&] { publish(happening("later")); });
  const auto first = client->event();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->seq, 42U);
  EXPECT_EQ(first->time, "2026-11-24T12:00:00Z");
  EXPECT_EQ(words_of(first), "right after");
  const auto second = client->event();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->seq, 43U);
  EXPECT_EQ(words_of(second), "later");
}

TEST_F(SubscribeTest, SaysWhetherTheClientMayChangeAnything) {
  may_change_ = true;
  (void)subscriber();
  EXPECT_TRUE(snapshot_->may_change);
  EXPECT_EQ(snapshot_->why_not, "");
  may_change_ = false;
  (void)subscriber();
  EXPECT_FALSE(snapshot_->may_change);
  EXPECT_NE(snapshot_->why_not.find("group rsip"), std::string::npos);
}

TEST_F(SubscribeTest, TellsNothingToWhoHasNotSubscribed) {
  SocketClient client(path_);
  client.ask(ipc::StatusRequest{});
  EXPECT_TRUE(client.answer<ipc::Done>());
  on_server([&] { publish(happening("not for you")); });
  client.ask(ipc::StatusRequest{});
  EXPECT_TRUE(client.answer<ipc::Done>());
}

TEST_F(SubscribeTest, TellsCountersOnlyToWhoAskedForThem) {
  const auto without = subscriber();
  ipc::SubscribeRequest request;
  request.traffic_seconds = 1;
  const auto with = subscriber(request);
  on_server([&] {
    publish(traffic("hotel", 1));
    publish(happening("end"));
  });
  EXPECT_EQ(words_of(without->event()), "end");
  const auto first = with->event();
  ASSERT_TRUE(first && std::holds_alternative<ipc::TrafficChanged>(first->body));
  EXPECT_EQ(words_of(with->event()), "end");
}

TEST_F(SubscribeTest, TellsCountersOfAGatewayNotMoreOftenThanAskedFor) {
  ipc::SubscribeRequest request;
  request.traffic_seconds = 3600;
  const auto client = subscriber(request);
  on_server([&] {
    publish(traffic("hotel", 1));
    publish(traffic("hotel", 2));
    publish(traffic("office", 3));
    publish(happening("end"));
  });
  const auto hotel = client->event();
  ASSERT_TRUE(hotel && std::holds_alternative<ipc::TrafficChanged>(hotel->body));
  EXPECT_EQ(std::get<ipc::TrafficChanged>(hotel->body).traffic.sent_bytes, 1U);
  const auto office = client->event();
  ASSERT_TRUE(office && std::holds_alternative<ipc::TrafficChanged>(office->body));
  EXPECT_EQ(std::get<ipc::TrafficChanged>(office->body).gateway, "office");
  EXPECT_EQ(words_of(client->event()), "end");
}

TEST_F(SubscribeTest, TellsTheLogOnlyToWhoAskedForItAndMayReadIt) {
  may_change_ = true;
  ipc::SubscribeRequest request;
  request.log = true;
  const auto reader = subscriber(request);
  const auto other = subscriber();
  on_server([&] {
    publish(ipc::LogLine{"", "info", "lease.granted"});
    publish(happening("end"));
  });
  const auto line = reader->event();
  ASSERT_TRUE(line && std::holds_alternative<ipc::LogLine>(line->body));
  EXPECT_EQ(words_of(other->event()), "end");
  may_change_ = false;
  const auto stranger = subscriber(request);
  on_server([&] {
    publish(ipc::LogLine{"", "info", "lease.granted"});
    publish(happening("end"));
  });
  EXPECT_EQ(words_of(stranger->event()), "end");
}

TEST_F(SubscribeTest, KnowsWhatItsSubscribersWantTogether) {
  EXPECT_EQ(wishes(), SubscriberWishes{});
  ipc::SubscribeRequest request;
  request.traffic_seconds = 5;
  auto slow = subscriber(request);
  request.traffic_seconds = 1;
  auto fast = subscriber(request);
  EXPECT_EQ(wishes(), (SubscriberWishes{2, false, 1, 5}));
  fast.reset();
  slow.reset();
  for (int i = 0; i < 1000 && wishes().subscribers > 0; ++i) std::this_thread::yield();
  EXPECT_EQ(wishes(), SubscriberWishes{});
}

TEST_F(SubscribeTest, RefusesRequestsOnASubscriptionAndGoesOn) {
  const auto client = subscriber();
  client->ask(ipc::StatusRequest{});
  const auto refused = client->answer<ipc::Status>();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("this connection is for events"), std::string::npos);
  client->send("garbage\n");
  EXPECT_TRUE(client->line());
  on_server([&] { publish(happening("still here")); });
  EXPECT_EQ(words_of(client->event()), "still here");
}

TEST_F(SubscribeTest, DisconnectsAClientThatDoesNotReadAndServesTheOthers) {
  const auto slow = subscriber();
  const auto quick = subscriber();
  const std::string words(1000, 'x');
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    on_server([&] { publish(happening(words)); });
    read += words_of(quick->event()) == words ? 1 : 0;
  }
  EXPECT_EQ(read, 3000);
  EXPECT_EQ(wishes().subscribers, 1U);
  int left = 0;
  while (slow->event()) ++left;
  EXPECT_LT(left, 3000);
  EXPECT_GT(left, 0);
}

TEST_F(SubscribeTest, TellsTheEndBeforeItHangsUp) {
  const auto client = subscriber();
  boost::asio::post(io_, [this] {
    for (int i = 0; i < 100; ++i) publish(happening("before the end"));
    publish(ipc::AgentStopping{});
    server_->stop();
  });
  thread_.join();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(words_of(client->event()), "before the end");
  const auto last = client->event();
  ASSERT_TRUE(last && std::holds_alternative<ipc::AgentStopping>(last->body));
  EXPECT_FALSE(client->line());
}

TEST_F(SubscribeTest, IsNotPushedOutByConnectionsThatAskNothing) {
  const auto client = subscriber();
  std::vector<std::unique_ptr<SocketClient>> flood;
  for (int i = 0; i < 200; ++i) flood.push_back(std::make_unique<SocketClient>(path_));
  on_server([&] { publish(happening("still here")); });
  EXPECT_EQ(words_of(client->event()), "still here");
}

TEST(ClientLimits, CloseTheOldestThatHasNotSubscribed) {
  EXPECT_EQ(client_to_close({}), std::nullopt);
  EXPECT_EQ(client_to_close({{7, true}, {7, false}, {7, false}}), 1U);
  EXPECT_EQ(client_to_close({{7, true}, {7, true}}), 0U);
}

TEST(ClientLimits, CloseOneOfTheUserWhoHoldsTheMost) {
  EXPECT_EQ(client_to_close({{1, false}, {7, true}, {7, false}, {1, true}, {7, true}}), 2U);
  EXPECT_EQ(client_to_close({{1, false}, {7, true}, {7, true}}), 1U);
}

}  // namespace
}  // namespace rsip::agent
