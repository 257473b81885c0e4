#include "tests/gateway/tunnel/tun_device.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <linux/if_tun.h>

namespace rsip::gateway {
namespace {

// Since Linux 6.2; older headers do not have it, older kernels refuse it.
constexpr unsigned kUdpSegmentation4 = 0x20;
constexpr unsigned kUdpSegmentation6 = 0x40;
constexpr std::size_t kMaxPieces = packet::Coalescer::kCapacity;

tl::unexpected<Error> cannot_open(const std::string& name) {
  const std::string message = "cannot make the tunnel device " + name + ": ";
  switch (errno) {
    case EPERM:
    case EACCES:
      return fail(ErrorKind::kPermission, message + "not permitted",
                  "run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW");
    case EBUSY:
    case EEXIST:
      return fail(ErrorKind::kInUse, message + "there is a device of this name",
                  "choose another [gateway] device");
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return fail(ErrorKind::kOther, message + "this kernel has no TUN devices", "modprobe tun");
    default:
      return fail(ErrorKind::kOther, message + std::strerror(errno));
  }
}

/// Otherwise the kernel announces its routers and groups into the tunnel, which carries IPv4; even
/// without an address of its own if it forwards IPv6. Where this fails there is no IPv6, or the
/// packets are dropped one by one.
void switch_ipv6_off(const std::string& name) {
  std::ofstream("/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6") << 1;
}

}  // namespace

Result<TunDevice> TunDevice::open(const std::string& name) {
  UniqueFd fd(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0) return cannot_open(name);
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_TUN_EXCL);
  if (ioctl(fd.get(), TUNSETIFF, &request) != 0) return cannot_open(name);
  // The two kinds of UDP segmentation can only be had together.
  const unsigned basic = TUN_F_CSUM | TUN_F_TSO4;
  if (ioctl(fd.get(), TUNSETOFFLOAD, basic | TUN_F_TSO6 | kUdpSegmentation4 | kUdpSegmentation6) !=
          0 &&
      ioctl(fd.get(), TUNSETOFFLOAD, basic) != 0) {
    return cannot_open(name);
  }
  switch_ipv6_off(name);
  return TunDevice(std::move(fd));
}

TunDevice::Received TunDevice::read(std::span<std::uint8_t> buffer) const {
  packet::VirtioNetHeader header{};
  iovec parts[2] = {{header.data(), header.size()}, {buffer.data(), buffer.size()}};
  const ssize_t count = readv(fd_.get(), parts, 2);
  if (count <= static_cast<ssize_t>(header.size())) return {};
  return {static_cast<std::size_t>(count) - header.size(), packet::load_offload(header)};
}

bool TunDevice::write(const packet::TunPacket& packet) const {
  auto header = packet::store_offload(packet.offload);
  std::array<iovec, 1 + kMaxPieces> parts{};
  parts[0] = {header.data(), header.size()};
  std::size_t count = 1;
  for (const auto piece : packet.pieces) {
    // writev(2) does not write to it, whatever its type says.
    parts.at(count++) = {const_cast<std::uint8_t*>(piece.data()), piece.size()};
  }
  return writev(fd_.get(), parts.data(), static_cast<int>(count)) > 0;
}

bool TunDevice::write(std::span<const std::uint8_t> packet) const {
  return write(packet::TunPacket{{}, std::span(&packet, 1)});
}

}  // namespace rsip::gateway
