#include "tests/fakes/fake_underlay.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace rsip::fakes {

void FakeUnderlay::inject(Bytes packet, std::uint8_t outer_tos) {
  const std::lock_guard lock(mutex_);
  injected_.push_back({std::move(packet), outer_tos});
  event_.set();
}

std::vector<Bytes> FakeUnderlay::take_sent() {
  const std::lock_guard lock(mutex_);
  return std::exchange(sent_, {});
}

std::vector<Bytes> FakeUnderlay::wait_for_sent(std::size_t count) {
  std::unique_lock lock(mutex_);
  sent_something_.wait_for(lock, std::chrono::seconds(10), [&] { return sent_.size() >= count; });
  return std::exchange(sent_, {});
}

void FakeUnderlay::refuse_sends(bool refuse) {
  const std::lock_guard lock(mutex_);
  refuse_sends_ = refuse;
}

void FakeUnderlay::refuse_size(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  refused_size_ = bytes;
}

void FakeUnderlay::inject_foreign(std::uint64_t packets) {
  const std::lock_guard lock(mutex_);
  foreign_ += packets;
  event_.set();
}

std::uint64_t FakeUnderlay::refused() const {
  const std::lock_guard lock(mutex_);
  return foreign_;
}

agent::Sent FakeUnderlay::send(std::span<const packet::WirePacket> packets) {
  const std::lock_guard lock(mutex_);
  agent::Sent sent;
  for (const packet::WirePacket& packet : packets) {
    if (refuse_sends_ || packet.size() == refused_size_) continue;
    Bytes bytes(packet.header.begin(), packet.header.end());
    bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
    sent_.push_back(std::move(bytes));
    ++sent.packets;
    sent.bytes += packet.size();
  }
  sent_something_.notify_all();
  return sent;
}

std::span<const agent::TunnelPacket> FakeUnderlay::receive() {
  const std::lock_guard lock(mutex_);
  lent_.clear();
  while (!injected_.empty() && lent_.size() < packet::Coalescer::kCapacity) {
    lent_.push_back(std::move(injected_.front()));
    injected_.pop_front();
  }
  if (injected_.empty()) event_.clear();
  received_.clear();
  for (Injected& packet : lent_) received_.push_back({packet.bytes, packet.outer_tos});
  return received_;
}

}  // namespace rsip::fakes
