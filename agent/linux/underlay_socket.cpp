#include "agent/linux/underlay_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/uio.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

constexpr std::size_t kSendSlots = packet::WireBatch::kCapacity;
constexpr std::size_t kReceiveSlots = packet::Coalescer::kCapacity;
/// The kernel may hand over packets it merged: up to 64 KB, whatever the MTU.
constexpr std::size_t kReceiveBytes = 65536;
constexpr int kSocketBufferBytes = 4 << 20;

template <class Value>
bool set_option(const UniqueFd& fd, int level, int name, const Value& value) {
  return setsockopt(fd.get(), level, name, &value, sizeof value) == 0;
}

// Beyond the administrator's limit if we may, up to it otherwise.
void enlarge_buffers(const UniqueFd& fd) {
  if (!set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, kSocketBufferBytes)) {
    set_option(fd, SOL_SOCKET, SO_RCVBUF, kSocketBufferBytes);
  }
  if (!set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, kSocketBufferBytes)) {
    set_option(fd, SOL_SOCKET, SO_SNDBUF, kSocketBufferBytes);
  }
}

/// Errors that the next packet to the same endpoint would meet as well.
bool concerns_all(int code) {
  return code == ENOBUFS || code == ENETUNREACH || code == EHOSTUNREACH || code == ENETDOWN;
}

sockaddr_in to_sockaddr(Ipv4Address ip) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(ip.value);
  return address;
}

Result<void> configure(const UniqueFd& fd, std::uint32_t mark) {
  if (!set_option(fd, SOL_SOCKET, SO_MARK, mark)) {
    return fail_errno(errno, "mark the tunnel's packets");
  }
  // Don't fragment as long as a packet fits the path, and the kernel learns the path MTU (RFC 2003
  // section 5.1); a packet that no longer fits is fragmented outside rather than lost.
  set_option(fd, IPPROTO_IP, IP_MTU_DISCOVER, int{IP_PMTUDISC_WANT});
  enlarge_buffers(fd);
  return {};
}

}  // namespace

/// One sendmmsg(2): every message has two pieces and may carry a type of service.
struct LinuxUnderlaySocket::SendSlots {
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> bytes{};
  };
  std::array<mmsghdr, kSendSlots> messages{};
  std::array<std::array<iovec, 2>, kSendSlots> pieces{};
  std::array<Control, kSendSlots> controls{};
  sockaddr_in endpoint;

  explicit SendSlots(Ipv4Address far_end) : endpoint(to_sockaddr(far_end)) {}

  void fill(std::size_t slot, const packet::WirePacket& packet) {
    auto& piece = pieces[slot];
    std::size_t used = 0;
    for (const auto part : {packet.header, packet.payload}) {
      if (!part.empty()) piece[used++] = {const_cast<std::uint8_t*>(part.data()), part.size()};
    }
    msghdr& message = messages[slot].msg_hdr;
    message.msg_name = &endpoint;
    message.msg_namelen = sizeof endpoint;
    message.msg_iov = piece.data();
    message.msg_iovlen = used;
    message.msg_control = nullptr;
    message.msg_controllen = 0;
    if (packet.tos() != 0) set_tos(message, controls[slot], packet.tos());
  }

  static void set_tos(msghdr& message, Control& control, int tos) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_TOS;
    header->cmsg_len = CMSG_LEN(sizeof tos);
    std::memcpy(CMSG_DATA(header), &tos, sizeof tos);
  }
};

struct LinuxUnderlaySocket::ReceiveSlots {
  std::array<mmsghdr, kReceiveSlots> messages{};
  std::array<iovec, kReceiveSlots> pieces{};
  std::array<TunnelPacket, kReceiveSlots> packets{};
  std::unique_ptr<std::uint8_t[]> buffers =
      std::make_unique_for_overwrite<std::uint8_t[]>(kReceiveSlots * kReceiveBytes);

  ReceiveSlots() {
    for (std::size_t slot = 0; slot < kReceiveSlots; ++slot) {
      pieces[slot] = {&buffers[slot * kReceiveBytes], kReceiveBytes};
      messages[slot].msg_hdr.msg_iov = &pieces[slot];
      messages[slot].msg_hdr.msg_iovlen = 1;
    }
  }

  /// Takes off the outer header; nothing if the packet is not from the endpoint.
  std::optional<TunnelPacket> unwrap(std::size_t slot, Ipv4Address endpoint) const {
    const std::span received(&buffers[slot * kReceiveBytes], messages[slot].msg_len);
    const auto outer = packet::Ipv4Packet::parse(received);
    if (!outer || outer->source() != endpoint) return std::nullopt;
    return TunnelPacket{outer->payload(), outer->tos()};
  }
};

LinuxUnderlaySocket::LinuxUnderlaySocket(UniqueFd fd, Ipv4Address endpoint)
    : fd_(std::move(fd)),
      endpoint_(endpoint),
      send_(std::make_unique<SendSlots>(endpoint)),
      receive_(std::make_unique<ReceiveSlots>()) {}

LinuxUnderlaySocket::~LinuxUnderlaySocket() = default;

Result<std::unique_ptr<LinuxUnderlaySocket>> LinuxUnderlaySocket::open(Ipv4Address endpoint,
                                                                       std::uint32_t mark) {
  UniqueFd fd(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_IPIP));
  if (!fd.valid()) return fail_errno(errno, "open a raw socket for the tunnel");
  if (auto set = configure(fd, mark); !set) return tl::unexpected(set.error());
  return std::unique_ptr<LinuxUnderlaySocket>(new LinuxUnderlaySocket(std::move(fd), endpoint));
}

Sent LinuxUnderlaySocket::send(std::span<const packet::WirePacket> packets) {
  Sent sent;
  while (!packets.empty()) {
    const auto batch = packets.first(std::min(packets.size(), kSendSlots));
    send_batch(batch, sent);
    packets = packets.subspan(batch.size());
  }
  return sent;
}

// A raw socket never waits for room: it answers ENOBUFS when the queues below hold twice the send
// buffer. What is lost then tells the flows inside to slow down.
void LinuxUnderlaySocket::send_batch(std::span<const packet::WirePacket> batch, Sent& sent) {
  for (std::size_t slot = 0; slot < batch.size(); ++slot) send_->fill(slot, batch[slot]);
  for (std::size_t at = 0; at < batch.size();) {
    const auto left = static_cast<unsigned>(batch.size() - at);
    const int taken = sendmmsg(fd_.get(), &send_->messages[at], left, 0);
    if (taken <= 0 && concerns_all(errno)) return;
    for (const auto end = at + static_cast<std::size_t>(std::max(taken, 0)); at < end; ++at) {
      ++sent.packets;
      sent.bytes += batch[at].size();
    }
    if (taken <= 0) ++at;
  }
}

std::span<const TunnelPacket> LinuxUnderlaySocket::receive() {
  const int got =
      recvmmsg(fd_.get(), receive_->messages.data(), kReceiveSlots, MSG_DONTWAIT, nullptr);
  std::size_t taken = 0;
  for (std::size_t slot = 0; got > 0 && slot < static_cast<std::size_t>(got); ++slot) {
    if (const auto packet = receive_->unwrap(slot, endpoint_)) {
      receive_->packets[taken++] = *packet;
    } else {
      ++refused_;
    }
  }
  return std::span(receive_->packets).first(taken);
}

}  // namespace rsip::agent
