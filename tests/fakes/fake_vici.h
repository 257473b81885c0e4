#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "agent/ipsec/vici_message.h"

namespace rsip::fakes {

/// Charon's VICI socket, served on the test's own event loop. It knows the commands that the agent
/// uses, and misbehaves when told to.
class FakeVici {
 public:
  using Section = agent::vici::Section;
  enum class Manners : std::uint8_t {
    kGood,
    kGarbage,  ///< answers with bytes that are no message
    kSilent,   ///< takes everything and says nothing
    kCut,      ///< ends in the middle of a message
    kHangUp,   ///< closes each connection at once
    kFlood,    ///< lists associations without end
    kUnasked,  ///< answers twice
  };

  FakeVici(boost::asio::io_context& io, std::string path);
  ~FakeVici() { stop(); }
  FakeVici(const FakeVici&) = delete;
  FakeVici& operator=(const FakeVici&) = delete;

  /// Listens. What an earlier one left at the path is replaced.
  void start();
  /// Ends all connections and removes the socket.
  void stop();
  /// To whoever has registered for it.
  void raise(const std::string& event, const Section& body = {});
  /// An IKE_SA with one CHILD_SA, as list-sas tells them.
  void add_sa(const std::string& connection, std::uint32_t spi_in, const std::string& local,
              const std::string& id, bool encapsulated = false);
  [[nodiscard]] int count(const std::string& command) const;

  Manners manners = Manners::kGood;
  std::string version = "5.9.8";
  std::string reload_error;         ///< Empty: reload-settings succeeds.
  std::vector<Section> sas;         ///< For list-sas.
  std::function<void()> on_reload;  ///< Called before the answer.
  std::function<void(const Section&)> on_terminate;
  std::vector<std::string> commands;  ///< In the order they came.
  std::vector<Section> terminated;    ///< Messages of `terminate`.
  std::set<std::string> unknown_events;
  [[nodiscard]] std::size_t connections() const { return peers_.size(); }

 private:
  struct Peer;
  using error_code = boost::system::error_code;

  void accept();
  void read(const std::shared_ptr<Peer>& peer);
  void take(const std::shared_ptr<Peer>& peer, const agent::vici::Packet& packet);
  void answer(const std::shared_ptr<Peer>& peer, const agent::vici::Packet& request);
  void misbehave(const std::shared_ptr<Peer>& peer);
  Section run(const std::shared_ptr<Peer>& peer, const std::string& command, const Section& body);
  void send(const std::shared_ptr<Peer>& peer, const agent::vici::Packet& packet);
  void send_bytes(const std::shared_ptr<Peer>& peer, std::vector<std::uint8_t> bytes);
  void write(const std::shared_ptr<Peer>& peer);

  boost::asio::io_context& io_;
  const std::string path_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  std::vector<std::shared_ptr<Peer>> peers_;
};

}  // namespace rsip::fakes
