#include "agent/linux/tun_device.h"

#include <array>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include "agent/linux/system_error.h"
#include "common/packet/coalescer.h"

namespace rsip::agent {
namespace {

constexpr const char* kControlDevice = "/dev/net/tun";

// Linux 6.2; older headers lack them.
constexpr unsigned kUdpSegmentation4 = 0x20;
constexpr unsigned kUdpSegmentation6 = 0x40;

constexpr std::size_t kBuffers = 32;
constexpr std::size_t kBufferBytes = packet::kVirtioNetHeaderBytes + 65536;
/// A batch ends here: more would push its own beginning out of the cache before it is sent.
constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;

Result<UniqueFd> open_control_device() {
  UniqueFd fd(::open(kControlDevice, O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (fd.valid()) return fd;
  const int code = errno;
  if (code == ENOENT || code == ENXIO || code == ENODEV) {
    return fail(ErrorKind::kNotFound,
                std::string("no TUN support: ") + kControlDevice + " is missing",
                "load the kernel module with 'modprobe tun'; in a container, pass the device in");
  }
  return fail_errno(code, std::string("open ") + kControlDevice);
}

Result<ifreq> request_for(const std::string& name) {
  ifreq request{};
  if (name.empty() || name.size() >= IFNAMSIZ || name.find('/') != std::string::npos) {
    return fail(ErrorKind::kConfigInvalid, "\"" + name + "\" cannot be the name of an interface",
                "use 1 to 15 characters without '/'");
  }
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return request;
}

Result<void> attach(const UniqueFd& fd, const std::string& name) {
  auto request = request_for(name);
  if (!request) return tl::unexpected(request.error());
  request->ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
  if (ioctl(fd.get(), TUNSETIFF, &*request) == 0) return {};
  const int code = errno;
  if (code == EBUSY) {
    return fail(ErrorKind::kInUse, "interface " + name + " is in use by another program",
                "is another rsipd running? Otherwise set another device in the configuration");
  }
  if (code == EINVAL) {
    return fail(ErrorKind::kInUse, "interface " + name + " exists and is not a TUN of this kind",
                "remove it with 'ip link del " + name + "' or set another device");
  }
  return fail_errno(code, "make interface " + name);
}

// TCP super-packets are a must, UDP ones (USO) came later; the kernel grants both families or none.
Result<void> ask_for_super_packets(const UniqueFd& fd, const std::string& name) {
  int header_bytes = static_cast<int>(packet::kVirtioNetHeaderBytes);
  const unsigned needed = TUN_F_CSUM | TUN_F_TSO4;
  const unsigned wanted = needed | kUdpSegmentation4 | kUdpSegmentation6;
  if (ioctl(fd.get(), TUNSETVNETHDRSZ, &header_bytes) == 0 &&
      (ioctl(fd.get(), TUNSETOFFLOAD, wanted) == 0 ||
       ioctl(fd.get(), TUNSETOFFLOAD, needed) == 0)) {
    return {};
  }
  return fail_errno(errno, "set offloads of interface " + name);
}

/// Without it the kernel gives the device an IPv6 address and sends router solicitations into the
/// tunnel, which carries IPv4. Where it fails there is no IPv6, or they get dropped one by one.
void switch_ipv6_off(const std::string& name) {
  const std::string setting = "/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6";
  const UniqueFd file(::open(setting.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.valid()) [[maybe_unused]]
    const ssize_t written = ::write(file.get(), "1", 1);
}

}  // namespace

LinuxTunDevice::LinuxTunDevice(UniqueFd fd, std::string name)
    : fd_(std::move(fd)),
      name_(std::move(name)),
      buffers_(std::make_unique_for_overwrite<std::uint8_t[]>(kBuffers * kBufferBytes)) {
  reads_.reserve(kBuffers);
}

Result<std::unique_ptr<LinuxTunDevice>> LinuxTunDevice::open(const std::string& name) {
  auto fd = open_control_device();
  if (!fd) return tl::unexpected(fd.error());
  if (auto attached = attach(*fd, name); !attached) return tl::unexpected(attached.error());
  if (auto set = ask_for_super_packets(*fd, name); !set) return tl::unexpected(set.error());
  switch_ipv6_off(name);
  return std::unique_ptr<LinuxTunDevice>(new LinuxTunDevice(std::move(*fd), name));
}

std::span<const TunRead> LinuxTunDevice::read() {
  reads_.clear();
  std::size_t total = 0;
  while (reads_.size() < kBuffers && total < kBatchBytes) {
    const std::span buffer(&buffers_[reads_.size() * kBufferBytes], kBufferBytes);
    const ssize_t got = ::read(fd_.get(), buffer.data(), buffer.size());
    if (got < static_cast<ssize_t>(packet::kVirtioNetHeaderBytes)) break;
    const std::span header = buffer.first<packet::kVirtioNetHeaderBytes>();
    const auto size = static_cast<std::size_t>(got);
    reads_.push_back({packet::load_offload(header), buffer.first(size).subspan(header.size())});
    total += size;
  }
  return reads_;
}

bool LinuxTunDevice::write(const packet::TunPacket& packet) {
  auto header = packet::store_offload(packet.offload);
  std::array<iovec, packet::Coalescer::kCapacity + 1> vector;
  std::size_t used = 0;
  vector[used++] = {header.data(), header.size()};
  for (const auto piece : packet.pieces) {
    vector[used++] = {const_cast<std::uint8_t*>(piece.data()), piece.size()};
  }
  return writev(fd_.get(), vector.data(), static_cast<int>(used)) > 0;
}

std::uint32_t LinuxTunDevice::mtu() const {
  constexpr std::uint32_t kDefault = 1500;  // what a new TUN has
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  auto request = request_for(name_);
  if (!socket.valid() || !request || ioctl(socket.get(), SIOCGIFMTU, &*request) != 0) {
    return kDefault;
  }
  return static_cast<std::uint32_t>(request->ifr_mtu);
}

}  // namespace rsip::agent
