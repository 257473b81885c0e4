#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>

#include "agent/transport/make_link.h"
#include "common/auth/opener.h"
#include "common/auth/sealer.h"
#include "tests/unit/agent/transport/link_fixture.h"

namespace rsip::agent {
namespace {

namespace asio = boost::asio;
using Bytes = std::vector<std::uint8_t>;

const auth::Key kKey{9, *auth::Secret::parse("correct horse battery")};

Bytes sealed_response(const msg::Message& message, std::uint64_t counter) {
  Bytes bytes = *msg::encode(message);
  auth::Sealer sealer(kKey, auth::Direction::kGatewayToHost, counter);
  EXPECT_TRUE(sealer.seal(bytes));
  return bytes;
}

class SealedLink : public LinkFixture {
 protected:
  SealedLink()
      : udp_(io_, {asio::ip::address_v4::loopback(), 0}),
        acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
        tcp_(io_),
        opener_(kKey, auth::Direction::kHostToGateway) {}

  void open_udp() {
    LinkSettings all = settings(udp_.local_endpoint().port(), Transport::kUdp);
    all.key = kKey;
    all.authentication_required = true;
    link_ = make_link(io_, all, log_.events());
    link_->open();
    run_until([this] { return log_.ups == 1; });
  }

  Bytes datagram() {
    run_until([this] { return udp_.available() > 0; });
    Bytes bytes(65536);
    bytes.resize(udp_.receive_from(asio::buffer(bytes), host_));
    return bytes;
  }

  asio::ip::udp::socket udp_;
  asio::ip::udp::endpoint host_;
  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket tcp_;
  auth::Opener opener_;
  std::unique_ptr<GatewayLink> link_;
};

// H-020, A-14: every message of a host that has a key carries a seal with a new counter
TEST_F(SealedLink, SealsWhatItSends) {
  open_udp();
  std::uint64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    link_->send(msg::RegisterRequest{});
    const auto opened = opener_.open(datagram());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->message, *msg::encode(msg::RegisterRequest{}));
    EXPECT_GT(opened->counter, last);
    last = opened->counter;
  }
}

// H-161: a retransmission has the seal of the first transmission, too
TEST_F(SealedLink, SendsTheSameSealAgain) {
  open_udp();
  link_->send(msg::RegisterRequest{});
  const Bytes first = datagram();
  link_->send_again();
  EXPECT_EQ(datagram(), first);
}

TEST_F(SealedLink, NeverUsesACounterAgainAfterItWasOpenedAgain) {
  open_udp();
  link_->send(msg::RegisterRequest{});
  EXPECT_TRUE(opener_.open(datagram()));
  link_->open();
  run_until([this] { return log_.ups == 2; });
  link_->send(msg::RegisterRequest{});
  EXPECT_TRUE(opener_.open(datagram()));
}

TEST_F(SealedLink, TakesGenuineAnswersOnly) {
  open_udp();
  link_->send(msg::RegisterRequest{});
  const std::uint64_t counter = opener_.open(datagram())->counter;
  udp_.send_to(asio::buffer(sealed_response(response(1), counter - 1)), host_);  // a recorded one
  Bytes forged = sealed_response(response(2), counter + 1);
  forged.back() ^= 1;
  udp_.send_to(asio::buffer(forged), host_);
  udp_.send_to(asio::buffer(sealed_response(response(3), counter + 1)), host_);
  run_until([this] { return !log_.messages.empty(); });
  EXPECT_EQ(log_.messages, std::vector<msg::Message>{response(3)});
  EXPECT_EQ(log_.rejected.size(), 2U);
  EXPECT_EQ(log_.downs, 0);
}

// H-020: no unauthenticated gateway where authentication is required
TEST_F(SealedLink, GoesDownWhenTheGatewayDoesNotSeal) {
  open_udp();
  link_->send(msg::RegisterRequest{});
  datagram();
  udp_.send_to(asio::buffer(*msg::encode(response(1))), host_);
  run_until([this] { return log_.downs == 1; });
  EXPECT_EQ(log_.reason.kind, ErrorKind::kDenied);
  EXPECT_TRUE(log_.messages.empty());
}

TEST_F(SealedLink, WorksOverTcpAsWell) {
  LinkSettings all = settings(acceptor_.local_endpoint().port(), Transport::kTcp);
  all.key = kKey;
  link_ = make_link(io_, all, log_.events());
  link_->open();
  acceptor_.async_accept(tcp_, [](boost::system::error_code) {});
  run_until([this] { return log_.ups == 1 && tcp_.is_open(); });
  link_->send(msg::RegisterRequest{});
  run_until([this] { return tcp_.available() == 4 + auth::kSealBytes; });
  Bytes request(tcp_.available());
  tcp_.read_some(asio::buffer(request));
  const auto opened = opener_.open(request);
  ASSERT_TRUE(opened);
  asio::write(tcp_, asio::buffer(sealed_response(response(1), opened->counter + 1)));
  run_until([this] { return log_.messages.size() == 1; });
  asio::write(tcp_, asio::buffer(*msg::encode(response(2))));
  run_until([this] { return log_.rejected.size() == 1; });
  EXPECT_EQ(log_.messages.size(), 1U);
  EXPECT_EQ(log_.downs, 0);
}

}  // namespace
}  // namespace rsip::agent
