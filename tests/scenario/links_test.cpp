#include <chrono>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "agent/transport/make_link.h"
#include "tests/fakes/certificates.h"
#include "tests/gateway/server/control_server.h"

// The agent's links and the gateway's server, each made from its own reading of RFC 3103 section 5
// and of common/auth, talking to each other over loopback.
namespace rsip {
namespace {

using agent::LinkSettings;

constexpr Ipv4Address kLoopback{0x7F000001};
const auth::Key kKey{5, *auth::Secret::parse("correct horse battery")};

enum class Trust { kNone, kCertificate, kPsk };

struct Way {
  const char* name;
  agent::Transport transport;
  Trust trust;
  bool sealed;
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

class LinksThatDiffer : public testing::Test {
 protected:
  static fakes::CertificateAuthority& authority() {
    static fakes::CertificateAuthority one;
    return one;
  }

  static gateway::ServerSettings server_settings(bool sealed) {
    static const auto files = authority().issue();
    gateway::ServerSettings settings;
    settings.listen = kLoopback;
    if (sealed) settings.auth.keys = {{kKey}};
    settings.auth.required = sealed;
    settings.tls.emplace();
    settings.tls->certificate = files.certificate;
    settings.tls->private_key = files.private_key;
    settings.tls->psks = {{"host-7", kKey.secret}};
    return settings;
  }

  void start_gateway(const gateway::ServerSettings& settings) {
    gateway::ServerEvents events;
    events.received = [this](const gateway::Sender& from, const auto& received) {
      senders_.push_back(from);
      const auto& request = std::get<msg::RegisterRequest>(*received);
      msg::RegisterResponse response{{7}, msg::LeaseTime(100), {}, {}, {}, {}};
      response.trailer.counter = request.trailer.counter;
      return std::vector<msg::Message>{response};
    };
    events.closed = [](Ipv4Address, const char*) {};
    events.refused = [this](Ipv4Address, const char* reason) { refused_.emplace_back(reason); };
    server_.emplace(io_, settings, events);
    const auto listening = server_->listen();
    ASSERT_TRUE(listening) << listening.error().message;
  }

  LinkSettings link_settings(const Way& way) {
    LinkSettings settings;
    settings.address = kLoopback;
    settings.transport = way.transport;
    const bool tls = way.transport == agent::Transport::kTls;
    settings.port = tls ? server_->tls_port() : server_->port();
    if (way.trust == Trust::kCertificate) settings.tls.ca_file = authority().ca_file();
    if (way.trust == Trust::kPsk) settings.tls.psk = kKey.secret;
    settings.tls.psk_identity = "host-7";
    if (way.sealed) settings.key = kKey;
    settings.authentication_required = way.sealed;
    return settings;
  }

  void open(const LinkSettings& settings) {
    link_ = agent::make_link(io_, settings,
                             {[this] { ++ups_; },
                              [this](const Error& why) { down_ = why; },
                              [this](const msg::Message& message) { messages_.push_back(message); },
                              {},
                              [this](const Error& why) { rejected_.push_back(why); }});
    link_->open();
    run_until([this] { return ups_ > 0 || down_; });
  }

  void register_with(std::uint32_t counter) {
    msg::RegisterRequest request;
    request.trailer.counter = counter;
    link_->send(request);
    const std::size_t before = messages_.size();
    run_until([&] { return messages_.size() > before || down_; });
  }

  template <class Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
    EXPECT_TRUE(condition());
  }

  boost::asio::io_context io_;
  std::optional<gateway::ControlServer> server_;
  std::unique_ptr<agent::GatewayLink> link_;
  int ups_ = 0;
  std::optional<Error> down_;
  std::vector<msg::Message> messages_;
  std::vector<Error> rejected_;
  std::vector<gateway::Sender> senders_;
  std::vector<std::string> refused_;
};

class Links : public LinksThatDiffer, public testing::WithParamInterface<Way> {};

// H-018, H-020, A-14, G-08: every transport, authenticated or not
TEST_P(Links, CarryRequestsAnswersAndNotices) {
  start_gateway(server_settings(GetParam().sealed));
  open(link_settings(GetParam()));
  ASSERT_FALSE(down_) << to_line(*down_);
  register_with(1);
  register_with(2);
  ASSERT_EQ(messages_.size(), 2U);
  EXPECT_EQ(std::get<msg::RegisterResponse>(messages_[1]).client, ClientId{7});
  EXPECT_TRUE(server_->send(kLoopback, msg::DeRegisterResponse{{7}, {}}));
  run_until([this] { return messages_.size() == 3; });
  ASSERT_EQ(senders_.size(), 2U);
  EXPECT_EQ(senders_[1].key.has_value(), GetParam().sealed);
  const bool udp = GetParam().transport == agent::Transport::kUdp;
  EXPECT_EQ(senders_[1].transport, udp ? gateway::Transport::kUdp : gateway::Transport::kTcp);
  EXPECT_TRUE(refused_.empty());
  EXPECT_TRUE(rejected_.empty());
}

INSTANTIATE_TEST_SUITE_P(
    , Links,
    testing::Values(Way{"Tcp", agent::Transport::kTcp, Trust::kNone, false},
                    Way{"TcpSealed", agent::Transport::kTcp, Trust::kNone, true},
                    Way{"Udp", agent::Transport::kUdp, Trust::kNone, false},
                    Way{"UdpSealed", agent::Transport::kUdp, Trust::kNone, true},
                    Way{"TlsByCertificate", agent::Transport::kTls, Trust::kCertificate, false},
                    Way{"TlsByPsk", agent::Transport::kTls, Trust::kPsk, false},
                    Way{"TlsSealed", agent::Transport::kTls, Trust::kPsk, true}),
    [](const auto& way) { return way.param.name; });

const Way kTcpSealed{"", agent::Transport::kTcp, Trust::kNone, true};
const Way kUdpSealed{"", agent::Transport::kUdp, Trust::kNone, true};
const Way kUdpPlain{"", agent::Transport::kUdp, Trust::kNone, false};

// H-161, G-37: the same bytes again, the same answer again, carried out once
TEST_F(LinksThatDiffer, GetTheAnswerThatWasLostByAskingAgain) {
  start_gateway(server_settings(false));
  open(link_settings(kUdpPlain));
  register_with(1);
  link_->send_again();
  run_until([this] { return messages_.size() == 2; });
  EXPECT_EQ(messages_[0], messages_[1]);
  EXPECT_EQ(senders_.size(), 1U);
}

TEST_F(LinksThatDiffer, TakeASealedAnswerOnlyOnceThoughItComesAgain) {
  start_gateway(server_settings(true));
  open(link_settings(kUdpSealed));
  register_with(1);
  link_->send_again();
  run_until([this] { return rejected_.size() == 1; });
  EXPECT_EQ(messages_.size(), 1U);
  EXPECT_EQ(senders_.size(), 1U);
  EXPECT_TRUE(refused_.empty()) << "a copy is no attack";
}

TEST_F(LinksThatDiffer, AreDeniedWithoutAKeyIfTheGatewayRequiresOne) {
  start_gateway(server_settings(true));
  open(link_settings(kUdpPlain));
  register_with(1);
  ASSERT_EQ(messages_.size(), 1U);
  EXPECT_EQ(std::get<msg::ErrorResponse>(messages_[0]).code(), msg::ErrorCode::kRegistrationDenied);
}

TEST_F(LinksThatDiffer, GiveUpAGatewayWithoutKeysIfTheyRequireThem) {
  start_gateway(server_settings(false));
  open(link_settings(kTcpSealed));
  register_with(1);
  ASSERT_TRUE(down_);
  EXPECT_EQ(down_->kind, ErrorKind::kDenied);
  EXPECT_TRUE(messages_.empty());
}

TEST_F(LinksThatDiffer, GetNoAnswerWithAnotherSecret) {
  start_gateway(server_settings(true));
  LinkSettings settings = link_settings(kUdpSealed);
  settings.key->secret = *auth::Secret::parse("another secret of sufficient length");
  open(settings);
  link_->send(msg::RegisterRequest{});
  run_until([this] { return !refused_.empty(); });
  EXPECT_TRUE(senders_.empty());
  EXPECT_TRUE(messages_.empty());
}

TEST_F(LinksThatDiffer, AreUnderstoodByAGatewayThatHasRestarted) {
  gateway::ServerSettings settings = server_settings(true);
  start_gateway(settings);
  open(link_settings(kUdpSealed));
  register_with(1);
  settings.port = server_->port();
  server_.reset();
  io_.restart();
  io_.poll();
  start_gateway(settings);
  register_with(2);
  EXPECT_EQ(messages_.size(), 2U);
  EXPECT_TRUE(rejected_.empty());
}

}  // namespace
}  // namespace rsip
