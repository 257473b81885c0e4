#include "tests/gateway/slp/slp_agent.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include "tests/fakes/slp_peers.h"

namespace rsip::gateway {
namespace {

namespace asio = boost::asio;
using fakes::slp_address;
using fakes::SlpDirectory;
using std::chrono::milliseconds;

class SlpAgentTest : public fakes::SlpNetworkFixture {
 protected:
  static SlpAgentSettings settings(const char* address = "10.1.0.1") {
    SlpAgentSettings all;
    all.address = slp_address(address);
    all.service_address = all.address;
    all.retries = {milliseconds(50), milliseconds(100)};
    all.pause = milliseconds(100);
    all.load_interval = milliseconds(150);
    return all;
  }

  static SlpAgentSettings settings_with_directory() {
    auto all = settings();
    all.directory_agent = slp_address("10.1.0.5");
    return all;
  }

  static void start(SlpAgent& agent) {
    const auto started = agent.start();
    ASSERT_TRUE(started) << to_line(started.error());
  }

  static slp::Message request(bool multicast) {
    slp::Message message{{}, slp::ServiceRequest{"", "service:rsip", "DEFAULT", "", ""}};
    message.header.multicast = multicast;
    message.header.xid = 9;
    return message;
  }

  /// Sends a request to an address and gives the answer's sender and URL.
  std::string ask_at(const char* target) {
    asio::ip::udp::socket socket(io_, {asio::ip::make_address_v4("10.1.0.9"), 0});
    socket.set_option(
        asio::ip::multicast::outbound_interface(asio::ip::make_address_v4("10.1.0.9")));
    const asio::ip::udp::endpoint to(asio::ip::make_address_v4(target), slp::kPort);
    socket.send_to(asio::buffer(slp::encode(request(to.address().is_multicast())).value()), to);
    std::string answer;
    std::array<std::uint8_t, 1500> buffer{};
    asio::ip::udp::endpoint source;
    socket.async_receive_from(asio::buffer(buffer), source,
                              [&](boost::system::error_code error, std::size_t count) {
                                if (!error) answer = url_of(std::span(buffer).first(count));
                              });
    run_until([&answer] { return !answer.empty(); });
    return source.address().to_string() + " " + answer;
  }

  static std::string url_of(std::span<const std::uint8_t> bytes) {
    const auto message = slp::decode(bytes);
    if (!message) return "garbage";
    const auto& entries = std::get<slp::ServiceReply>(message->body).entries;
    return entries.empty() ? "nothing" : entries.front().url;
  }
};

// G-47: multicast and unicast are both answered, by unicast from the agent's own address.
TEST_F(SlpAgentTest, AnswersMulticastAndUnicast) {
  SlpAgent agent(io_, settings());
  start(agent);
  EXPECT_EQ(ask_at("239.255.255.253"), "10.1.0.1 service:rsip://10.1.0.1:4555");
  EXPECT_EQ(ask_at("10.1.0.1"), "10.1.0.1 service:rsip://10.1.0.1:4555");
}

TEST_F(SlpAgentTest, AnswersOverTcpOneRequestAfterTheOther) {
  SlpAgent agent(io_, settings());
  start(agent);
  asio::ip::tcp::socket socket(io_);
  socket.connect({asio::ip::make_address_v4("10.1.0.1"), slp::kPort});
  for (int i = 0; i < 2; ++i) {
    asio::write(socket, asio::buffer(slp::encode(request(false)).value()));
    run_until([&socket] { return socket.available() > 0; });
    std::vector<std::uint8_t> answer(socket.available());
    asio::read(socket, asio::buffer(answer));
    EXPECT_EQ(url_of(answer), "service:rsip://10.1.0.1:4555");
  }
}

TEST_F(SlpAgentTest, ClosesAConnectionOnWhichNoSlpIsSpoken) {
  SlpAgent agent(io_, settings());
  start(agent);
  asio::ip::tcp::socket socket(io_);
  socket.connect({asio::ip::make_address_v4("10.1.0.1"), slp::kPort});
  asio::write(socket, asio::buffer(std::string("GET / HTTP/1.1")));
  bool closed = false;
  std::array<char, 8> buffer{};
  socket.async_read_some(asio::buffer(buffer),
                         [&closed](boost::system::error_code error, std::size_t) {
                           closed = static_cast<bool>(error);
                         });
  run_until([&closed] { return closed; });
}

// G-47: registered, renewed before the lifetime of a second is over, and de-registered at the end.
TEST_F(SlpAgentTest, KeepsItselfRegisteredWithTheDirectoryAgent) {
  SlpDirectory directory(io_, "10.1.0.5");
  auto all = settings_with_directory();
  all.lifetime_s = 1;
  SlpAgent agent(io_, all);
  start(agent);
  run_until([&] { return directory.registrations.size() == 1; });
  const auto began = std::chrono::steady_clock::now();
  run_until([&] { return directory.registrations.size() == 2; });
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(1000));
  EXPECT_EQ(directory.registrations.back().entry.url, "service:rsip://10.1.0.1:4555");
  agent.stop();
  run_until([&] { return directory.deregistrations.size() == 1; });
}

// G-48: each change reaches the directory agent, but not more often than is set.
TEST_F(SlpAgentTest, TellsTheDirectoryAgentOfItsLoadAtABoundedRate) {
  SlpDirectory directory(io_, "10.1.0.5");
  SlpAgent agent(io_, settings_with_directory());
  start(agent);
  run_until([&] { return directory.registrations.size() == 1; });
  for (int load = 1; load <= 40; ++load) {
    agent.set_load(load);
    run_for(milliseconds(5));
  }
  run_until([&] {
    return directory.registrations.back().attributes.find("(load=40)") != std::string::npos;
  });
  EXPECT_LE(directory.registrations.size(), 5U);
  const auto count = directory.registrations.size();
  agent.set_load(40);
  run_for(milliseconds(300));
  EXPECT_EQ(directory.registrations.size(), count) << "nothing has changed";
}

// G-47: registrations that are lost are sent again.
TEST_F(SlpAgentTest, RegistersAgainUntilItIsAcknowledged) {
  SlpDirectory directory(io_, "10.1.0.5");
  directory.deaf_for = 3;
  SlpAgent agent(io_, settings_with_directory());
  start(agent);
  run_until([&] { return directory.registrations.size() == 4; });
  run_for(milliseconds(200));
  EXPECT_EQ(directory.registrations.size(), 4U);
}

// G-47: RFC 2608 section 12.2, a directory agent that has restarted has forgotten.
TEST_F(SlpAgentTest, FindsDirectoryAgentsAndNoticesTheirRestart) {
  SlpDirectory directory(io_, "10.1.0.5");
  SlpAgent agent(io_, settings());
  start(agent);
  run_until([&] { return directory.registrations.size() == 1; });
  directory.announce(1000);
  run_for(milliseconds(50));
  EXPECT_EQ(directory.registrations.size(), 1U);
  directory.announce(2000);
  run_until([&] { return directory.registrations.size() == 2; });
}

TEST_F(SlpAgentTest, HearsDirectoryAgentsThatComeLater) {
  SlpAgent agent(io_, settings());
  start(agent);
  run_for(milliseconds(20));
  SlpDirectory directory(io_, "10.1.0.5");
  directory.announce(1000);
  run_until([&] { return directory.registrations.size() == 1; });
}

TEST_F(SlpAgentTest, LeavesTheLoopWithNothingToDoWithinASecond) {
  SlpAgent agent(io_, settings_with_directory());  // and nobody is there to answer
  start(agent);
  run_for(milliseconds(20));
  agent.stop();
  const auto began = std::chrono::steady_clock::now();
  io_.restart();
  io_.run_for(std::chrono::seconds(3));
  EXPECT_TRUE(io_.stopped());
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(1100));
}

TEST_F(SlpAgentTest, SaysWhyItCannotStart) {
  SlpAgent first(io_, settings());
  start(first);
  SlpAgent second(io_, settings());
  const auto again = second.start();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kInUse);
  SlpAgent elsewhere(io_, settings("10.99.0.1"));
  const auto foreign = elsewhere.start();
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, ErrorKind::kConfigInvalid);
}

}  // namespace
}  // namespace rsip::gateway
