#include "agent/linux/network_monitor.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <sys/socket.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "agent/linux/system_error.h"
#include "agent/linux/unique_fd.h"

namespace rsip::agent {
namespace {

constexpr std::chrono::milliseconds kSpacing{200};
constexpr std::uint32_t kNews =
    RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE;

}  // namespace

Result<void> LinuxNetworkMonitor::start(std::function<void()> changed) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return fail_errno(errno, "open a netlink socket");
  socket_.assign(fd);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kNews;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno(errno, "listen to changes of the network");
  }
  changed_ = std::move(changed);
  wait_for_news();
  return {};
}

void LinuxNetworkMonitor::stop() {
  changed_ = nullptr;
  boost::system::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
}

void LinuxNetworkMonitor::wait_for_news() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this](boost::system::error_code error) {
                       if (!error && changed_) let_more_come();
                     });
}

void LinuxNetworkMonitor::let_more_come() {
  timer_.expires_after(kSpacing);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || !changed_) return;
    discard_news();
    // A copy: it may call stop().
    const auto changed = changed_;
    changed();
    if (changed_) wait_for_news();
  });
}

// What changed is not read: whoever is called looks at what there is now. A queue that ran over
// (ENOBUFS) is news as well.
void LinuxNetworkMonitor::discard_news() {
  std::array<std::uint8_t, 256> start_of_message;
  for (;;) {
    const ssize_t got = recv(socket_.native_handle(), start_of_message.data(),
                             start_of_message.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0 && errno != ENOBUFS && errno != EINTR) return;
  }
}

}  // namespace rsip::agent
