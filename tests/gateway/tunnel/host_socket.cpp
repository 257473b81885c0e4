#include "tests/gateway/tunnel/host_socket.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/uio.h>

namespace rsip::gateway {
namespace {

constexpr std::size_t kSendBatch = packet::WireBatch::kCapacity;
constexpr std::size_t kBufferBytes = 65536;  // the kernel hands over merged packets of 64 KB
constexpr int kQueueBytes = 4 << 20;

using packet::Encapsulation;

tl::unexpected<Error> cannot_open(Encapsulation encapsulation, Ipv4Address local) {
  const std::string message = std::string("cannot open the ") + to_string(encapsulation) +
                              " socket on " + local.to_string() + ": ";
  if (errno == EPERM || errno == EACCES) {
    return fail(ErrorKind::kPermission, message + "not permitted",
                "run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW");
  }
  if (errno == EADDRINUSE) {
    return fail(ErrorKind::kInUse, message + "another program has UDP port 1701",
                "stop it, or do not offer the l2tp tunnel; see: ss -ulp");
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

sockaddr_in to_sockaddr(Ipv4Address address, std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(address.value);
  to.sin_port = htons(port);
  return to;
}

UniqueFd open_socket(Encapsulation encapsulation) {
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  switch (encapsulation) {
    case Encapsulation::kGre:
      return UniqueFd(socket(AF_INET, SOCK_RAW | kFlags, IPPROTO_GRE));
    case Encapsulation::kL2tp:
      return UniqueFd(socket(AF_INET, SOCK_DGRAM | kFlags, 0));
    case Encapsulation::kIpIp:
      break;
  }
  return UniqueFd(socket(AF_INET, SOCK_RAW | kFlags, IPPROTO_IPIP));
}

std::uint8_t tos_beside(msghdr message) {
  const cmsghdr* const control = CMSG_FIRSTHDR(&message);
  const bool there =
      control != nullptr && control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TOS;
  return there ? *CMSG_DATA(control) : std::uint8_t{0};
}

}  // namespace

/// Memory of sendmmsg(2) and recvmmsg(2), made once.
struct HostSocket::Slots {
  struct alignas(cmsghdr) Control {
    std::array<std::uint8_t, CMSG_SPACE(sizeof(int))> bytes;
  };
  struct Out {
    packet::EncapsulationHeader tunnel;
    iovec pieces[3];
    sockaddr_in to;
    Control control;
  };
  struct In {
    iovec buffer;
    sockaddr_in from;
    Control control;
  };
  std::array<Out, kSendBatch> out{};
  std::array<mmsghdr, kSendBatch> out_headers{};

  std::vector<std::uint8_t> buffers = std::vector<std::uint8_t>(kReceiveBatch * kBufferBytes);
  std::array<In, kReceiveBatch> in{};
  std::array<mmsghdr, kReceiveBatch> in_headers{};
  std::array<Received, kReceiveBatch> received;

  Slots() {
    for (std::size_t i = 0; i < kReceiveBatch; ++i) {
      in[i].buffer = {&buffers[i * kBufferBytes], kBufferBytes};
      msghdr& header = in_headers[i].msg_hdr;
      header.msg_iov = &in[i].buffer;
      header.msg_iovlen = 1;
      header.msg_name = &in[i].from;
      header.msg_control = &in[i].control;
    }
    for (std::size_t i = 0; i < kSendBatch; ++i) {
      msghdr& header = out_headers[i].msg_hdr;
      header.msg_iov = out[i].pieces;
      header.msg_iovlen = std::size(out[i].pieces);
      header.msg_name = &out[i].to;
      header.msg_namelen = sizeof out[i].to;
    }
  }

  std::size_t receive(int fd) {
    for (mmsghdr& header : in_headers) {  // the kernel shortened what it filled before
      header.msg_hdr.msg_namelen = sizeof(sockaddr_in);
      header.msg_hdr.msg_controllen = sizeof(Control);
    }
    const int count = recvmmsg(fd, in_headers.data(), kReceiveBatch, MSG_DONTWAIT, nullptr);
    return static_cast<std::size_t>(std::max(count, 0));
  }
};

HostSocket::HostSocket(Encapsulation encapsulation, UniqueFd fd, std::unique_ptr<Slots> slots)
    : encapsulation_(encapsulation),
      fd_(std::move(fd)),
      slots_(slots.release(), [](Slots* owned) { delete owned; }) {}

Result<HostSocket> HostSocket::open(Encapsulation encapsulation, Ipv4Address local) {
  UniqueFd fd = open_socket(encapsulation);
  if (fd.get() < 0) return cannot_open(encapsulation, local);
  const bool udp = encapsulation == Encapsulation::kL2tp;
  const sockaddr_in own = to_sockaddr(local, udp ? packet::kL2tpPort : 0);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0) {
    return cannot_open(encapsulation, local);
  }
  if (udp) set(fd.get(), IPPROTO_IP, IP_RECVTOS, 1);
  set_queue(fd.get(), SO_SNDBUFFORCE, SO_SNDBUF);
  set_queue(fd.get(), SO_RCVBUFFORCE, SO_RCVBUF);
  // "Don't fragment" on what fits the path; the kernel fragments what does not.
  set(fd.get(), IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_WANT);
  return HostSocket(encapsulation, std::move(fd), std::make_unique<Slots>());
}

// The outer type of service is the inner one's (RFC 2003 section 3.1), with it the congestion bits
// (RFC 6040). The common value 0 needs no control message.
void HostSocket::fill(std::size_t slot, const packet::WirePacket& packet, const TunnelPeer& peer) {
  Slots::Out& out = slots_->out[slot];
  msghdr& header = slots_->out_headers[slot].msg_hdr;
  out.tunnel = {encapsulation_, peer.ids};
  // sendmmsg(2) does not write to it, whatever its type says.
  const auto piece = [](std::span<const std::uint8_t> part) {
    return iovec{const_cast<std::uint8_t*>(part.data()), part.size()};
  };
  out.pieces[0] = piece(out.tunnel.bytes());
  out.pieces[1] = piece(packet.header);
  out.pieces[2] = piece(packet.payload);
  out.to = to_sockaddr(peer.address, peer.port);
  const int tos = packet.tos();
  header.msg_control = tos == 0 ? nullptr : &out.control;
  header.msg_controllen = tos == 0 ? 0 : sizeof out.control;
  if (tos == 0) return;
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = IPPROTO_IP;
  control->cmsg_type = IP_TOS;
  control->cmsg_len = CMSG_LEN(sizeof tos);
  std::memcpy(CMSG_DATA(control), &tos, sizeof tos);
}

HostSocket::Sent HostSocket::send(std::span<const packet::WirePacket> packets,
                                  std::span<const TunnelPeer> peers) {
  for (std::size_t i = 0; i < packets.size(); ++i) fill(i, packets[i], peers[i]);
  Sent taken;
  for (std::size_t done = 0; done < packets.size();) {
    const int sent = sendmmsg(fd_.get(), &slots_->out_headers[done],
                              static_cast<unsigned>(packets.size() - done), MSG_DONTWAIT);
    for (int i = 0; i < sent; ++i) taken.bytes += packets[done++].size();
    if (sent > 0) taken.packets += static_cast<std::size_t>(sent);
    // A raw socket says ENOBUFS as soon as its queue is full, blocking or not, and for any packet;
    // a UDP socket says EAGAIN.
    if (sent < 0 && (errno == ENOBUFS || errno == EAGAIN)) break;
    if (sent < 0 && errno != EINTR) ++done;  // no route, a firewall: the others may get through
  }
  return taken;
}

void HostSocket::send_as_is(std::span<const std::uint8_t> bytes, const TunnelPeer& peer) {
  const sockaddr_in to = to_sockaddr(peer.address, peer.port);
  sendto(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
         reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

// A raw socket gives the outer header as well, which the kernel has checked.
HostSocket::Received HostSocket::received(std::size_t slot) const {
  const std::span bytes(&slots_->buffers[slot * kBufferBytes], slots_->in_headers[slot].msg_len);
  if (encapsulation_ == Encapsulation::kL2tp) {
    const sockaddr_in& from = slots_->in[slot].from;
    return {{ntohl(from.sin_addr.s_addr)},
            ntohs(from.sin_port),
            tos_beside(slots_->in_headers[slot].msg_hdr),
            bytes};
  }
  const auto outer = packet::Ipv4Packet::parse(bytes);
  if (!outer) return {};
  return {outer->source(), 0, outer->tos(), outer->payload()};
}

std::span<const HostSocket::Received> HostSocket::receive() {
  const std::size_t count = slots_->receive(fd_.get());
  for (std::size_t i = 0; i < count; ++i) slots_->received[i] = received(i);
  return std::span(slots_->received).first(count);
}

}  // namespace rsip::gateway
