#include "agent/ipsec/vici_client.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rsip::agent {
namespace {

using vici::Packet;
using vici::PacketType;
using Why = ViciEnd::Why;

constexpr std::array kNews{"ike-updown", "child-updown", "ike-rekey", "child-rekey"};
constexpr const char* kListed = "list-sa";
constexpr std::size_t kMostListed = 4096;

ViciEnd nonsense(std::string message) {
  return {Why::kTroubled,
          {ErrorKind::kProtocol, std::move(message),
           "check that the socket is strongSwan's VICI socket"}};
}

}  // namespace

ViciClient::ViciClient(boost::asio::io_context& io, std::string path, ViciClientEvents events,
                       ViciTimes times)
    : io_(io), path_(std::move(path)), events_(std::move(events)), times_(times), retry_(io) {}

ViciClient::~ViciClient() {
  stop();
}

void ViciClient::start() {
  running_ = std::make_shared<bool>(true);
  connect();
}

void ViciClient::stop() {
  running_.reset();
  retry_.cancel();
  close();
}

void ViciClient::command(std::string name, vici::Section body, Answer answer) {
  if (!up_) return;
  commands_->ask({PacketType::kRequest, std::move(name), std::move(body)}, times_.answer,
                 [this, answer = std::move(answer)](const Packet& packet) {
                   if (packet.type == PacketType::kResponse) return answer(packet.body);
                   broken(nonsense("charon does not know a command that it has to know"));
                 });
}

void ViciClient::list_sas(List done) {
  command("list-sas", {}, [this, done = std::move(done)](const vici::Section&) {
    done(std::exchange(listed_, {}));
  });
}

std::shared_ptr<ViciConnection> ViciClient::connection(std::function<void()> up,
                                                       std::function<void(Packet)> event) {
  auto made = std::make_shared<ViciConnection>(
      io_, ViciConnectionEvents{std::move(up), std::move(event),
                                [this](const ViciEnd& end) { broken(end); }});
  return made;
}

void ViciClient::connect() {
  commands_ = connection(
      [this] {
        commands_->ask({PacketType::kRegister, kListed, {}}, times_.answer, [](const Packet&) {});
        commands_->ask({PacketType::kRequest, "version", {}}, times_.answer,
                       [this](const Packet& answer) {
                         version_ = answer.body.text("version");
                         connect_events();
                       });
      },
      [this](Packet event) { take_listed(std::move(event)); });
  commands_->open(path_, times_.answer);
}

void ViciClient::connect_events() {
  news_ =
      connection([this] { register_event(0); }, [this](const Packet& event) { take_event(event); });
  news_->open(path_, times_.answer);
}

// An event that this charon does not know is one that it never tells.
void ViciClient::register_event(std::size_t index) {
  if (index < kNews.size()) {
    return news_->ask({PacketType::kRegister, kNews[index], {}}, times_.answer,
                      [this, index](const Packet&) { register_event(index + 1); });
  }
  up_ = true;
  up_since_ = std::chrono::steady_clock::now();
  if (events_.up) events_.up(version_);
}

void ViciClient::take_event(const Packet& event) {
  if (up_ && events_.event) events_.event(event.name, event.body);
}

void ViciClient::take_listed(Packet event) {
  if (event.name != kListed) return;
  if (listed_.size() == kMostListed) {
    return broken(nonsense("charon lists more than " + std::to_string(kMostListed) + " IKE_SAs"));
  }
  listed_.push_back(std::move(event.body));
}

void ViciClient::broken(ViciEnd end) {
  // Who hangs up before saying anything has not just been stopped.
  if (end.why == Why::kGone && !up_) end.why = Why::kTroubled;
  const auto pause = next_pause(end.why);
  close();
  retry_.expires_after(pause);
  retry_.async_wait([this, running = std::weak_ptr(running_)](boost::system::error_code cancelled) {
    if (!cancelled && !running.expired()) connect();
  });
  if (events_.down) events_.down(end);
}

std::chrono::milliseconds ViciClient::next_pause(Why why) {
  const bool lasted = up_ && std::chrono::steady_clock::now() - up_since_ > times_.longest_pause;
  if (lasted) pause_ = {};
  if (why != Why::kTroubled) return times_.absent;
  pause_ = pause_.count() == 0 ? times_.first_pause : std::min(2 * pause_, times_.longest_pause);
  return pause_;
}

void ViciClient::close() {
  up_ = false;
  if (commands_) commands_->close();
  if (news_) news_->close();
  commands_.reset();
  news_.reset();
  listed_.clear();
}

}  // namespace rsip::agent
