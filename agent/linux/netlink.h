#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include <netlink/msg.h>
#include <netlink/socket.h>

#include "common/base/ipv4.h"
#include "common/base/result.h"

namespace rsip::agent {

/// One rtnetlink request: a fixed header and attributes.
class NetlinkMessage {
 public:
  /// type     RTM_*
  /// flags    NLM_F_* beside NLM_F_REQUEST
  /// header   ifinfomsg, ifaddrmsg, rtmsg or fib_rule_hdr
  template <class Header>
  NetlinkMessage(int type, int flags, const Header& header) : NetlinkMessage(type, flags) {
    append_header(&header, sizeof header);
  }

  NetlinkMessage& put_u8(int attribute, std::uint8_t value);
  NetlinkMessage& put_u32(int attribute, std::uint32_t value);
  NetlinkMessage& put_address(int attribute, Ipv4Address value);

  [[nodiscard]] nl_msg* get() const { return message_.get(); }

 private:
  NetlinkMessage(int type, int flags);
  void append_header(const void* header, std::size_t bytes);

  std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message_;
};

/// A socket for rtnetlink requests, or those of another family. It stays in the network namespace
/// it was opened in.
class NetlinkSocket {
 public:
  using OnReply = std::function<void(nlmsghdr* reply)>;

  /// protocol   NETLINK_*; by default that of rtnetlink
  static Result<NetlinkSocket> open(int protocol = 0);

  /// Sends a request and waits for the kernel's answer, which always comes.
  ///
  /// on_reply   called for each message of the answer
  /// returns    0 or an errno value
  int talk(const NetlinkMessage& request, const OnReply& on_reply = {});

 private:
  explicit NetlinkSocket(nl_sock* socket) : socket_(socket, &nl_socket_free) {}

  std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket_;
};

/// Attributes of a reply after its fixed header; null where there is none.
template <class Header, std::size_t kMax>
class NetlinkAttributes {
 public:
  explicit NetlinkAttributes(nlmsghdr* reply)
      : valid_(nlmsg_parse(reply, sizeof(Header), attributes_, kMax, nullptr) >= 0) {}

  [[nodiscard]] nlattr* get(std::size_t type) const { return valid_ ? attributes_[type] : nullptr; }
  [[nodiscard]] std::uint32_t u32(std::size_t type, std::uint32_t otherwise) const {
    return get(type) == nullptr ? otherwise : nla_get_u32(get(type));
  }
  [[nodiscard]] std::uint8_t u8(std::size_t type, std::uint8_t otherwise) const {
    return get(type) == nullptr ? otherwise : nla_get_u8(get(type));
  }
  [[nodiscard]] Ipv4Address address(std::size_t type) const;

 private:
  nlattr* attributes_[kMax + 1] = {};
  bool valid_;
};

/// An IPv4 address attribute; unspecified if it is missing.
Ipv4Address address_of(nlattr* attribute);

template <class Header, std::size_t kMax>
Ipv4Address NetlinkAttributes<Header, kMax>::address(std::size_t type) const {
  return address_of(get(type));
}

}  // namespace rsip::agent
