#include "agent/linux/netlink.h"

#include <arpa/inet.h>
#include <new>

#include <linux/rtnetlink.h>
#include <netlink/netlink.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

/// What came back for one request.
struct Answer {
  const NetlinkSocket::OnReply& on_reply;
  int error = 0;
  bool complete = false;
};

int on_error(sockaddr_nl*, nlmsgerr* error, void* context) {
  auto& answer = *static_cast<Answer*>(context);
  answer.error = -error->error;
  answer.complete = true;
  return NL_STOP;
}

int on_end(nl_msg*, void* context) {
  static_cast<Answer*>(context)->complete = true;
  return NL_STOP;
}

int on_message(nl_msg* message, void* context) {
  const auto& answer = *static_cast<Answer*>(context);
  if (answer.on_reply) answer.on_reply(nlmsg_hdr(message));
  return NL_OK;
}

}  // namespace

NetlinkMessage::NetlinkMessage(int type, int flags)
    : message_(nlmsg_alloc_simple(type, NLM_F_REQUEST | flags), &nlmsg_free) {
  if (message_ == nullptr) throw std::bad_alloc();
}

void NetlinkMessage::append_header(const void* header, std::size_t bytes) {
  nlmsg_append(get(), const_cast<void*>(header), bytes, NLMSG_ALIGNTO);
}

NetlinkMessage& NetlinkMessage::put_u8(int attribute, std::uint8_t value) {
  nla_put_u8(get(), attribute, value);
  return *this;
}

NetlinkMessage& NetlinkMessage::put_u32(int attribute, std::uint32_t value) {
  nla_put_u32(get(), attribute, value);
  return *this;
}

NetlinkMessage& NetlinkMessage::put_address(int attribute, Ipv4Address value) {
  return put_u32(attribute, htonl(value.value));
}

Ipv4Address address_of(nlattr* attribute) {
  return attribute == nullptr ? Ipv4Address{} : Ipv4Address{ntohl(nla_get_u32(attribute))};
}

static_assert(NETLINK_ROUTE == 0);

Result<NetlinkSocket> NetlinkSocket::open(int protocol) {
  nl_sock* const socket = nl_socket_alloc();
  if (socket == nullptr) return fail_errno(ENOMEM, "open a netlink socket");
  NetlinkSocket opened(socket);
  if (const int error = nl_connect(socket, protocol); error < 0) {
    return fail(ErrorKind::kOther,
                std::string("cannot open a netlink socket: ") + nl_geterror(error));
  }
  return opened;
}

int NetlinkSocket::talk(const NetlinkMessage& request, const OnReply& on_reply) {
  Answer answer{on_reply};
  const std::unique_ptr<nl_cb, decltype(&nl_cb_put)> callbacks(nl_cb_alloc(NL_CB_DEFAULT),
                                                               &nl_cb_put);
  if (callbacks == nullptr) return ENOMEM;
  nl_cb_err(callbacks.get(), NL_CB_CUSTOM, on_error, &answer);
  nl_cb_set(callbacks.get(), NL_CB_ACK, NL_CB_CUSTOM, on_end, &answer);
  nl_cb_set(callbacks.get(), NL_CB_FINISH, NL_CB_CUSTOM, on_end, &answer);
  nl_cb_set(callbacks.get(), NL_CB_VALID, NL_CB_CUSTOM, on_message, &answer);
  if (nl_send_auto(socket_.get(), request.get()) < 0) return EIO;
  while (!answer.complete) {
    if (nl_recvmsgs(socket_.get(), callbacks.get()) < 0 && !answer.complete) return EIO;
  }
  return answer.error;
}

}  // namespace rsip::agent
