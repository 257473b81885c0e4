#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "common/ipc/protocol.h"

namespace rsip {

/// Answers on a Unix socket as the agent does, with what a test says. Subscribers are told the
/// events of a script: at once, or after the next call that changes something.
class ScriptedAgent {
 public:
  using Handler = std::function<Result<ipc::Answer>(const ipc::Call&)>;

  explicit ScriptedAgent(Handler handler) : handler_(std::move(handler)) {
    char folder[] = "/tmp/rsip-scripted-agent-XXXXXX";
    folder_ = mkdtemp(folder);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)!bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    (void)!listen(listener_, 8);
    (void)!pipe(stop_);
    server_ = std::thread([this] { serve(); });
  }
  ~ScriptedAgent() {
    (void)!write(stop_[1], "x", 1);
    server_.join();
    for (const int descriptor : {listener_, stop_[0], stop_[1]}) close(descriptor);
    std::filesystem::remove_all(folder_);
  }
  ScriptedAgent(const ScriptedAgent&) = delete;
  ScriptedAgent& operator=(const ScriptedAgent&) = delete;

  [[nodiscard]] std::string path() const { return folder_ + "/agent.sock"; }

  /// Told to a subscriber right after its snapshot.
  std::vector<ipc::EventBody> at_once;
  /// Told to subscribers once a call of another kind was answered.
  std::vector<ipc::EventBody> after_change;
  /// Ends a subscription after its events, as an agent that ends.
  bool ends = false;
  /// The calls so far. Read it when the client is done.
  std::vector<ipc::Call> calls;

 private:
  struct Client {
    int descriptor;
    bool subscribed = false;
    std::string received;
  };

  void serve() {
    std::vector<Client> clients;
    for (;;) {
      std::vector<pollfd> waiting = {{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const Client& client : clients) waiting.push_back({client.descriptor, POLLIN, 0});
      poll(waiting.data(), waiting.size(), -1);
      if (waiting[0].revents != 0) break;
      for (std::size_t i = 0; i < clients.size(); ++i) {
        if (waiting[i + 2].revents != 0) read_from(clients[i], clients);
      }
      std::erase_if(clients, [](const Client& client) { return client.descriptor < 0; });
      if (waiting[1].revents != 0) {
        clients.push_back({accept(listener_, nullptr, nullptr), false, {}});
        say(clients.back(), ipc::encode_hello("9.9.9"));
      }
    }
    for (Client& client : clients) hang_up(client);
  }

  void read_from(Client& client, std::vector<Client>& clients) {
    char chunk[4096];
    const ssize_t count = read(client.descriptor, chunk, sizeof chunk);
    if (count <= 0) return hang_up(client);
    client.received.append(chunk, static_cast<std::size_t>(count));
    for (std::size_t end; (end = client.received.find('\n')) != std::string::npos;) {
      const std::string line = client.received.substr(0, end);
      client.received.erase(0, end + 1);
      answer(client, line, clients);
    }
  }

  void answer(Client& client, const std::string& line, std::vector<Client>& clients) {
    const auto request = ipc::parse_request(line);
    if (!request) return say(client, ipc::encode_refusal(request.error()));
    calls.push_back(request->call);
    const auto answer = handler_(request->call);
    say(client, answer ? ipc::encode_answer(request->id, *answer)
                       : ipc::encode_failure(request->id, answer.error()));
    if (std::holds_alternative<ipc::SubscribeRequest>(request->call)) {
      client.subscribed = answer.has_value();
      if (client.subscribed) tell(client, at_once);
      if (client.subscribed && ends) hang_up(client);
    } else if (!std::holds_alternative<ipc::StatusRequest>(request->call)) {
      for (Client& one : clients) {
        if (one.subscribed) tell(one, after_change);
      }
    }
  }

  void tell(const Client& client, const std::vector<ipc::EventBody>& events) {
    for (const ipc::EventBody& body : events) {
      say(client, ipc::encode_event({++seq_, "2026-11-24T12:00:00Z", body}));
    }
  }
  static void say(const Client& client, std::string line) {
    line += '\n';
    (void)!send(client.descriptor, line.data(), line.size(), MSG_NOSIGNAL);
  }
  static void hang_up(Client& client) {
    if (client.descriptor >= 0) close(client.descriptor);
    client.descriptor = -1;
  }

  Handler handler_;
  std::string folder_;
  int listener_ = -1;
  int stop_[2] = {-1, -1};
  std::uint64_t seq_ = 0;
  std::thread server_;
};

}  // namespace rsip
