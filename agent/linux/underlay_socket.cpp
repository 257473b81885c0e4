#include "agent/linux/underlay_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

#include "agent/linux/system_error.h"
#include "agent/linux/underlay_slots.h"
#include "agent/linux/unique_fd.h"

namespace rsip::agent {
namespace {

using packet::Encapsulation;

constexpr int kSocketBufferBytes = 4 << 20;
/// Translators keep a UDP mapping for 30 s at the least in practice (RFC 4787 section 4.3 asks for
/// two minutes).
constexpr Duration kKeepAliveEvery = std::chrono::seconds(20);

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
  return code == ENOBUFS || code == EAGAIN || code == ENETUNREACH || code == EHOSTUNREACH ||
         code == ENETDOWN;
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

// Batches to and from the far end, whatever the tunnel. What is lost tells the flows inside to slow
// down; nothing here waits for room. A raw socket answers ENOBUFS when the queues below hold twice
// the send buffer; a UDP socket would wait, but is told not to.
class Underlay : public UnderlaySocket {
 public:
  Underlay(UniqueFd fd, const TunnelEnd& end)
      : fd_(std::move(fd)),
        end_(end),
        send_(std::make_unique<SendSlots>(end)),
        receive_(std::make_unique<ReceiveSlots>()) {}

  [[nodiscard]] int readable() const override { return fd_.get(); }
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }
  Sent send(std::span<const packet::WirePacket> packets) override;
  std::span<const TunnelPacket> receive() override;

 protected:
  enum class Take : std::uint8_t { kPacket, kSilence, kRefusal };

  /// Takes off the outer headers of a slot. kSilence: right, but no packet.
  virtual Take unwrap(std::size_t slot, TunnelPacket& packet) = 0;

  [[nodiscard]] const TunnelEnd& end() const { return end_; }
  [[nodiscard]] const sockaddr_in& far_end() const { return send_->far_end(); }
  [[nodiscard]] ReceiveSlots& received() { return *receive_; }

 private:
  void send_batch(std::span<const packet::WirePacket> batch, Sent& sent);

  UniqueFd fd_;
  TunnelEnd end_;
  std::uint64_t refused_ = 0;
  std::unique_ptr<SendSlots> send_;
  std::unique_ptr<ReceiveSlots> receive_;
  std::array<TunnelPacket, ReceiveSlots::kCapacity> packets_{};
};

Sent Underlay::send(std::span<const packet::WirePacket> packets) {
  Sent sent;
  while (!packets.empty()) {
    const auto batch = packets.first(std::min(packets.size(), SendSlots::kCapacity));
    send_batch(batch, sent);
    packets = packets.subspan(batch.size());
  }
  return sent;
}

void Underlay::send_batch(std::span<const packet::WirePacket> batch, Sent& sent) {
  for (std::size_t slot = 0; slot < batch.size(); ++slot) send_->fill(slot, batch[slot]);
  for (std::size_t at = 0; at < batch.size();) {
    const auto left = static_cast<unsigned>(batch.size() - at);
    const int taken = sendmmsg(fd_.get(), send_->from(at), left, MSG_DONTWAIT);
    if (taken <= 0 && concerns_all(errno)) return;
    for (const auto end = at + static_cast<std::size_t>(std::max(taken, 0)); at < end; ++at) {
      ++sent.packets;
      sent.bytes += batch[at].size();
    }
    if (taken <= 0) ++at;
  }
}

std::span<const TunnelPacket> Underlay::receive() {
  std::size_t taken = 0;
  const std::size_t got = receive_->receive(fd_.get());
  for (std::size_t slot = 0; slot < got; ++slot) {
    const Take take = unwrap(slot, packets_[taken]);
    if (take == Take::kPacket) ++taken;
    if (take == Take::kRefusal) ++refused_;
  }
  return std::span(packets_).first(taken);
}

/// IP-in-IP and GRE. A raw socket gives packets with their outer header.
class RawUnderlay : public Underlay {
 public:
  using Underlay::Underlay;

 private:
  Take unwrap(std::size_t slot, TunnelPacket& packet) override {
    const auto outer = packet::Ipv4Packet::parse(received().bytes(slot));
    if (!outer || outer->source() != end().endpoint) return Take::kRefusal;
    const auto inner = packet::unwrap_raw(end().encapsulation, outer->payload());
    if (!inner) return Take::kRefusal;
    packet = {*inner, outer->tos()};
    return Take::kPacket;
  }
};

/// L2TP. The gateway answers where it last saw us, so something has to be sent now and then.
class L2tpUnderlay : public Underlay {
 public:
  using Underlay::Underlay;

  [[nodiscard]] std::optional<Duration> keep_alive_every() const override {
    return kKeepAliveEvery;
  }
  void keep_alive() override {
    const auto echo = packet::l2tp_echo(ids(), {.reply = false, .id = echo_id_++});
    sendto(readable(), echo.data(), echo.size(), MSG_DONTWAIT,
           reinterpret_cast<const sockaddr*>(&far_end()), sizeof far_end());
  }

 private:
  [[nodiscard]] packet::TunnelIds ids() const { return {end().tunnel_id, end().session_id}; }

  Take unwrap(std::size_t slot, TunnelPacket& packet) override {
    const sockaddr_in& source = received().source(slot);
    if (source.sin_addr.s_addr != far_end().sin_addr.s_addr ||
        source.sin_port != far_end().sin_port) {
      return Take::kRefusal;
    }
    const auto frame = packet::unwrap_l2tp(received().bytes(slot));
    if (!frame || frame->ids != ids()) return Take::kRefusal;
    if (packet::read_echo(*frame)) return Take::kSilence;
    if (frame->protocol != packet::kPppIpv4) return Take::kRefusal;
    packet = {frame->payload, received().tos(slot)};
    return Take::kPacket;
  }

  std::uint8_t echo_id_ = 0;
};

Result<UniqueFd> open_raw(int protocol) {
  UniqueFd fd(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!fd.valid()) return fail_errno(errno, "open a raw socket for the tunnel");
  return fd;
}

Result<UniqueFd> open_udp() {
  UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail_errno(errno, "open a UDP socket for the tunnel");
  sockaddr_in any{};
  any.sin_family = AF_INET;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0) {
    return fail(ErrorKind::kNoResources, "no UDP port is left for the tunnel");
  }
  set_option(fd, IPPROTO_IP, IP_RECVTOS, 1);
  return fd;
}

Result<UniqueFd> open_socket(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::kGre:
      return open_raw(IPPROTO_GRE);
    case Encapsulation::kL2tp:
      return open_udp();
    case Encapsulation::kIpIp:
      break;
  }
  return open_raw(IPPROTO_IPIP);
}

}  // namespace

Result<std::unique_ptr<UnderlaySocket>> open_underlay(const TunnelEnd& end, std::uint32_t mark) {
  auto fd = open_socket(end.encapsulation);
  if (!fd) return tl::unexpected(fd.error());
  if (auto set = configure(*fd, mark); !set) return tl::unexpected(set.error());
  if (end.encapsulation == Encapsulation::kL2tp) {
    return std::make_unique<L2tpUnderlay>(std::move(*fd), end);
  }
  return std::make_unique<RawUnderlay>(std::move(*fd), end);
}

}  // namespace rsip::agent
