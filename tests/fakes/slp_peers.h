#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>

#include "common/slp/codec.h"
#include "common/slp/text.h"
#include "tests/fakes/private_network.h"

namespace rsip::fakes {

inline Ipv4Address slp_address(const char* text) {
  return Ipv4Address::parse(text).value();
}

/// Somebody who speaks SLP at an address and does what a test says.
class SlpPeer {
 public:
  using Bytes = std::vector<std::uint8_t>;
  /// What to send back to a message; bytes, so that it may be wrong.
  using Script = std::function<std::vector<Bytes>(const slp::Message&, bool multicast)>;

  SlpPeer(boost::asio::io_context& io, const char* address, Script script)
      : own_(io), group_(io), script_(std::move(script)) {
    namespace asio = boost::asio;
    const auto at = asio::ip::make_address_v4(address);
    const asio::ip::address_v4 group(slp::kMulticastGroup.value);
    own_.socket.open(asio::ip::udp::v4());
    own_.socket.bind({at, slp::kPort});
    own_.socket.set_option(asio::ip::multicast::outbound_interface(at));
    group_.socket.open(asio::ip::udp::v4());
    group_.socket.set_option(asio::ip::udp::socket::reuse_address(true));
    group_.socket.bind({group, slp::kPort});
    group_.socket.set_option(asio::ip::multicast::join_group(group, at));
    listen(own_, false);
    listen(group_, true);
  }

  void send_to_group(const slp::Message& message) {
    own_.socket.send_to(boost::asio::buffer(slp::encode(message).value()),
                        {boost::asio::ip::address_v4(slp::kMulticastGroup.value), slp::kPort});
  }

 private:
  struct Ear {
    explicit Ear(boost::asio::io_context& io) : socket(io) {}
    boost::asio::ip::udp::socket socket;
    std::array<std::uint8_t, 4096> buffer{};
    boost::asio::ip::udp::endpoint source;
  };

  void listen(Ear& ear, bool multicast) {
    ear.socket.async_receive_from(
        boost::asio::buffer(ear.buffer), ear.source,
        [this, &ear, multicast](boost::system::error_code error, std::size_t count) {
          if (error) return;
          const auto message = slp::decode(std::span(ear.buffer).first(count));
          if (message) reply(*message, multicast, ear.source);
          listen(ear, multicast);
        });
  }

  void reply(const slp::Message& message, bool multicast,
             const boost::asio::ip::udp::endpoint& source) {
    for (const Bytes& bytes : script_(message, multicast)) {
      own_.socket.send_to(boost::asio::buffer(bytes), source);
    }
  }

  Ear own_;
  Ear group_;
  Script script_;
};

/// The bytes of a reply to a request.
inline SlpPeer::Bytes slp_reply(const slp::Message& request, slp::Body body) {
  slp::Message message{{}, std::move(body)};
  message.header.xid = request.header.xid;
  return slp::encode(message).value();
}

/// A directory agent: remembers what is registered, and tells.
class SlpDirectory {
 public:
  SlpDirectory(boost::asio::io_context& io, const char* address)
      : url_(std::string("service:directory-agent://") + address),
        peer_(io, address, [this](const slp::Message& message, bool) { return answer(message); }) {}

  void announce(std::uint32_t boot_timestamp_s) {
    boot_timestamp_s_ = boot_timestamp_s;
    peer_.send_to_group({{}, advert()});
  }

  std::vector<slp::ServiceRegistration> registrations;  ///< All that ever came.
  std::vector<slp::ServiceDeregistration> deregistrations;
  int queries = 0;
  int deaf_for = 0;  ///< So many registrations get no answer.

 private:
  using Replies = std::vector<SlpPeer::Bytes>;

  [[nodiscard]] slp::DirectoryAdvert advert() const {
    slp::DirectoryAdvert advert;
    advert.boot_timestamp_s = boot_timestamp_s_;
    advert.url = url_;
    advert.scopes = "DEFAULT";
    return advert;
  }

  Replies answer(const slp::Message& message) {
    if (const auto* request = std::get_if<slp::ServiceRequest>(&message.body)) {
      return answer(message, *request);
    }
    if (const auto* registration = std::get_if<slp::ServiceRegistration>(&message.body)) {
      registrations.push_back(*registration);
      if (deaf_for-- > 0) return {};
      return {slp_reply(message, slp::ServiceAcknowledge{})};
    }
    if (const auto* gone = std::get_if<slp::ServiceDeregistration>(&message.body)) {
      deregistrations.push_back(*gone);
      return {slp_reply(message, slp::ServiceAcknowledge{})};
    }
    if (const auto* request = std::get_if<slp::AttributeRequest>(&message.body)) {
      return {slp_reply(message, slp::AttributeReply{{}, attributes_of(request->url)})};
    }
    return {};
  }

  Replies answer(const slp::Message& message, const slp::ServiceRequest& request) {
    if (request.service_type == "service:directory-agent") {
      const bool known = request.previous_responders.find(url_.substr(26)) != std::string::npos;
      return known ? Replies() : Replies{slp_reply(message, advert())};
    }
    if (message.header.multicast) return {};
    ++queries;
    slp::ServiceReply reply;
    for (const auto& one : registrations) reply.entries.push_back(one.entry);
    return {slp_reply(message, reply)};
  }

  std::string attributes_of(const std::string& url) {
    for (auto one = registrations.rbegin(); one != registrations.rend(); ++one) {
      if (one->entry.url == url) return one->attributes;
    }
    return {};
  }

  std::string url_;
  std::uint32_t boot_timestamp_s_ = 1000;
  SlpPeer peer_;
};

/// A network 10.1.0.0/24 in which this machine is everybody, from 10.1.0.1 to 10.1.0.9.
class SlpNetworkFixture : public PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    run("ip link add lan type veth peer name far && ip link set far up && ip link set lan up");
    for (int host = 1; host < 10; ++host) {
      run("ip addr add 10.1.0." + std::to_string(host) + "/24 dev lan");
    }
  }

  /// Runs the loop until the condition holds, three seconds at most.
  template <class Condition>
  void run_until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (!condition() && std::chrono::steady_clock::now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(20));
    }
    EXPECT_TRUE(condition());
  }

  void run_for(std::chrono::milliseconds time) {
    io_.restart();
    io_.run_for(time);
  }

  boost::asio::io_context io_;
};

}  // namespace rsip::fakes
