#include "tests/gateway/tunnel/host_socket.h"

#include <cerrno>
#include <cstring>
#include <sys/uio.h>

namespace rsip::gateway {
namespace {

constexpr std::size_t kSendBatch = packet::WireBatch::kCapacity;
constexpr std::size_t kBufferBytes = 65536;  // the kernel hands over merged packets of 64 KB
constexpr int kQueueBytes = 4 << 20;

tl::unexpected<Error> cannot_open(Ipv4Address local) {
  const std::string message = "cannot open the IP-in-IP socket on " + local.to_string() + ": ";
  if (errno == EPERM || errno == EACCES) {
    return fail(ErrorKind::kPermission, message + "not permitted",
                "run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW");
  }
  if (errno == EADDRNOTAVAIL) {
    return fail(ErrorKind::kConfigInvalid, message + "the address is not one of this machine's",
                "listen has to be the gateway's address in the private network, see: ip address");
  }
  return fail(ErrorKind::kOther, message + std::strerror(errno));
}

void set(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof value);
}

void set_queue(int fd, int force_option, int option) {
  if (setsockopt(fd, SOL_SOCKET, force_option, &kQueueBytes, sizeof kQueueBytes) != 0) {
    set(fd, SOL_SOCKET, option, kQueueBytes);
  }
}

sockaddr_in to_sockaddr(Ipv4Address address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(address.value);
  return to;
}

}  // namespace

/// Memory of sendmmsg(2) and recvmmsg(2), made once.
struct HostSocket::Slots {
  struct Out {
    iovec pieces[2];
    sockaddr_in to;
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> control;
  };
  std::array<Out, kSendBatch> out{};
  std::array<mmsghdr, kSendBatch> out_headers{};

  std::vector<std::uint8_t> buffers = std::vector<std::uint8_t>(kReceiveBatch * kBufferBytes);
  std::array<iovec, kReceiveBatch> in{};
  std::array<mmsghdr, kReceiveBatch> in_headers{};
  std::array<std::span<std::uint8_t>, kReceiveBatch> received;

  Slots() {
    for (std::size_t i = 0; i < kReceiveBatch; ++i) {
      in[i] = {&buffers[i * kBufferBytes], kBufferBytes};
      in_headers[i].msg_hdr.msg_iov = &in[i];
      in_headers[i].msg_hdr.msg_iovlen = 1;
    }
    for (std::size_t i = 0; i < kSendBatch; ++i) {
      msghdr& header = out_headers[i].msg_hdr;
      header.msg_iov = out[i].pieces;
      header.msg_iovlen = 2;
      header.msg_name = &out[i].to;
      header.msg_namelen = sizeof out[i].to;
    }
  }
};

HostSocket::HostSocket(UniqueFd fd, std::unique_ptr<Slots> slots)
    : fd_(std::move(fd)), slots_(slots.release(), [](Slots* owned) { delete owned; }) {}

Result<HostSocket> HostSocket::open(Ipv4Address local) {
  UniqueFd fd(socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_IPIP));
  if (fd.get() < 0) return cannot_open(local);
  const sockaddr_in own = to_sockaddr(local);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    return cannot_open(local);
  }
  set_queue(fd.get(), SO_SNDBUFFORCE, SO_SNDBUF);
  set_queue(fd.get(), SO_RCVBUFFORCE, SO_RCVBUF);
  // "Don't fragment" on what fits the path; the kernel fragments what does not.
  set(fd.get(), IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_WANT);
  return HostSocket(std::move(fd), std::make_unique<Slots>());
}

// The outer type of service is the inner one's (RFC 2003 section 3.1), with it the congestion bits
// (RFC 6040). The common value 0 needs no control message.
void HostSocket::fill(std::size_t slot, const packet::WirePacket& packet, Ipv4Address host) {
  Slots::Out& out = slots_->out[slot];
  msghdr& header = slots_->out_headers[slot].msg_hdr;
  // sendmmsg(2) does not write to it, whatever its type says.
  out.pieces[0] = {const_cast<std::uint8_t*>(packet.header.data()), packet.header.size()};
  out.pieces[1] = {const_cast<std::uint8_t*>(packet.payload.data()), packet.payload.size()};
  out.to = to_sockaddr(host);
  const int tos = packet.tos();
  header.msg_control = tos == 0 ? nullptr : out.control.data();
  header.msg_controllen = tos == 0 ? 0 : out.control.size();
  if (tos == 0) return;
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = IPPROTO_IP;
  control->cmsg_type = IP_TOS;
  control->cmsg_len = CMSG_LEN(sizeof tos);
  std::memcpy(CMSG_DATA(control), &tos, sizeof tos);
}

HostSocket::Sent HostSocket::send(std::span<const packet::WirePacket> packets,
                                  std::span<const Ipv4Address> hosts) {
  for (std::size_t i = 0; i < packets.size(); ++i) fill(i, packets[i], hosts[i]);
  Sent taken;
  for (std::size_t done = 0; done < packets.size();) {
    const int sent = sendmmsg(fd_.get(), &slots_->out_headers[done],
                              static_cast<unsigned>(packets.size() - done), 0);
    for (int i = 0; i < sent; ++i) taken.bytes += packets[done++].size();
    if (sent > 0) taken.packets += static_cast<std::size_t>(sent);
    // A raw socket says ENOBUFS as soon as its queue is full, blocking or not, and for any packet.
    if (sent < 0 && errno == ENOBUFS) break;
    if (sent < 0 && errno != EINTR) ++done;  // no route, a firewall: the others may get through
  }
  return taken;
}

std::span<const std::span<std::uint8_t>> HostSocket::receive() {
  const int count =
      recvmmsg(fd_.get(), slots_->in_headers.data(), kReceiveBatch, MSG_DONTWAIT, nullptr);
  if (count <= 0) return {};
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    slots_->received[i] = {&slots_->buffers[i * kBufferBytes], slots_->in_headers[i].msg_len};
  }
  return {slots_->received.data(), static_cast<std::size_t>(count)};
}

}  // namespace rsip::gateway
