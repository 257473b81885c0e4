#include "agent/transport/stream_link.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;

const std::vector<std::uint8_t> kRegisterResponse = {
    1, 3, 0, 23,             // version, REGISTER_RESPONSE, length
    4, 0, 4, 0,  0, 0, 7,    // client ID 7
    3, 0, 4, 0,  0, 0, 100,  // lease time 100 s
    9, 0, 2, 1,  3,          // flow policy macro, none
};

/// A link to a listener on loopback that the test plays itself.
class TcpLink : public testing::Test {
 protected:
  TcpLink() : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), peer_(io_) {
    link_.emplace(io_, settings(acceptor_.local_endpoint().port()),
                  LinkEvents{[this] { ++ups_; },
                             [this](const Error& reason) {
                               ++downs_;
                               reason_ = reason;
                             },
                             [this](const msg::Message& m) { messages_.push_back(m); },
                             [this](const msg::DecodeError& e) { discarded_.push_back(e); }});
  }

  static LinkSettings settings(std::uint16_t port) {
    LinkSettings all;
    all.address = Ipv4Address{0x7F000001};
    all.port = port;
    all.connect_timeout = milliseconds(300);
    all.close_timeout = milliseconds(100);
    return all;
  }

  void connect() {
    link_->open();
    acceptor_.async_accept(peer_, [](boost::system::error_code) {});
    run_until([this] { return ups_ > 0 && peer_.is_open(); });
  }

  void say(std::span<const std::uint8_t> bytes) {
    asio::write(peer_, asio::buffer(bytes.data(), bytes.size()));
  }

  /// Runs the loop until the condition holds, two seconds at most.
  template <class Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(milliseconds(20));
    }
    EXPECT_TRUE(condition());
  }

  static msg::Message big_message() {
    msg::RegisterRequest request;
    request.trailer.vendor.push_back({1, 1, std::vector<std::uint8_t>(60000)});
    return request;
  }

  /// Sends until the kernel takes no more and writes wait.
  void fill_the_connection() {
    for (int i = 0; i < 50; ++i) {
      for (int burst = 0; burst < 30; ++burst) link_->send(big_message());
      io_.restart();
      if (io_.poll() == 0) return;
    }
    FAIL() << "the connection takes everything";
  }

  asio::io_context io_;
  tcp::acceptor acceptor_;
  tcp::socket peer_;
  std::optional<StreamLink> link_;
  int ups_ = 0;
  int downs_ = 0;
  Error reason_;
  std::vector<msg::Message> messages_;
  std::vector<msg::DecodeError> discarded_;
};

// H-018, H-054: the control channel over TCP
TEST_F(TcpLink, CarriesMessagesBothWays) {
  connect();
  link_->send(msg::RegisterRequest{});
  std::uint8_t request[4] = {};
  run_until([&] { return peer_.available() == 4; });
  peer_.read_some(asio::buffer(request));
  EXPECT_EQ(request[1], 2);
  say(kRegisterResponse);
  run_until([this] { return messages_.size() == 1; });
  EXPECT_EQ(std::get<msg::RegisterResponse>(messages_.at(0)).client, ClientId{7});
}

TEST_F(TcpLink, PutsAMessageTogetherThatComesByteByByte) {
  connect();
  for (const std::uint8_t byte : kRegisterResponse) {
    say({&byte, 1});
    io_.restart();
    io_.run_one_for(milliseconds(2));
  }
  run_until([this] { return messages_.size() == 1; });
}

// H-099: TCP is cut into messages by their overall length
TEST_F(TcpLink, TakesSeveralMessagesFromOneSegment) {
  connect();
  std::vector<std::uint8_t> three;
  for (int i = 0; i < 3; ++i) {
    three.insert(three.end(), kRegisterResponse.begin(), kRegisterResponse.end());
  }
  say(three);
  run_until([this] { return messages_.size() == 3; });
}

TEST_F(TcpLink, DiscardsAMessageThatIsWrongAndGoesOn) {
  connect();
  say(std::vector<std::uint8_t>{1, 3, 0, 5, 0});
  say(kRegisterResponse);
  run_until([this] { return messages_.size() == 1; });
  EXPECT_EQ(discarded_.size(), 1U);
  EXPECT_EQ(downs_, 0);
}

TEST_F(TcpLink, GivesUpAStreamInWhichNoMessageCanBeFound) {
  connect();
  say(std::vector<std::uint8_t>{'H', 'T', 'T', 'P', '/', '1'});
  run_until([this] { return downs_ == 1; });
  EXPECT_EQ(reason_.kind, ErrorKind::kProtocol);
}

TEST_F(TcpLink, SaysThatNobodyListens) {
  StreamLink link(io_, settings(1),
                  LinkEvents{{},
                             [this](const Error& reason) {
                               ++downs_;
                               reason_ = reason;
                             },
                             {},
                             {}});
  link.open();
  run_until([this] { return downs_ == 1; });
  EXPECT_EQ(reason_.kind, ErrorKind::kUnreachable);
  EXPECT_NE(reason_.message.find("127.0.0.1:1"), std::string::npos);
}

TEST_F(TcpLink, TellsOnceThatTheGatewayClosed) {
  connect();
  peer_.close();
  run_until([this] { return downs_ == 1; });
  EXPECT_NE(reason_.message.find("closed by the gateway"), std::string::npos);
  io_.restart();
  io_.run_for(milliseconds(50));
  EXPECT_EQ(downs_, 1);
}

TEST_F(TcpLink, SaysNothingMoreAfterItWasClosed) {
  connect();
  link_->close();
  boost::system::error_code ignored;
  peer_.write_some(asio::buffer(kRegisterResponse), ignored);
  peer_.close();
  io_.restart();
  io_.run_for(milliseconds(50));
  EXPECT_EQ(downs_, 0);
  EXPECT_TRUE(messages_.empty());
}

TEST_F(TcpLink, LeavesRetransmissionToTcp) {
  connect();
  link_->send(msg::RegisterRequest{});
  link_->send_again();
  link_->close();
  run_until([&] { return peer_.available() >= 4; });
  io_.restart();
  io_.run_for(milliseconds(20));
  EXPECT_EQ(peer_.available(), 4U);
}

TEST_F(TcpLink, SendsWhatWasQueuedBeforeItCloses) {
  connect();
  link_->send(msg::DeRegisterRequest{ClientId{7}, {}});
  link_->close();
  run_until([&] { return peer_.available() == 11; });
}

TEST_F(TcpLink, ClosesInTimeThoughTheGatewayTakesNothing) {
  connect();
  fill_the_connection();
  link_->close();
  link_.reset();
  io_.restart();
  const auto began = std::chrono::steady_clock::now();
  io_.run_for(std::chrono::seconds(2));  // ends when nothing is left to do
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(1500));
}

TEST_F(TcpLink, GivesUpAGatewayThatTakesNoMoreMessages) {
  connect();
  fill_the_connection();
  for (int i = 0; i < 70; ++i) link_->send(big_message());
  EXPECT_EQ(downs_, 0) << "an event from within a call";
  run_until([this] { return downs_ == 1; });
  EXPECT_NE(reason_.message.find("takes no more"), std::string::npos);
}

TEST_F(TcpLink, CanBeOpenedAgain) {
  connect();
  peer_.close();
  run_until([this] { return downs_ == 1; });
  peer_ = tcp::socket(io_);
  ups_ = 0;
  connect();
  say(kRegisterResponse);
  run_until([this] { return messages_.size() == 1; });
}

TEST_F(TcpLink, MayBeDestroyedAtAnyMoment) {
  link_->open();
  link_.reset();
  io_.restart();
  io_.run_for(milliseconds(50));
  EXPECT_EQ(ups_ + downs_, 0);
}

}  // namespace
}  // namespace rsip::agent
