#include "agent/ipsec/steering.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace rsip::agent {
namespace {

constexpr Duration kTellAgain = std::chrono::seconds(10);

/// True if some socket has that UDP port. Charon has bound its own before it talks by VICI, so this
/// cannot be in its way.
bool is_bound(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return true;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return !free;
}

}  // namespace

Steering::Steering(Charon& charon, std::string fragment, std::function<void()> told)
    : charon_(charon), fragment_(std::move(fragment)), on_told_(std::move(told)) {}

void Steering::steer(const IkeFragment& wanted, TimePoint now) {
  if (fragment_.empty()) return;
  if (written_ != wanted) {
    const auto written = write_ike_fragment(fragment_, wanted);
    write_problem_ = written ? std::nullopt : std::optional(written.error());
    if (!written) return;
    written_ = wanted;
  }
  if (!charon_.up()) return;
  check_port();
  const bool pauses = unread_ == written_ && now < tell_again_;
  if (!telling_ && !pauses && told_ != written_) tell(now);
}

void Steering::tell(TimePoint now) {
  telling_ = true;
  tell_again_ = now + kTellAgain;
  charon_.reload([this, telling = *written_](const Result<void>& reloaded) {
    telling_ = false;
    reload_problem_ = reloaded ? std::nullopt : std::optional(reloaded.error());
    unread_ = reloaded ? std::nullopt : std::optional(telling);
    if (reloaded) told_ = telling;
    on_told_();
  });
}

void Steering::went() {
  told_.reset();
  unread_.reset();
  telling_ = false;
  reload_problem_.reset();
  port_problem_.reset();
}

void Steering::clear(std::function<void()> done) {
  clear_file();
  if (fragment_.empty()) return done();
  charon_.reload([done = std::move(done)](const Result<void>&) { done(); });
}

void Steering::clear_file() {
  if (fragment_.empty() || (!written_ && !is_ike_fragment(fragment_))) return;
  const auto port = written_ ? written_->port : fragment_ike_port(fragment_);
  const auto left = leave_ike_fragment(fragment_, port);
  if (!left) write_problem_ = left.error();
}

bool Steering::in_step() const {
  return fragment_.empty() || (told_ && told_ == written_);
}

bool Steering::follows() const {
  return in_step() || (told_ && telling_);
}

std::optional<Error> Steering::problem() const {
  if (write_problem_) return write_problem_;
  return reload_problem_ ? reload_problem_ : port_problem_;
}

void Steering::check_port() {
  port_problem_.reset();
  if (!written_ || !written_->port || is_bound(*written_->port)) return;
  port_problem_ =
      Error{ErrorKind::kState,
            "no IKE daemon listens on the leased port " + std::to_string(*written_->port),
            "restart strongSwan, which reads its port only when it starts; strongswan.conf has to "
            "include " +
                fragment_};
}

}  // namespace rsip::agent
