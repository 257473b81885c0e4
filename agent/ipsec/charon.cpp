#include "agent/ipsec/charon.h"

#include <utility>

namespace rsip::agent {

Charon::Charon(boost::asio::io_context& io, std::string socket, Events events)
    : socket_(std::move(socket)),
      events_(std::move(events)),
      vici_(io, socket_,
            {[this](std::string version) { came(std::move(version)); },
             [this](const ViciEnd& end) { went(end); },
             [this](const std::string&, const vici::Section&) { events_.changed(); }}) {}

void Charon::start() {
  if (!socket_.empty()) vici_.start();
}

void Charon::command(const std::string& name, vici::Section body, Done done) {
  vici_.command(name, std::move(body), [name, done = std::move(done)](const vici::Section& answer) {
    if (answer.text("success") == "yes") return done({});
    done(fail(ErrorKind::kOther,
              "charon refuses " + name + ": " + std::string(answer.text("errmsg")),
              "check strongswan.conf and the files that it includes; charon's log says more"));
  });
}

void Charon::refresh() {
  if (!up()) return;
  list_again_ = listing_;
  if (std::exchange(listing_, true)) return;
  vici_.list_sas([this](const std::vector<vici::Section>& list) { take(list); });
}

void Charon::terminate(const std::set<std::uint32_t>& spis, bool force) {
  command_all(terminations(sas_, spis, force));
}

void Charon::terminate_at(const std::set<Ipv4Address>& local, bool force) {
  command_all(terminations_at(sas_, local, force));
}

// What has ended by itself meanwhile makes one fail, which is as good.
void Charon::command_all(std::vector<vici::Section> terminations) {
  for (vici::Section& message : terminations) {
    vici_.command("terminate", std::move(message), [](const vici::Section&) {});
  }
}

void Charon::came(std::string version) {
  version_ = std::move(version);
  end_.reset();
  refresh();
  events_.up();
}

void Charon::went(const ViciEnd& end) {
  end_ = end;
  version_.clear();
  sas_.clear();
  listing_ = list_again_ = false;
  events_.down();
}

void Charon::take(const std::vector<vici::Section>& list) {
  sas_.clear();
  for (const vici::Section& section : list) {
    auto found = read_charon_sas(section);
    sas_.insert(sas_.end(), std::make_move_iterator(found.begin()),
                std::make_move_iterator(found.end()));
  }
  listing_ = false;
  events_.listed();
  if (std::exchange(list_again_, false)) refresh();
}

}  // namespace rsip::agent
