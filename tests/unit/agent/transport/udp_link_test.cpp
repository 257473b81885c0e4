#include "agent/transport/udp_link.h"

#include <boost/asio/ip/udp.hpp>

#include "agent/transport/make_link.h"
#include "tests/unit/agent/transport/link_fixture.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using Bytes = std::vector<std::uint8_t>;

class UdpLinkTest : public LinkFixture {
 protected:
  UdpLinkTest() : gateway_(io_, {asio::ip::address_v4::loopback(), 0}) {
    link_ =
        make_link(io_, settings(gateway_.local_endpoint().port(), Transport::kUdp), log_.events());
  }

  void open() {
    link_->open();
    run_until([this] { return log_.ups == 1; });
  }

  /// The next datagram that the gateway gets; remembers from whom.
  Bytes receive() {
    run_until([this] { return gateway_.available() > 0; });
    Bytes datagram(65536);
    datagram.resize(gateway_.receive_from(asio::buffer(datagram), host_));
    return datagram;
  }
  void say(const Bytes& bytes) { gateway_.send_to(asio::buffer(bytes), host_); }
  void say(const msg::Message& message) { say(*msg::encode(message)); }

  static msg::Message request(std::uint32_t counter) {
    msg::RegisterRequest message;
    message.trailer.counter = counter;
    return message;
  }

  udp::socket gateway_;
  udp::endpoint host_;
  std::unique_ptr<GatewayLink> link_;
};

// H-018, H-055: the control channel over UDP
TEST_F(UdpLinkTest, CarriesMessagesBothWays) {
  open();
  link_->send(request(1));
  EXPECT_EQ(receive(), *msg::encode(request(1)));
  say(response(7));
  run_until([this] { return log_.messages.size() == 1; });
  EXPECT_EQ(log_.messages.at(0), response(7));
}

// H-099: one message per datagram
TEST_F(UdpLinkTest, SendsEachMessageInADatagramOfItsOwn) {
  open();
  link_->send(request(1));
  link_->send(request(2));
  EXPECT_EQ(receive(), *msg::encode(request(1)));
  EXPECT_EQ(receive(), *msg::encode(request(2)));
}

// H-161: the same bytes, and so the same counter
TEST_F(UdpLinkTest, SendsTheSameBytesAgain) {
  open();
  link_->send(request(41));
  const Bytes first = receive();
  link_->send_again();
  link_->send_again();
  EXPECT_EQ(receive(), first);
  EXPECT_EQ(receive(), first);
  link_->send(request(42));
  EXPECT_NE(receive(), first);
}

TEST_F(UdpLinkTest, SendsNothingAgainThatBelongsToAnEarlierOpening) {
  open();
  link_->send_again();
  link_->send(request(1));
  receive();
  link_->close();
  link_->send_again();
  log_.ups = 0;
  open();
  link_->send_again();
  settle();
  EXPECT_EQ(gateway_.available(), 0U);
}

// H-099: trailing bytes in a datagram: the message is discarded
TEST_F(UdpLinkTest, DiscardsADatagramWithMoreThanAMessage) {
  open();
  link_->send(request(1));
  receive();
  Bytes longer = *msg::encode(response(7));
  longer.push_back(0);
  say(longer);
  say(Bytes{});
  say(response(8));
  run_until([this] { return log_.messages.size() == 1; });
  EXPECT_EQ(log_.messages.at(0), response(8));
  EXPECT_EQ(log_.discarded.size(), 2U);
  EXPECT_EQ(log_.downs, 0);
}

TEST_F(UdpLinkTest, TakesTheLargestDatagram) {
  open();
  link_->send(request(1));
  receive();
  msg::DeRegisterResponse large;
  large.client = ClientId{7};
  large.trailer.vendor.push_back({1, 1, Bytes(65507 - 4 - 7 - 7)});
  say(large);
  run_until([this] { return log_.messages.size() == 1; });
}

TEST_F(UdpLinkTest, HearsNobodyButTheGateway) {
  open();
  link_->send(request(1));
  receive();
  udp::socket stranger(io_, {asio::ip::address_v4::loopback(), 0});
  boost::system::error_code ignored;
  stranger.send_to(asio::buffer(*msg::encode(response(6))), host_, 0, ignored);
  say(response(7));
  run_until([this] { return !log_.messages.empty(); });
  settle();
  EXPECT_EQ(log_.messages, std::vector<msg::Message>{response(7)});
}

TEST_F(UdpLinkTest, GoesDownWhenNobodyListens) {
  open();
  gateway_.close();
  link_->send(request(1));
  run_until([this] { return log_.downs == 1; });
  EXPECT_EQ(log_.reason.kind, ErrorKind::kUnreachable);
  EXPECT_NE(log_.reason.message.find("does not take UDP"), std::string::npos)
      << log_.reason.message;
  EXPECT_FALSE(log_.reason.hint.empty());
}

TEST_F(UdpLinkTest, TellsOnlyOnceThatItIsDown) {
  open();
  gateway_.close();
  link_->send(request(1));
  link_->send(request(2));
  EXPECT_EQ(log_.downs, 0) << "an event from within a call";
  run_until([this] { return log_.downs > 0; });
  link_->send(request(3));
  link_->send_again();
  settle();
  EXPECT_EQ(log_.downs, 1);
}

TEST_F(UdpLinkTest, DropsWhatIsSentBeforeItIsUp) {
  link_->open();
  link_->send(request(1));
  EXPECT_EQ(log_.ups, 0) << "an event from within a call";
  settle();
  EXPECT_EQ(log_.ups, 1);
  EXPECT_EQ(gateway_.available(), 0U);
}

TEST_F(UdpLinkTest, SaysNothingMoreAfterItWasClosed) {
  open();
  link_->send(request(1));
  receive();
  link_->close();
  boost::system::error_code ignored;
  gateway_.send_to(asio::buffer(*msg::encode(response(7))), host_, 0, ignored);
  settle();
  EXPECT_TRUE(log_.messages.empty());
  EXPECT_EQ(log_.downs, 0);
}

TEST_F(UdpLinkTest, MayBeDestroyedAtAnyMoment) {
  link_->open();
  link_.reset();
  settle();
  EXPECT_EQ(log_.ups + log_.downs, 0);
}

}  // namespace
}  // namespace rsip::agent
