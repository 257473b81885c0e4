#include "tests/fakes/fake_vici.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <unistd.h>
#include <utility>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace rsip::fakes {

namespace asio = boost::asio;
using agent::vici::Packet;
using agent::vici::PacketType;

struct FakeVici::Peer {
  explicit Peer(asio::local::stream_protocol::socket accepted) : socket(std::move(accepted)) {}

  asio::local::stream_protocol::socket socket;
  std::set<std::string> events;
  std::array<std::uint8_t, 4> length{};
  std::vector<std::uint8_t> body;
  std::deque<std::vector<std::uint8_t>> unsent;
  bool last = false;  ///< Nothing follows what is unsent.
};

FakeVici::FakeVici(asio::io_context& io, std::string path)
    : io_(io), path_(std::move(path)), acceptor_(io) {}

void FakeVici::start() {
  unlink(path_.c_str());
  acceptor_.open();
  acceptor_.bind(path_);
  acceptor_.listen();
  accept();
}

void FakeVici::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& peer : peers_) peer->socket.close(ignored);
  peers_.clear();
  unlink(path_.c_str());
}

void FakeVici::accept() {
  acceptor_.async_accept([this](const error_code& error, auto socket) {
    if (error) return;
    const auto peer = std::make_shared<Peer>(std::move(socket));
    if (manners != Manners::kHangUp) {
      peers_.push_back(peer);
      read(peer);
    }
    accept();
  });
}

void FakeVici::read(const std::shared_ptr<Peer>& peer) {
  asio::async_read(peer->socket, asio::buffer(peer->length),
                   [this, peer](const error_code& error, std::size_t) {
                     if (error) {
                       if (error != asio::error::operation_aborted) std::erase(peers_, peer);
                       return;
                     }
                     std::size_t length = 0;
                     for (const std::uint8_t byte : peer->length) length = length << 8 | byte;
                     peer->body.resize(length);
                     asio::async_read(peer->socket, asio::buffer(peer->body),
                                      [this, peer](const error_code& cut, std::size_t) {
                                        if (cut) return;
                                        if (const auto packet = agent::vici::decode(peer->body)) {
                                          take(peer, *packet);
                                        }
                                        if (peer->socket.is_open()) read(peer);
                                      });
                   });
}

void FakeVici::take(const std::shared_ptr<Peer>& peer, const Packet& packet) {
  if (packet.type == PacketType::kRequest) return answer(peer, packet);
  if (unknown_events.contains(packet.name)) return send(peer, {PacketType::kUnknownEvent, "", {}});
  if (packet.type == PacketType::kRegister) peer->events.insert(packet.name);
  send(peer, {PacketType::kConfirmed, "", {}});
}

void FakeVici::answer(const std::shared_ptr<Peer>& peer, const Packet& request) {
  commands.push_back(request.name);
  if (manners != Manners::kGood) return misbehave(peer);
  Packet response{PacketType::kResponse, "", run(peer, request.name, request.body)};
  send(peer, response);
}

void FakeVici::misbehave(const std::shared_ptr<Peer>& peer) {
  const Packet response{PacketType::kResponse, "", {}};
  switch (manners) {
    case Manners::kGarbage:
      return send_bytes(peer, {'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', '0', '0'});
    case Manners::kCut:
      peer->last = true;
      return send_bytes(peer, {0, 0, 0, 20, 1, 3});
    case Manners::kUnasked:
      send(peer, response);
      return send(peer, response);
    case Manners::kFlood:
      for (int i = 0; i < 5000; ++i) send(peer, {PacketType::kEvent, "list-sa", {}});
      return;
    default:
      return;
  }
}

FakeVici::Section FakeVici::run(const std::shared_ptr<Peer>& peer, const std::string& command,
                                const Section& body) {
  Section result;
  if (command == "version") result.set("version", version);
  if (command == "list-sas" && peer->events.contains("list-sa")) {
    for (const Section& sa : sas) send(peer, {PacketType::kEvent, "list-sa", sa});
  }
  if (command == "initiate" || command.starts_with("load-") || command == "unload-conn") {
    result.set("success", std::string("yes"));
  }
  if (command == "terminate") {
    terminated.push_back(body);
    if (on_terminate) on_terminate(body);
    result.set("success", std::string("yes"));
  }
  if (command == "reload-settings") {
    if (on_reload) on_reload();
    result.set("success", std::string(reload_error.empty() ? "yes" : "no"));
    if (!reload_error.empty()) result.set("errmsg", reload_error);
  }
  return result;
}

void FakeVici::raise(const std::string& event, const Section& body) {
  for (const auto& peer : peers_) {
    if (peer->events.contains(event)) send(peer, {PacketType::kEvent, event, body});
  }
}

void FakeVici::add_sa(const std::string& connection, std::uint32_t spi_in, const std::string& local,
                      const std::string& id, bool encapsulated) {
  std::array<char, 9> hex{};
  std::snprintf(hex.data(), hex.size(), "%08x", spi_in);
  Section child;
  child.set("name", std::string("net"));
  child.set("uniqueid", "1" + id);
  child.set("state", std::string("INSTALLED"));
  child.set("protocol", std::string("ESP"));
  if (encapsulated) child.set("encap", std::string("yes"));
  child.set("spi-in", std::string(hex.data()));
  child.set("spi-out", std::string("c0000001"));
  Section children;
  children.set("net-1" + id, child);
  Section sa;
  sa.set("uniqueid", id);
  sa.set("local-host", local);
  sa.set("local-port", std::string("40000"));
  sa.set("child-sas", children);
  Section event;
  event.set(connection, sa);
  sas.push_back(event);
}

int FakeVici::count(const std::string& command) const {
  return static_cast<int>(std::ranges::count(commands, command));
}

void FakeVici::send(const std::shared_ptr<Peer>& peer, const Packet& packet) {
  const auto bytes = agent::vici::encode(packet);
  if (bytes) send_bytes(peer, *bytes);
}

void FakeVici::send_bytes(const std::shared_ptr<Peer>& peer, std::vector<std::uint8_t> bytes) {
  peer->unsent.push_back(std::move(bytes));
  if (peer->unsent.size() == 1) write(peer);
}

void FakeVici::write(const std::shared_ptr<Peer>& peer) {
  asio::async_write(peer->socket, asio::buffer(peer->unsent.front()),
                    [this, peer](const error_code& error, std::size_t) {
                      peer->unsent.pop_front();
                      if (error) return;
                      if (!peer->unsent.empty()) return write(peer);
                      error_code ignored;
                      if (peer->last) peer->socket.close(ignored);
                    });
}

}  // namespace rsip::fakes
