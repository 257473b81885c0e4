#include "agent/linux/underlay_slots.h"

#include <algorithm>
#include <cstring>

namespace rsip::agent {
namespace {

/// The kernel may hand over packets it merged: up to 64 KB, whatever the MTU.
constexpr std::size_t kBufferBytes = 65536;
constexpr std::uint8_t kEcnMask = 3;

sockaddr_in to_sockaddr(const TunnelEnd& end) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(end.endpoint.value);
  const bool udp = end.encapsulation == packet::Encapsulation::kL2tp;
  address.sin_port = htons(udp ? packet::kL2tpPort : 0);
  return address;
}

void set_tos(msghdr& message, TosControl& control, int tos) {
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = IPPROTO_IP;
  header->cmsg_type = IP_TOS;
  header->cmsg_len = CMSG_LEN(sizeof tos);
  std::memcpy(CMSG_DATA(header), &tos, sizeof tos);
}

}  // namespace

SendSlots::SendSlots(const TunnelEnd& end)
    : header_(end.encapsulation, {end.tunnel_id, end.session_id}),
      far_end_(to_sockaddr(end)),
      dscp_(end.dscp) {}

int SendSlots::outer_tos(const packet::WirePacket& packet) const {
  return dscp_ == OuterDscp::kCopy ? packet.tos() : packet.tos() & kEcnMask;
}

void SendSlots::fill(std::size_t slot, const packet::WirePacket& packet) {
  auto& piece = pieces_[slot];
  std::size_t used = 0;
  for (const auto part : {header_.bytes(), packet.header, packet.payload}) {
    if (!part.empty()) piece[used++] = {const_cast<std::uint8_t*>(part.data()), part.size()};
  }
  msghdr& message = messages_[slot].msg_hdr;
  message.msg_name = &far_end_;
  message.msg_namelen = sizeof far_end_;
  message.msg_iov = piece.data();
  message.msg_iovlen = used;
  message.msg_control = nullptr;
  message.msg_controllen = 0;
  if (const int tos = outer_tos(packet); tos != 0) set_tos(message, controls_[slot], tos);
}

ReceiveSlots::ReceiveSlots()
    : buffers_(std::make_unique_for_overwrite<std::uint8_t[]>(kCapacity * kBufferBytes)) {
  for (std::size_t slot = 0; slot < kCapacity; ++slot) {
    pieces_[slot] = {&buffers_[slot * kBufferBytes], kBufferBytes};
    messages_[slot].msg_hdr.msg_iov = &pieces_[slot];
    messages_[slot].msg_hdr.msg_iovlen = 1;
    messages_[slot].msg_hdr.msg_name = &sources_[slot];
    messages_[slot].msg_hdr.msg_control = controls_[slot].bytes.data();
  }
}

std::size_t ReceiveSlots::receive(int fd) {
  for (mmsghdr& message : messages_) {  // the kernel shortened what it filled before
    message.msg_hdr.msg_namelen = sizeof(sockaddr_in);
    message.msg_hdr.msg_controllen = sizeof(TosControl);
  }
  const int got = recvmmsg(fd, messages_.data(), kCapacity, MSG_DONTWAIT, nullptr);
  return static_cast<std::size_t>(std::max(got, 0));
}

std::span<std::uint8_t> ReceiveSlots::bytes(std::size_t slot) const {
  return {&buffers_[slot * kBufferBytes], messages_[slot].msg_len};
}

std::uint8_t ReceiveSlots::tos(std::size_t slot) {
  msghdr& message = messages_[slot].msg_hdr;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  const bool there =
      header != nullptr && header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_TOS;
  return there ? *CMSG_DATA(header) : std::uint8_t{0};
}

}  // namespace rsip::agent
