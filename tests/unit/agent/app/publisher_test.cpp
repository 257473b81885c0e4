#include "agent/app/publisher.h"

#include <gmock/gmock.h>

namespace rsip::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A publisher whose agent and clocks are the test's.
class PublisherTest : public testing::Test {
 protected:
  PublisherTest() {
    ipc::GatewayStatus gateway;
    gateway.name = "hotel";
    gateway.state = "assigned";
    ipc::LeaseStatus lease;
    lease.bind = 1;
    lease.expires_in_seconds = 600;
    lease.renews_in_seconds = 300;
    gateway.leases = {lease};
    status_.state = "assigned";
    status_.gateways = {gateway};
    publisher_.on_event([this](const ipc::Event& event) { events_.push_back(event); });
  }

  void listen(EventWishes wishes = {true, false, {}, {}}) {
    mirror_ = publisher_.snapshot();
    publisher_.want(wishes);
  }
  /// Says that something changed, and looks as soon as it may. The names of what was told.
  std::vector<std::string> look() {
    publisher_.changed();
    return look_in_time();
  }
  std::vector<std::string> look_in_time() {
    const std::size_t before = events_.size();
    if (publisher_.next_look() != TimePoint::max()) {
      now_ = std::max(now_, publisher_.next_look());
      publisher_.look();
    }
    return names_from(before);
  }
  std::vector<std::string> names_from(std::size_t first) {
    std::vector<std::string> names;
    for (std::size_t i = first; i < events_.size(); ++i) {
      std::visit([&](const auto& body) { names.emplace_back(body.kName); }, events_[i].body);
    }
    return names;
  }
  ipc::GatewayStatus& hotel() { return status_.gateways[0]; }
  void count_down(std::uint32_t by) {
    now_ += seconds(by);
    hotel().leases[0].expires_in_seconds -= by;
    hotel().leases[0].renews_in_seconds -= by;
  }

  TimePoint now_{std::chrono::hours(1)};
  std::chrono::system_clock::time_point wall_{seconds(1764000000)};
  ipc::Status status_;
  std::vector<ipc::Event> events_;
  ipc::Snapshot mirror_;
  Publisher publisher_{
      {[this] { return status_; }, [this] { return now_; }, [this] { return wall_; }}};
};

TEST_F(PublisherTest, TellsNothingWhenNothingChanged) {
  listen();
  EXPECT_THAT(look(), IsEmpty());
  EXPECT_EQ(publisher_.next_look(), TimePoint::max());
}

TEST_F(PublisherTest, TellsAChangedGatewayWithTheAgentsStateNumberAndTime) {
  listen();
  hotel().state = status_.state = "registered";
  hotel().leases.clear();
  EXPECT_THAT(look(), ElementsAre("gateway"));
  EXPECT_EQ(events_[0].seq, mirror_.seq + 1);
  EXPECT_EQ(events_[0].time, "2025-11-24T16:00:00Z");
  EXPECT_EQ(std::get<ipc::GatewayChanged>(events_[0].body).state, "registered");
  ipc::apply(events_[0].body, mirror_.status);
  EXPECT_EQ(mirror_.status, status_);
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(PublisherTest, LooksNotMoreOftenThanEveryTenthOfASecond) {
  listen();
  hotel().mtu = 1480;
  EXPECT_THAT(look(), ElementsAre("gateway"));
  publisher_.changed();
  publisher_.changed();
  EXPECT_EQ(publisher_.next_look(), now_ + milliseconds(100));
  now_ += seconds(5);
  publisher_.look();
  publisher_.changed();
  EXPECT_LE(publisher_.next_look(), now_ + milliseconds(100));
}

TEST_F(PublisherTest, TellsNoCountdownsAndCountersAsChanges) {
  listen();
  count_down(100);
  hotel().traffic.sent_bytes = 5;
  hotel().ports.used = 3;
  hotel().ports.free = 29;
  hotel().leases[0].ports_in_use = 3;
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(PublisherTest, TellsACountdownThatBeginsAnew) {
  listen();
  count_down(100);
  hotel().leases[0].expires_in_seconds = 600;
  EXPECT_THAT(look(), ElementsAre("gateway"));
  count_down(3);
  hotel().leases[0].renews_in_seconds += 10;
  EXPECT_THAT(look(), ElementsAre("gateway"));
}

TEST_F(PublisherTest, DoesNotLetACountdownDriftAwayByAndBy) {
  listen();
  int told = 0;
  for (int i = 0; i < 10; ++i) {
    now_ += seconds(1);  // but the countdown stands still
    told += static_cast<int>(look().size());
  }
  EXPECT_GE(told, 3);
}

TEST_F(PublisherTest, TellsNewHistoryHoldAndLimit) {
  listen();
  hotel().leases[0].history.push_back({"", "extended", 600, ""});
  EXPECT_THAT(look(), ElementsAre("gateway"));
  hotel().leases[0].held = true;
  EXPECT_THAT(look(), ElementsAre("gateway"));
  hotel().ports.limit = 64;
  EXPECT_THAT(look(), ElementsAre("gateway"));
}

TEST_F(PublisherTest, TellsOnlyTheGatewayThatChanged) {
  status_.gateways.push_back(hotel());
  status_.gateways[1].name = "office";
  listen();
  status_.gateways[1].mtu = 1400;
  EXPECT_THAT(look(), ElementsAre("gateway"));
  EXPECT_EQ(std::get<ipc::GatewayChanged>(events_[0].body).gateway.name, "office");
}

TEST_F(PublisherTest, TellsNetworkAndProfileAsTheAgentsOwn) {
  listen();
  status_.network.state = "none";
  EXPECT_THAT(look(), ElementsAre("agent"));
  status_.profile = "work";
  EXPECT_THAT(look(), ElementsAre("agent"));
  for (const ipc::Event& event : events_) ipc::apply(event.body, mirror_.status);
  EXPECT_EQ(mirror_.status, status_);
}

TEST_F(PublisherTest, TellsWhatHappenedAfterWhatChangedByIt) {
  listen();
  publisher_.happened({});
  hotel().mtu = 1480;
  EXPECT_THAT(look_in_time(), ElementsAre("gateway", "happening"));
}

TEST_F(PublisherTest, SleepsWhenNobodyListens) {
  hotel().mtu = 1480;
  publisher_.changed();
  publisher_.happened({});
  publisher_.logged({});
  EXPECT_EQ(publisher_.next_look(), TimePoint::max());
  listen({true, true, seconds(1), seconds(1)});
  publisher_.changed();
  publisher_.want({});
  EXPECT_EQ(publisher_.next_look(), TimePoint::max());
  EXPECT_THAT(events_, IsEmpty());
}

TEST_F(PublisherTest, TellsTheOthersBeforeANewOneBegins) {
  listen();
  hotel().mtu = 1480;
  const ipc::Snapshot second = publisher_.snapshot();
  EXPECT_THAT(names_from(0), ElementsAre("gateway"));
  EXPECT_EQ(second.seq, events_[0].seq);
  EXPECT_EQ(second.status, status_);
  EXPECT_THAT(look(), IsEmpty());
}

TEST_F(PublisherTest, TellsCountersAtThePaceThatIsAskedFor) {
  hotel().leases.clear();  // no countdowns
  listen({true, false, seconds(2), seconds(2)});
  EXPECT_EQ(publisher_.next_look(), now_ + seconds(2));
  look_in_time();
  hotel().traffic.sent_bytes = 7;
  EXPECT_THAT(look(), IsEmpty());
  EXPECT_THAT(look_in_time(), ElementsAre("traffic"));
  EXPECT_EQ(std::get<ipc::TrafficChanged>(events_.back().body).traffic.sent_bytes, 7U);
  EXPECT_THAT(look_in_time(), IsEmpty()) << "the same counters";
}

TEST_F(PublisherTest, TellsTheLastCountersUntilTheSlowestSubscriberHasThem) {
  hotel().leases.clear();  // no countdowns
  listen({true, false, seconds(1), seconds(3)});
  look_in_time();
  hotel().traffic.sent_bytes = 7;
  int told = 0;
  for (int i = 0; i < 20; ++i) told += static_cast<int>(look_in_time().size());
  EXPECT_EQ(told, 5) << "the change, and again for three seconds and one tick";
}

TEST_F(PublisherTest, TellsTheLogOnlyIfSomebodyWantsIt) {
  listen();
  publisher_.logged({"", "info", "a"});
  EXPECT_THAT(names_from(0), IsEmpty());
  publisher_.want({true, true, {}, {}});
  publisher_.logged({"", "info", "b"});
  EXPECT_THAT(names_from(0), ElementsAre("log"));
}

TEST_F(PublisherTest, TellsTheEndLast) {
  listen({true, true, seconds(1), seconds(1)});
  publisher_.happened({});
  hotel().state = "stopping";
  publisher_.stop();
  publisher_.happened({});
  publisher_.logged({});
  publisher_.changed();
  EXPECT_THAT(names_from(0), ElementsAre("gateway", "happening", "stopping"));
  EXPECT_EQ(publisher_.next_look(), TimePoint::max());
}

}  // namespace
}  // namespace rsip::agent
