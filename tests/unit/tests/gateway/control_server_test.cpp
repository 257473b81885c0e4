#include "tests/gateway/server/control_server.h"

#include <random>

#include "tests/fakes/seed.h"
#include "tests/unit/tests/gateway/server_fixture.h"

namespace rsip::gateway {
namespace {

TEST_F(Server, AnswersInOrder) {
  start();
  Client client(port_);
  Bytes several;
  for (std::uint32_t i = 1; i <= 100; ++i) {
    const Bytes one = free_request(i, i);
    several.insert(several.end(), one.begin(), one.end());
  }
  client.send(several);
  for (std::uint32_t i = 1; i <= 100; ++i) {
    const auto response = client.receive<msg::FreeResponse>();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->bind, BindId{i});
    EXPECT_EQ(response->trailer.counter, i);
  }
  stop();
  EXPECT_EQ(senders_.back().host, kLoopback);
  EXPECT_EQ(senders_.back().transport, Transport::kTcp);
}

TEST_F(Server, PutsAMessageTogetherThatComesByteByByte) {
  start();
  Client client(port_);
  for (const std::uint8_t byte : free_request(7, 1)) client.send({byte});
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
}

TEST_F(Server, GoesOnAfterAMessageThatIsBadInItself) {
  start();
  Client client(port_);
  Bytes bad = free_request(7, 1);
  bad[1] = 200;  // no message type
  client.send(bad);
  EXPECT_TRUE(client.receive<msg::ErrorResponse>());
  client.send(free_request(8, 2));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
}

TEST_F(Server, AnswersGarbageAndThenCloses) {
  start();
  Client client(port_);
  client.send({'G', 'E', 'T', ' ', '/', '\r', '\n', '\r', '\n'});
  EXPECT_EQ(client.receive<msg::ErrorResponse>().value_or(msg::ErrorResponse{}).code(),
            msg::ErrorCode::kUnsupportedRsipVersion);
  EXPECT_FALSE(client.receive());
}

TEST_F(Server, AnswersALengthThatCannotBeAndThenCloses) {
  start();
  Client client(port_);
  client.send(free_request(1, 1));
  client.send({1, 12, 0, 3});
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
  EXPECT_TRUE(client.receive<msg::ErrorResponse>());
  EXPECT_FALSE(client.receive());
}

TEST_F(Server, SurvivesRandomBytes) {
  start();
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 50; ++i) {
    Client client(port_);
    Bytes noise(1 + random() % 3000);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
    if (i % 2 == 0) noise[0] = 1;
    client.send(noise);
  }
  Client client(port_);
  client.send(free_request(1, 1));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
}

TEST_F(Server, ClosesWhenTheRestOfAMessageDoesNotCome) {
  ServerSettings settings;
  settings.connection.patience = milliseconds(50);
  start(settings);
  Client client(port_);
  client.send({1, 12, 0, 40, 4});
  EXPECT_FALSE(client.receive());
  stop();
  EXPECT_THAT(closed_, ::testing::ElementsAre("half_a_message"));
}

TEST_F(Server, DoesNotMindASilentClient) {
  ServerSettings settings;
  settings.connection.patience = milliseconds(20);
  start(settings);
  Client client(port_);
  client.send(free_request(1, 1));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
  Client other(port_);
  other.send({1});
  EXPECT_FALSE(other.receive());  // by now more than the server's patience has passed
  client.send(free_request(2, 2));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
}

TEST_F(Server, StopsReadingFromAClientThatDoesNotReadAndThenClosesIt) {
  ServerSettings settings;
  settings.connection.patience = milliseconds(200);
  start(settings);
  Client client(port_, 4096);
  // Far more than the socket buffers of both sides hold: a blocking send ends with the closing.
  Bytes flood;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const Bytes one = free_request(i, i);
    flood.insert(flood.end(), one.begin(), one.end());
  }
  std::size_t sent = 0;
  std::size_t last = flood.size();
  while (last == flood.size() && sent < (256U << 20)) sent += last = client.send(flood);
  EXPECT_LT(last, flood.size());
  stop();
  EXPECT_THAT(closed_, ::testing::ElementsAre("does_not_read"));
}

TEST_F(Server, ClosesAClientThatLeavesTooManyNoticesUnread) {
  ServerSettings settings;
  settings.connection.max_queue = 8;
  start(settings);
  Client client(port_, 4096);
  client.send(free_request(1, 1));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
  msg::QueryResponse large;
  large.local_addresses.resize(2000, {Ipv4Address{1}});
  for (int i = 0; i < 400; ++i) notify(large);
  asio::post(io_, [this] { server_->stop(); });
  thread_.join();
  EXPECT_THAT(closed_, ::testing::ElementsAre("too_slow"));
}

TEST_F(Server, SendsNoticesToTheConnectionThatWasHeardLast) {
  start();
  Client first(port_);
  Client second(port_);
  second.send(free_request(1, 1));
  EXPECT_TRUE(second.receive<msg::FreeResponse>());
  first.send(free_request(2, 2));
  EXPECT_TRUE(first.receive<msg::FreeResponse>());
  notify(msg::DeRegisterResponse{{1}, {}});
  EXPECT_TRUE(first.receive<msg::DeRegisterResponse>());
}

TEST_F(Server, MakesRoomForANewConnectionByClosingTheLongestSilentOne) {
  ServerSettings settings;
  settings.max_connections_per_host = 2;
  start(settings);
  Client first(port_);
  first.send(free_request(1, 1));
  EXPECT_TRUE(first.receive<msg::FreeResponse>());
  Client second(port_);
  second.send(free_request(2, 2));
  EXPECT_TRUE(second.receive<msg::FreeResponse>());
  first.send(free_request(3, 3));
  EXPECT_TRUE(first.receive<msg::FreeResponse>());
  Client third(port_);
  third.send(free_request(4, 4));
  EXPECT_TRUE(third.receive<msg::FreeResponse>());
  EXPECT_FALSE(second.receive());
  first.send(free_request(5, 5));
  EXPECT_TRUE(first.receive<msg::FreeResponse>());
}

TEST_F(Server, RefusesMoreConnectionsThanItMayHave) {
  ServerSettings settings;
  settings.max_connections = 1;
  start(settings);
  Client first(port_);
  first.send(free_request(1, 1));
  EXPECT_TRUE(first.receive<msg::FreeResponse>());
  Client second(port_);
  EXPECT_FALSE(second.receive());
}

TEST_F(Server, SendsWhatIsQueuedBeforeItStops) {
  start();
  Client client(port_);
  client.send(free_request(1, 1));
  EXPECT_TRUE(client.receive<msg::FreeResponse>());
  asio::post(io_, [this] {
    server_->send(kLoopback, msg::DeRegisterResponse{{1}, {}});
    server_->stop();
  });
  EXPECT_TRUE(client.receive<msg::DeRegisterResponse>());
  EXPECT_FALSE(client.receive());
  thread_.join();
}

TEST_F(Server, SaysThatThePortIsInUse) {
  start();
  ServerSettings settings;
  settings.listen = kLoopback;
  settings.port = port_;
  asio::io_context io;
  const auto listening = ControlServer(io, settings, {}).listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, ErrorKind::kInUse);
}

TEST_F(Server, SaysThatTheAddressIsNotThisMachines) {
  ServerSettings settings;
  settings.listen = {0xC0000201};  // 192.0.2.1, for documentation
  asio::io_context io;
  const auto listening = ControlServer(io, settings, {}).listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, ErrorKind::kConfigInvalid);
}

}  // namespace
}  // namespace rsip::gateway
