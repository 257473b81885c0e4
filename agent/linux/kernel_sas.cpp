#include "agent/linux/kernel_sas.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/time.h>

#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "agent/linux/system_error.h"
#include "agent/linux/unique_fd.h"

namespace rsip::agent {
namespace {

constexpr int kAttempts = 3;  ///< At a list that did not change while it was read.
constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr timeval kKernelAnswersWithin{1, 0};
constexpr std::string_view kNeedsXfrm =
    "use a kernel with CONFIG_XFRM_USER, or load the module xfrm_user";

using Attributes = std::array<nlattr*, XFRMA_MAX + 1>;

Result<UniqueFd> open_xfrm(std::uint32_t groups) {
  UniqueFd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM));
  if (!fd.valid() && (errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT)) {
    return fail(ErrorKind::kOther, "the kernel has no IPsec (XFRM)", std::string(kNeedsXfrm));
  }
  if (!fd.valid()) return fail_errno(errno, "open an XFRM netlink socket");
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno(errno, "listen to XFRM netlink");
  }
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kKernelAnswersWithin, sizeof kKernelAnswersWithin);
  return fd;
}

/// An address is this host's if a socket can be bound to it.
bool is_local(Ipv4Address address) {
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address.value);
  return bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0;
}

Ipv4Address to_address(const xfrm_address_t& address) {
  return {ntohl(address.a4)};
}

/// A reserved SPI has no algorithm yet.
bool is_larval(const Attributes& attributes) {
  constexpr std::array kAlgorithms{XFRMA_ALG_AUTH, XFRMA_ALG_CRYPT, XFRMA_ALG_COMP, XFRMA_ALG_AEAD,
                                   XFRMA_ALG_AUTH_TRUNC};
  return std::ranges::none_of(kAlgorithms,
                              [&](int type) { return attributes.at(type) != nullptr; });
}

std::uint16_t local_encap_port(nlattr* attribute, const KernelSa& sa) {
  if (attribute == nullptr) return 0;
  const auto* const encap = static_cast<const xfrm_encap_tmpl*>(nla_data(attribute));
  return ntohs(is_local(sa.destination) ? encap->encap_dport : encap->encap_sport);
}

std::optional<KernelSa> read_sa(nlmsghdr* message) {
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof(xfrm_usersa_info))) return std::nullopt;
  Attributes attributes{};
  // Attributes of kernels newer than this are passed over.
  if (nlmsg_parse(message, sizeof(xfrm_usersa_info), attributes.data(), XFRMA_MAX, nullptr) < 0) {
    return std::nullopt;
  }
  const auto& info = *static_cast<const xfrm_usersa_info*>(NLMSG_DATA(message));
  const bool is_ipsec = info.id.proto == IPPROTO_ESP || info.id.proto == IPPROTO_AH;
  if (info.family != AF_INET || !is_ipsec) return std::nullopt;
  KernelSa sa{info.id.proto,
              to_address(info.saddr),
              to_address(info.id.daddr),
              ntohl(info.id.spi),
              is_larval(attributes),
              info.mode == XFRM_MODE_TUNNEL,
              0};
  nlattr* const encap = attributes.at(XFRMA_ENCAP);
  const bool whole =
      encap != nullptr && nla_len(encap) >= static_cast<int>(sizeof(xfrm_encap_tmpl));
  sa.encap_port = local_encap_port(whole ? encap : nullptr, sa);
  return sa;
}

/// One reading of the list.
struct Dump {
  std::vector<KernelSa> sas;
  bool complete = false;
  bool interrupted = false;  ///< It changed meanwhile.
  int error = 0;

  void take(nlmsghdr* message) {
    interrupted |= (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    if (message->nlmsg_type == NLMSG_DONE) complete = true;
    if (message->nlmsg_type == NLMSG_ERROR) take_error(message);
    if (message->nlmsg_type != XFRM_MSG_NEWSA) return;
    if (const auto sa = read_sa(message)) sas.push_back(*sa);
  }

 private:
  void take_error(nlmsghdr* message) {
    complete = true;
    error = EPROTO;
    if (message->nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr))) return;
    error = -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
  }
};

int request_list(int fd) {
  nlmsghdr request{};
  request.nlmsg_len = NLMSG_LENGTH(0);
  request.nlmsg_type = XFRM_MSG_GETSA;
  request.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  return send(fd, &request, request.nlmsg_len, 0) < 0 ? errno : 0;
}

Dump read_list(int fd) {
  Dump dump;
  dump.error = request_list(fd);
  alignas(nlmsghdr) std::array<std::uint8_t, kBufferBytes> buffer;
  while (dump.error == 0 && !dump.complete) {
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      dump.error = got < 0 ? errno : EPROTO;
      break;
    }
    int rest = static_cast<int>(got);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer.data());
    for (; nlmsg_ok(message, rest) && !dump.complete; message = nlmsg_next(message, &rest)) {
      dump.take(message);
    }
  }
  return dump;
}

}  // namespace

Result<std::vector<KernelSa>> LinuxKernelSas::list() {
  const auto fd = open_xfrm(0);
  if (!fd) return tl::unexpected(fd.error());
  Dump dump = read_list(fd->get());
  for (int i = 1; i < kAttempts && dump.interrupted && dump.error == 0; ++i) {
    dump = read_list(fd->get());
  }
  if (dump.error != 0) return fail_errno(dump.error, "list the IPsec security associations");
  return std::move(dump.sas);
}

Result<void> LinuxKernelSas::start(std::function<void()> changed) {
  constexpr auto bit = [](int group) { return 1U << (group - 1); };
  auto fd = open_xfrm(bit(XFRMNLGRP_SA) | bit(XFRMNLGRP_EXPIRE));
  if (!fd) return tl::unexpected(fd.error());
  const int own = fcntl(fd->get(), F_DUPFD_CLOEXEC, 0);
  if (own < 0) return fail_errno(errno, "listen to XFRM netlink");
  news_.assign(own);
  changed_ = std::move(changed);
  wait_for_news();
  return {};
}

void LinuxKernelSas::stop() {
  changed_ = nullptr;
  boost::system::error_code ignored;
  news_.close(ignored);
}

void LinuxKernelSas::wait_for_news() {
  news_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [this](boost::system::error_code error) {
                     if (error || !changed_) return;
                     discard_news();
                     // A copy: it may call stop().
                     const auto changed = changed_;
                     changed();
                     if (changed_) wait_for_news();
                   });
}

// What changed is not read: whoever is called lists what there is now. A queue that ran over
// (ENOBUFS) is news as well.
void LinuxKernelSas::discard_news() {
  std::array<std::uint8_t, 256> start_of_message;
  for (;;) {
    const ssize_t got = recv(news_.native_handle(), start_of_message.data(),
                             start_of_message.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (got < 0 && errno != ENOBUFS && errno != EINTR) return;
  }
}

}  // namespace rsip::agent
