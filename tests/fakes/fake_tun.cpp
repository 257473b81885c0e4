#include "tests/fakes/fake_tun.h"

#include <chrono>
#include <utility>

namespace rsip::fakes {

void FakeTun::inject(Bytes packet, std::optional<packet::Offload> offload) {
  const std::lock_guard lock(mutex_);
  injected_.push_back({std::move(packet), offload});
  event_.set();
}

std::vector<FakeTun::Written> FakeTun::take_written() {
  const std::lock_guard lock(mutex_);
  return std::exchange(written_, {});
}

std::vector<FakeTun::Written> FakeTun::wait_for_written(std::size_t count) {
  std::unique_lock lock(mutex_);
  written_something_.wait_for(lock, std::chrono::seconds(10),
                              [&] { return written_.size() >= count; });
  return std::exchange(written_, {});
}

void FakeTun::set_mtu(std::uint32_t mtu) {
  const std::lock_guard lock(mutex_);
  mtu_ = mtu;
}

void FakeTun::refuse_writes(bool refuse) {
  const std::lock_guard lock(mutex_);
  refuse_writes_ = refuse;
}

void FakeTun::vanish() {
  const std::lock_guard lock(mutex_);
  event_.hang_up();
}

std::span<const agent::TunRead> FakeTun::read() {
  const std::lock_guard lock(mutex_);
  event_.clear();
  lent_.assign(std::make_move_iterator(injected_.begin()),
               std::make_move_iterator(injected_.end()));
  injected_.clear();
  reads_.clear();
  for (Injected& packet : lent_) reads_.push_back({packet.offload, packet.bytes});
  return reads_;
}

bool FakeTun::write(const packet::TunPacket& packet) {
  const std::lock_guard lock(mutex_);
  if (refuse_writes_) return false;
  Written written{packet.offload, {}};
  for (const auto piece : packet.pieces) {
    written.bytes.insert(written.bytes.end(), piece.begin(), piece.end());
  }
  written_.push_back(std::move(written));
  written_something_.notify_all();
  return true;
}

std::uint32_t FakeTun::mtu() const {
  const std::lock_guard lock(mutex_);
  return mtu_;
}

}  // namespace rsip::fakes
