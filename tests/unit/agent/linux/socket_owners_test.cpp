#include "agent/linux/socket_owners.h"

#include <arpa/inet.h>
#include <fstream>
#include <netinet/in.h>
#include <pwd.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "agent/linux/unique_fd.h"
#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

constexpr Ipv4Address kHere{0x7F000001};
constexpr Ipv4Address kThere{0x7F000002};

sockaddr_in name_at(Ipv4Address address, std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address.value);
  name.sin_port = htons(port);
  return name;
}

/// A socket of this process, bound to a port that was free.
class OwnSocket {
 public:
  OwnSocket(int type, Ipv4Address address) : fd_(socket(AF_INET, type, 0)) {
    const sockaddr_in wanted = name_at(address, 0);
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&wanted), sizeof wanted), 0);
  }
  void listen() const { EXPECT_EQ(::listen(fd_.get(), 1), 0); }
  void connect(Ipv4Address address, std::uint16_t port) const {
    const sockaddr_in to = name_at(address, port);
    EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  [[nodiscard]] std::uint16_t port() const {
    sockaddr_in name{};
    socklen_t length = sizeof name;
    getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&name), &length);
    return ntohs(name.sin_port);
  }
  void close() { fd_ = UniqueFd(); }

 private:
  UniqueFd fd_;
};

std::optional<SocketOwner> owner_of(const HostSocket& socket,
                                    std::optional<std::uint32_t> only_user = std::nullopt) {
  const auto owners = LinuxSocketOwners().find({&socket, 1}, only_user);
  EXPECT_EQ(owners.size(), 1U);
  return owners.at(0);
}

std::string own_program() {
  std::string name;
  std::ifstream file("/proc/self/comm");
  std::getline(file, name);
  return name;
}

void expect_own(const std::optional<SocketOwner>& owner) {
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->user, getuid());
  EXPECT_EQ(owner->user_name, getpwuid(getuid())->pw_name);
  EXPECT_EQ(owner->process, static_cast<std::uint32_t>(getpid()));
  EXPECT_EQ(owner->program, own_program());
}

TEST(SocketOwnersTest, KnowsTheProcessOfAConnection) {
  const OwnSocket server(SOCK_STREAM, kThere);
  server.listen();
  const OwnSocket client(SOCK_STREAM, kHere);
  client.connect(kThere, server.port());
  expect_own(owner_of({IPPROTO_TCP, kHere, client.port(), kThere, server.port()}));
}

TEST(SocketOwnersTest, KnowsTheProcessOfADatagramSocketWithAndWithoutAPeer) {
  const OwnSocket connected(SOCK_DGRAM, kHere);
  connected.connect(kThere, 9);
  expect_own(owner_of({IPPROTO_UDP, kHere, connected.port(), kThere, 9}));
  const OwnSocket any(SOCK_DGRAM, {});
  expect_own(owner_of({IPPROTO_UDP, {0xCB00710A}, any.port(), kThere, 9}));
}

TEST(SocketOwnersTest, ASocketOfAnotherPeerAddressOrProtocolIsNotTaken) {
  const OwnSocket connected(SOCK_DGRAM, kHere);
  connected.connect(kThere, 9);
  EXPECT_FALSE(owner_of({IPPROTO_UDP, kHere, connected.port(), kThere, 10}));
  EXPECT_FALSE(owner_of({IPPROTO_UDP, kThere, connected.port(), kThere, 9}));
  EXPECT_FALSE(owner_of({IPPROTO_TCP, kHere, connected.port(), kThere, 9}));
}

TEST(SocketOwnersTest, LeavesOutTheSocketsOfOtherUsers) {
  const OwnSocket own(SOCK_DGRAM, kHere);
  const HostSocket name{IPPROTO_UDP, kHere, own.port(), kThere, 9};
  expect_own(owner_of(name, getuid()));
  EXPECT_FALSE(owner_of(name, getuid() + 1));
}

// Its packets are still on their way, and the kernel says that it is root's.
TEST(SocketOwnersTest, ASocketThatWasClosedBelongsToNobody) {
  OwnSocket server(SOCK_STREAM, kThere);
  server.listen();
  OwnSocket client(SOCK_STREAM, kHere);
  client.connect(kThere, server.port());
  const HostSocket name{IPPROTO_TCP, kHere, client.port(), kThere, server.port()};
  client.close();
  EXPECT_FALSE(owner_of(name));
}

TEST(SocketOwnersTest, FindsTheSocketOfAProgramThatSpeaksIpv6) {
  const UniqueFd fd(socket(AF_INET6, SOCK_DGRAM, 0));
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    GTEST_SKIP() << "this host has no IPv6";
  }
  socklen_t length = sizeof name;
  getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length);
  expect_own(owner_of({IPPROTO_UDP, kHere, ntohs(name.sin6_port), kThere, 9}));
}

using PingOwnersTest = rsip::fakes::PrivateNetwork;

TEST_F(PingOwnersTest, KnowsWhoPings) {
  run("echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range");
  const UniqueFd fd(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
  ASSERT_TRUE(fd.valid());
  const sockaddr_in wanted = name_at(kHere, 0x1234);
  ASSERT_EQ(bind(fd.get(), reinterpret_cast<const sockaddr*>(&wanted), sizeof wanted), 0);
  expect_own(owner_of({IPPROTO_ICMP, kHere, 0x1234, kThere, 0}));
  EXPECT_FALSE(owner_of({IPPROTO_ICMP, kHere, 0x1235, kThere, 0}));
}

TEST(SocketOwnersTest, AnswersManyInTheirOrder) {
  const OwnSocket one(SOCK_DGRAM, kHere);
  const OwnSocket two(SOCK_DGRAM, kHere);
  const std::vector<HostSocket> asked{{IPPROTO_UDP, kHere, one.port(), kThere, 9},
                                      {IPPROTO_UDP, kHere, 0, kThere, 9},
                                      {IPPROTO_UDP, kHere, two.port(), kThere, 9}};
  const auto owners = LinuxSocketOwners().find(asked, std::nullopt);
  ASSERT_EQ(owners.size(), 3U);
  expect_own(owners[0]);
  EXPECT_FALSE(owners[1]);
  expect_own(owners[2]);
}

}  // namespace
}  // namespace rsip::agent
