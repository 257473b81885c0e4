#include "agent/linux/kernel_sas.h"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstring>
#include <sys/socket.h>

#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>

#include "agent/linux/unique_fd.h"
#include "tests/fakes/private_network.h"

namespace rsip::agent {
namespace {

using namespace std::chrono_literals;

constexpr Ipv4Address kPeer{0xCB00710A};
constexpr Ipv4Address kLocal{0xCB007101};

/// Asks the kernel as an IKE daemon does. A kernel without ESP still reserves SPIs.
class IkeDaemon {
 public:
  /// True if the SPI is reserved now.
  bool reserve(std::uint32_t spi, std::uint8_t protocol = IPPROTO_ESP) const {
    xfrm_userspi_info body{};
    body.info.id.daddr.a4 = htonl(kLocal.value);
    body.info.id.proto = protocol;
    body.info.saddr.a4 = htonl(kPeer.value);
    body.info.family = AF_INET;
    body.info.mode = XFRM_MODE_TUNNEL;
    body.info.seq = spi;  // else the kernel takes it for the same request as the one before
    body.min = body.max = spi;
    return ask(XFRM_MSG_ALLOCSPI, NLM_F_REQUEST, &body, sizeof body) != NLMSG_ERROR;
  }
  void remove(std::uint32_t spi) const {
    xfrm_usersa_id body{};
    body.daddr.a4 = htonl(kLocal.value);
    body.spi = htonl(spi);
    body.family = AF_INET;
    body.proto = IPPROTO_ESP;
    ask(XFRM_MSG_DELSA, NLM_F_REQUEST | NLM_F_ACK, &body, sizeof body);
  }

 private:
  /// Type of the kernel's one answer.
  int ask(std::uint16_t type, std::uint16_t flags, const void* body, std::size_t bytes) const {
    struct {
      nlmsghdr header;
      std::uint8_t rest[1024];
    } message{};
    message.header.nlmsg_len = NLMSG_LENGTH(static_cast<std::uint32_t>(bytes));
    message.header.nlmsg_type = type;
    message.header.nlmsg_flags = flags;
    std::memcpy(message.rest, body, bytes);
    EXPECT_EQ(send(socket_.get(), &message, message.header.nlmsg_len, 0),
              static_cast<ssize_t>(message.header.nlmsg_len));
    EXPECT_GT(recv(socket_.get(), &message, sizeof message, 0), 0);
    return message.header.nlmsg_type;
  }

  UniqueFd socket_{socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM)};
};

class KernelSasTest : public rsip::fakes::PrivateNetwork {
 protected:
  void SetUp() override {
    PrivateNetwork::SetUp();
    if (IsSkipped()) return;
    const UniqueFd probe(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM));
    if (!probe.valid()) GTEST_SKIP() << "needs a kernel with XFRM";
  }

  std::vector<KernelSa> list() {
    auto listed = kernel_.list();
    EXPECT_TRUE(listed) << (listed ? "" : to_line(listed.error()));
    if (!listed) return {};
    std::ranges::sort(*listed, {}, &KernelSa::spi);
    return *listed;
  }

  boost::asio::io_context io_;
  LinuxKernelSas kernel_{io_};
};

TEST_F(KernelSasTest, ListsNothingWhereThereIsNothing) {
  EXPECT_TRUE(list().empty());
}

// H-212: an SPI is known as soon as a daemon has reserved it, before the peer hears of it.
TEST_F(KernelSasTest, ListsReservedSpisOfEspAndAh) {
  const IkeDaemon daemon;
  ASSERT_TRUE(daemon.reserve(0x1000));
  ASSERT_TRUE(daemon.reserve(0xf0000001, IPPROTO_AH));
  const auto sas = list();
  ASSERT_EQ(sas.size(), 2U);
  EXPECT_EQ(sas[0], (KernelSa{50, kPeer, kLocal, 0x1000, true, true, 0}));
  EXPECT_EQ(sas[1], (KernelSa{51, kPeer, kLocal, 0xf0000001, true, true, 0}));
}

TEST_F(KernelSasTest, ListsMoreThanOneBufferHolds) {
  const IkeDaemon daemon;
  for (std::uint32_t i = 0; i < 500; ++i) ASSERT_TRUE(daemon.reserve(0x1000 + i));
  EXPECT_EQ(list().size(), 500U);
}

TEST_F(KernelSasTest, LooksIntoItsOwnNetworkNamespaceAlone) {
  ASSERT_TRUE(IkeDaemon().reserve(0x1000));
  const int here = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(unshare(CLONE_NEWNET), 0);
  EXPECT_TRUE(list().empty());
  ASSERT_EQ(setns(here, CLONE_NEWNET), 0);
  close(here);
  EXPECT_EQ(list().size(), 1U);
}

TEST_F(KernelSasTest, ListsWhatIsInPlace) {
  run("ip addr add 203.0.113.1/32 dev lo");
  const std::string keys = " mode tunnel auth 'hmac(sha256)' 0x" + std::string(64, '1') +
                           " enc 'cbc(aes)' 0x" + std::string(32, '2');
  const std::string udp = " encap espinudp 4500 40001 0.0.0.0";
  const std::string in = "ip xfrm state add src 203.0.113.10 dst 203.0.113.1 proto esp spi 0x";
  if (const auto said = run(in + "1000" + keys); !said.empty()) {
    GTEST_SKIP() << "needs a kernel with ESP: " << said;
  }
  EXPECT_EQ(run(in + "1001" + keys + udp), "");
  EXPECT_EQ(run("ip xfrm state add src 203.0.113.1 dst 203.0.113.10 proto esp spi 0x1002" + keys +
                " encap espinudp 40001 4500 0.0.0.0"),
            "");
  const auto sas = list();
  ASSERT_EQ(sas.size(), 3U);
  EXPECT_EQ(sas[0], (KernelSa{50, kPeer, kLocal, 0x1000, false, true, 0}));
  EXPECT_EQ(sas[1], (KernelSa{50, kPeer, kLocal, 0x1001, false, true, 40001}));
  EXPECT_EQ(sas[2], (KernelSa{50, kLocal, kPeer, 0x1002, false, true, 40001}));
}

TEST_F(KernelSasTest, TellsOfAnEndOnceForWhatHappensTogether) {
  const IkeDaemon daemon;
  for (std::uint32_t spi = 0x1000; spi < 0x1010; ++spi) ASSERT_TRUE(daemon.reserve(spi));
  int calls = 0;
  ASSERT_TRUE(kernel_.start([&] { ++calls; }));
  io_.run_for(50ms);
  EXPECT_EQ(calls, 0);
  for (std::uint32_t spi = 0x1000; spi < 0x1010; ++spi) daemon.remove(spi);
  io_.restart();
  io_.run_for(100ms);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(list().empty());
}

TEST_F(KernelSasTest, IsSilentAfterStopAndKeepsNoLoopAlive) {
  const IkeDaemon daemon;
  ASSERT_TRUE(daemon.reserve(0x1000));
  int calls = 0;
  ASSERT_TRUE(kernel_.start([&] { ++calls; }));
  kernel_.stop();
  daemon.remove(0x1000);
  io_.run_for(1s);
  EXPECT_TRUE(io_.stopped());
  EXPECT_EQ(calls, 0);
}

TEST_F(KernelSasTest, WithoutTheRightToReadTheErrorSaysWhichIsMissing) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to give its rights away";
  ASSERT_EQ(seteuid(65534), 0);
  const auto listed = kernel_.list();
  ASSERT_EQ(seteuid(0), 0);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().kind, ErrorKind::kPermission);
  EXPECT_NE(listed.error().hint.find("CAP_NET_ADMIN"), std::string::npos);
}

}  // namespace
}  // namespace rsip::agent
