#include "tests/gateway/server/udp_server.h"

#include <random>

#include "tests/fakes/seed.h"
#include "tests/unit/tests/gateway/server_fixture.h"
#include "tests/unit/tests/gateway/udp_client.h"

namespace rsip::gateway {
namespace {

Bytes free_response(std::uint32_t bind, std::uint32_t counter) {
  msg::FreeResponse response{{1}, {bind}, {}};
  response.trailer.counter = counter;
  return *msg::encode(response);
}

class UdpServerTest : public Server {};

// G-08, G-17: hosts may use UDP, at the same port
TEST_F(UdpServerTest, AnswersADatagramByADatagram) {
  start();
  UdpClient host(port_);
  host.send(free_request(1, 1));
  EXPECT_EQ(host.receive_bytes(), free_response(1, 1));
  stop();
  ASSERT_EQ(senders_.size(), 1U);
  EXPECT_EQ(senders_[0].host, kLoopback);
  EXPECT_EQ(senders_[0].transport, Transport::kUdp);
  EXPECT_FALSE(senders_[0].key);
}

// H-161, G-37: a copy of the last request is answered by the same bytes, without being carried out
TEST_F(UdpServerTest, AnswersACopyOfTheLastRequestByTheSameBytes) {
  start();
  UdpClient host(port_);
  for (int i = 0; i < 3; ++i) {
    host.send(free_request(1, 7));
    EXPECT_EQ(host.receive_bytes(), free_response(1, 7));
  }
  host.send(free_request(2, 8));
  EXPECT_EQ(host.receive_bytes(), free_response(2, 8));
  stop();
  EXPECT_EQ(senders_.size(), 2U);
}

TEST_F(UdpServerTest, TakesTheSameBytesFromAnotherPortForANewRequest) {
  start();
  UdpClient first(port_);
  UdpClient restarted(port_);
  first.send(free_request(1, 1));
  EXPECT_TRUE(first.receive_bytes());
  restarted.send(free_request(1, 1));
  EXPECT_TRUE(restarted.receive_bytes());
  stop();
  EXPECT_EQ(senders_.size(), 2U);
}

// G-37: asynchronous messages carry counter 0 and go to where the host was heard last
TEST_F(UdpServerTest, SendsNoticesToThePortThatWasHeardLast) {
  start();
  UdpClient before(port_);
  UdpClient host(port_);
  before.send(free_request(1, 1));
  EXPECT_TRUE(before.receive_bytes());
  host.send(free_request(2, 1));
  EXPECT_TRUE(host.receive_bytes());
  msg::DeRegisterResponse notice{{7}, {}};
  notice.trailer.counter = 0;
  notify(notice);
  EXPECT_EQ(host.receive<msg::DeRegisterResponse>(), notice);
}

TEST_F(UdpServerTest, SendsNoticesByTheTransportThatWasHeardLast) {
  start();
  const msg::DeRegisterResponse notice{{7}, {}};
  Client by_tcp(port_);
  UdpClient by_udp(port_);
  by_tcp.send(free_request(1, 1));
  EXPECT_TRUE(by_tcp.receive());
  by_udp.send(free_request(2, 2));
  EXPECT_TRUE(by_udp.receive_bytes());
  notify(notice);
  EXPECT_TRUE(by_udp.receive<msg::DeRegisterResponse>());
  by_tcp.send(free_request(3, 3));
  EXPECT_TRUE(by_tcp.receive<msg::FreeResponse>());
  notify(notice);
  EXPECT_TRUE(by_tcp.receive<msg::DeRegisterResponse>());
}

// H-099: one message per datagram; what has more is a fault
TEST_F(UdpServerTest, AnswersADatagramThatIsNoMessageByAnError) {
  start();
  UdpClient host(port_);
  Bytes two = free_request(1, 1);
  const Bytes second = free_request(2, 2);
  two.insert(two.end(), second.begin(), second.end());
  host.send(two);
  const auto error = host.receive<msg::ErrorResponse>();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), msg::ErrorCode::kBadMessage);
  host.send(free_request(3, 3));
  EXPECT_EQ(host.receive_bytes(), free_response(3, 3));
}

TEST_F(UdpServerTest, SurvivesRandomDatagrams) {
  start();
  const unsigned seed = rsip::fakes::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  UdpClient noisy(port_);
  for (int i = 0; i < 100; ++i) {
    Bytes noise(random() % 200);
    for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
    noisy.send(noise);
  }
  UdpClient host(port_);
  host.send(free_request(1, 1));
  EXPECT_EQ(host.receive_bytes(), free_response(1, 1));
}

TEST_F(UdpServerTest, DropsWhatIsMoreThanAHostMaySend) {
  ServerSettings settings;
  settings.udp.host_rate = 2;
  settings.udp.stranger_rate = 2;
  start(settings);
  UdpClient host(port_);
  for (std::uint32_t i = 1; i <= 20; ++i) host.send(free_request(i, i));
  EXPECT_EQ(host.receive_bytes(), free_response(1, 1));
  EXPECT_TRUE(host.receive_bytes());
  Client tcp(port_);  // by now the server has seen all of them
  tcp.send(free_request(1, 1));
  EXPECT_TRUE(tcp.receive());
  stop();
  EXPECT_LT(senders_.size(), 10U);
  EXPECT_THAT(refused_, ::testing::Contains("too many datagrams"));
}

TEST_F(UdpServerTest, SaysThatTheUdpPortIsInUse) {
  start();
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor probe(io, {boost::asio::ip::address_v4::loopback(), 0});
  const std::uint16_t port = probe.local_endpoint().port();
  boost::asio::ip::udp::socket taken(io, {boost::asio::ip::address_v4::loopback(), port});
  probe.close();
  ServerSettings settings;
  settings.listen = kLoopback;
  settings.port = port;
  ControlServer second(io, settings, {});
  const auto listening = second.listen();
  ASSERT_FALSE(listening);
  EXPECT_EQ(listening.error().kind, ErrorKind::kInUse);
  EXPECT_NE(listening.error().message.find("udp port"), std::string::npos);
}

}  // namespace
}  // namespace rsip::gateway
